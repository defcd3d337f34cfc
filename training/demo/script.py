"""The demo's day as calls of the API: each with its place in the day and facts to be sent.

Times are relative to the moment a call is made: what came before keeps its distance, what happens
within the day happens as it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from training.demo.cast import Cast

OPENS, CLOSES = 7, 24
LAST = 0.9
EVENING = 0.78
STEP = 0.02
BATCHES = 60
JUST_NOW = timedelta(seconds=1)
Facts = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Call:
    """Facts of one `kind` at a place in the day (0 to 1).

    A `timedelta` among their values is so long before the call. A refund is decided, with what
    else belongs to `refund_id`; later facts about it have it decided again.
    """

    at: float
    kind: str
    facts: Facts
    refund_id: str = ""

    def facts_at(self, now: datetime) -> Facts:
        """The facts as the API reads them, at this moment."""
        return [
            {name: _as_written(value, now) for name, value in fact.items()} for fact in self.facts
        ]


def _as_written(value: Any, now: datetime) -> Any:
    return (now - value).isoformat() if isinstance(value, timedelta) else value


def script(played: Cast, stamp: str, seed: int) -> list[Call]:
    """All calls of a day in order. Ids carry the stamp, so that a day can follow another. Whatever
    their hours, requests about one order come in the order in which they were made."""
    rng, calls, last = np.random.default_rng(seed), list[Call](), dict[str, float]()
    for case in _cases(played):
        order = str(case.refund["order_id"])
        at = _place(rng, case.refund["requested_at"], str(case.refund["scene"]))
        at = last[order] = min(max(at, last.get(order, 0.0) + STEP), LAST)
        calls += _case(rng, case, stamp, at)
    calls += _sales(rng, played.bought, stamp, (0.0, 1.0), BATCHES)
    calls += _sales(rng, played.show, stamp, (EVENING - 0.12, EVENING - 0.08), 6)
    return sorted(calls, key=lambda call: call.at)


@dataclass(frozen=True, slots=True)
class _Case:
    """A request with everything about it, rows by kind."""

    refund: Mapping[str, Any]
    rows: Mapping[str, Facts]


def _cases(played: Cast) -> Iterator[_Case]:
    """Every request, the oldest first; the rows of its order go with the first about that order."""
    by_refund = {kind: _grouped(played.facts[kind], "refund_id")
                 for kind in ("evidence", "inspections")}  # fmt: skip
    by_order = {kind: _grouped(played.facts[kind], "order_id") for kind in ("orders", "shipments")}
    for refund in _records(played.facts["refunds"].sort_values("requested_at")):
        order, refund_id = refund["order_id"], refund["refund_id"]
        own = {kind: rows.get(refund_id, []) for kind, rows in by_refund.items()}
        lines = by_order["orders"].pop(order, [])
        parcels = by_order["shipments"].get(order, [])
        mine = [row for row in parcels if row["refund_id"] == refund_id]
        outbound = [row for row in parcels if lines and pd.isna(row["refund_id"])]
        yield _Case(refund, {**own, "orders": lines, "shipments": [*outbound, *mine]})


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as facts by column name."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _grouped(frame: pd.DataFrame, column: str) -> dict[str, Facts]:
    return {str(key): _records(rows) for key, rows in frame.groupby(column, sort=False)}


_WHEN = {"shipments": "occurred_at", "evidence": "submitted_at", "inspections": "inspected_at"}


def _case(rng: np.random.Generator, case: _Case, stamp: str, at: float) -> Iterator[Call]:
    """The order and its parcels, the request, then one after the other what came later."""
    asked, refund_id = case.refund["requested_at"], f"{stamp}-{case.refund['refund_id']}"
    before = {kind: [row for row in case.rows[kind] if row[when] <= asked]
              for kind, when in _WHEN.items()}  # fmt: skip
    for kind in ("orders", "shipments"):
        rows = case.rows["orders"] if kind == "orders" else before[kind]
        if rows:
            yield Call(at - STEP, kind, [_fact(row, asked, stamp) for row in rows])
    yield Call(at, "refunds", [_fact(case.refund, asked, stamp)], refund_id)
    later = [(row[when], kind, row) for kind, when in _WHEN.items() for row in case.rows[kind]
             if kind == "evidence" or row[when] > asked]  # fmt: skip
    for _, kind, row in sorted(later, key=lambda item: item[0]):
        at = min(at + STEP * float(rng.uniform(0.5, 1.5)), 1.0)
        yield Call(at, kind, [_fact(row, min(row[_WHEN[kind]], asked), stamp)], refund_id)


def _place(rng: np.random.Generator, asked: pd.Timestamp, scene: str) -> float:
    """When in the played day a request comes: by its hour, and the rush all at once."""
    if scene == "rush":
        return EVENING + float(rng.uniform(0, 0.04))
    hour = asked.hour + asked.minute / 60
    share = (hour - OPENS) / (CLOSES - OPENS) if hour >= OPENS else float(rng.random())
    return 2 * STEP + (LAST - 2 * STEP) * share


def _sales(
    rng: np.random.Generator, lines: pd.DataFrame, stamp: str, span: tuple[float, float], many: int
) -> Iterator[Call]:
    """Orders of the day itself, some at a time."""
    low, high = span
    for number, rows in enumerate(np.array_split(np.arange(len(lines)), many)):
        facts = [_fact(row, row["placed_at"], stamp) for row in _records(lines.iloc[rows])]
        if facts:
            yield Call(low + (high - low) * (number + float(rng.random())) / many, "orders", facts)


_LEFT_OUT = ("known_at", "scene")
_IDS = ("order_id", "refund_id", "evidence_id")


def _fact(row: Mapping[str, Any], now: pd.Timestamp, stamp: str) -> dict[str, Any]:
    """A row without what is unknown; its times count back from `now`, and none lies ahead."""
    known = {k: v for k, v in row.items() if k not in _LEFT_OUT and not pd.isna(v)}
    return {name: _value(name, value, now, stamp) for name, value in known.items()}


def _value(name: str, value: Any, now: pd.Timestamp, stamp: str) -> Any:
    if name in _IDS:
        return f"{stamp}-{value}"
    if isinstance(value, pd.Timestamp):
        ago = (now - value).to_pytimedelta()
        return ago if name == "respond_by" else max(ago, timedelta()) + JUST_NOW
    if name in ("quantity", "weight_g"):
        return int(value)
    return value if isinstance(value, bool) else str(value)
