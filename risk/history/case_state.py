"""The materialised state of cases: refreshed from decisions, outcomes and case events."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from risk.facts.units import HOUR_MS
from risk.findings import OUTCOME_COUNTS, Finding, standing
from risk.history.driver import Row, insert, runner
from risk.history.schema_cases import cases

HEAD_START_MS = 4 * HOUR_MS
FIRST_MS = 24 * HOUR_MS
_LOOK_UP = 500


_KEPT = sa.select(cases).where(cases.c.refund_id == sa.bindparam("refund_id"))
_FOUND = f"""SELECT o.decided_by, o.verdict, o.known_at, o.decided_at FROM outcomes o
  WHERE o.refund_id = :refund_id AND {OUTCOME_COUNTS}"""
_DISPUTED = f"""SELECT o.refund_id FROM outcomes o WHERE {OUTCOME_COUNTS}
  GROUP BY o.refund_id HAVING COUNT(*) > 1"""
_COLUMNS = tuple(column.name for column in cases.columns)
_INSERT = f"""INSERT INTO cases ({", ".join(_COLUMNS)})
  VALUES ({", ".join("?" * len(_COLUMNS))})"""
_MARKS = {"ask": "asked_at", "escalate": "escalated_at", "appeal": "appealed_at"}
_MARKED = f"""SELECT e.action, MAX(e.at) FROM case_events e WHERE e.refund_id = :refund_id
  AND e.action IN ({", ".join(f"'{action}'" for action in _MARKS)}) GROUP BY e.action"""


def rank(respond_by: int, stake: float, *, first: bool) -> int:
    """The place in the queue, smallest first: money buys time.

    Each doubling of the money at stake (major units of the policy's currency) is worth four hours
    of the deadline, and what goes first a day more. The order of two cases never depends on the
    present moment, so an index keeps it.
    """
    ahead = HEAD_START_MS * math.log2(1.0 + max(stake, 0.0)) + (FIRST_MS if first else 0)
    return respond_by - round(ahead)


def upsert_case(connection: sa.Connection, decided: Row) -> None:
    """Bring a case up to its newest decision; a request that never needed a person has no case.

    `decided` holds the columns of `cases` that a decision gives.
    """
    kept = connection.execute(_KEPT, {"refund_id": decided["refund_id"]}).mappings().first()
    if kept is None:
        if not decided["wanted"]:
            return
        row = {**decided, **_marks(connection, decided["refund_id"])}
        row |= {"opened_at": decided["decided_at"], "state": "open"}
        made = _settled(connection, row)
        insert(connection, _INSERT, [tuple(made.get(name) for name in _COLUMNS)])
        return
    row = {**kept, **decided, "asked_at": None}
    if kept["audit"]:
        row |= {name: kept[name] for name in ("audit", "audit_share", "selected_by")}
        row["wanted"] = True
    _save(connection, _settled(connection, row))


def refresh_case_state(connection: sa.Connection, refunds: Iterable[str]) -> None:
    """Open or close the cases of these requests, by the outcomes and events that now stand."""
    named = sorted(set(refunds))
    for start in range(0, len(named), _LOOK_UP):
        some = sa.select(cases).where(cases.c.refund_id.in_(named[start : start + _LOOK_UP]))
        for kept in connection.execute(some).mappings().all():
            marks = _marks(connection, kept["refund_id"], since=kept["decided_at"])
            _save(connection, _settled(connection, {**kept, **marks}))


def settle_disputed(connection: sa.Connection) -> None:
    """Bring every case in step on whose request more than one outcome counts."""
    disputed = runner(connection)(_DISPUTED, {})
    refresh_case_state(connection, [refund_id for (refund_id,) in disputed])


def _save(connection: sa.Connection, row: Row) -> None:
    values = {name: value for name, value in row.items() if name != "refund_id"}
    connection.execute(sa.update(cases).where(cases.c.refund_id == row["refund_id"]).values(values))


def _marks(connection: sa.Connection, refund_id: str, since: int = 0) -> dict[str, int | None]:
    """When the case was last asked about (since its newest decision), escalated and appealed."""
    marked = runner(connection)(_MARKED, {"refund_id": refund_id})
    latest = {action: int(at) for action, at in marked}
    if latest.get("ask", 0) <= since:
        latest.pop("ask", None)
    return {column: latest.get(action) for action, column in _MARKS.items()}


def _settled(connection: sa.Connection, row: Row) -> dict[str, Any]:
    """The row with its state: what stands, who found it, and its place in the queue."""
    rows = runner(connection)(_FOUND, {"refund_id": row["refund_id"]})
    found = [Finding(*outcome) for outcome in rows]
    stands = standing(found)
    is_open = _is_open(row, found)
    closed_at = None if is_open else max([o.known_at for o in found] or [row["decided_at"]])
    first = bool(row["priority"] or row["escalated_at"] or (is_open and row["appealed_at"]))
    held = {} if is_open else {"held_by": None, "held_until": None}
    return {
        **row,
        **held,
        "state": "open" if is_open else "closed",
        "closed_at": closed_at,
        "verdict": stands.verdict if stands else None,
        "found_by": stands.found_by if stands else None,
        "rank": rank(row["respond_by"], row["stake"], first=first),
    }


def _is_open(row: Row, found: Sequence[Finding]) -> bool:
    """An appeal keeps a case open until its own outcome; else any person's outcome closes it."""
    appealed = row["appealed_at"]
    if appealed is not None and not any(
        o.found_by == "appeal" and o.known_at > appealed for o in found
    ):
        return True
    return bool(row["wanted"]) and not found
