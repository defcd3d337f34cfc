"""Measures and formulas by hand, over what `naive` says is visible."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from risk.features.sources import BOUND, SHARED
from risk.features.spec import Feature, Measure
from tests.expressions import compiled
from tests.naive import MANY_CASES, Case
from tests.naive_revisions import Fact, Facts
from tests.naive_ring import ring_numbers

TIES = {
    "findings": ("refund_id", "authority"), "requests": ("refund_id",), "claims": ("refund_id",),
    "returns": ("refund_id", "inspected_at"), "sightings": ("customer_id",),
}  # fmt: skip
OWN = {"lines@order": "lines", "parcels@order": "parcels", "evidence@case": "evidence",
       "inspections@case": "inspections", "files@case": "case_files",
       "copies@case": "copies", "reuses@case": "reuses", "requests@order": "requests"}  # fmt: skip
FACT = ("fact_key",)
ENDED = ("delivered", "lost", "returned_to_sender")
COLUMN = {"customer": "customer_id", "merchant": "merchant_id"}

Keep = Callable[[Fact, Fact], bool]


def everybody(*_: Fact) -> bool:
    return True


def other_request(e: Fact, s: Fact) -> bool:
    return bool(e["refund_id"] != s["refund_id"])


def of_other_request(e: Fact, s: Fact) -> bool:
    """Of a request at all, which what was recorded of an order is not."""
    return e["refund_id"] is not None and other_request(e, s)


def other_order(e: Fact, s: Fact) -> bool:
    return bool(e["order_id"] != s["order_id"])


def other_customer(e: Fact, s: Fact) -> bool:
    return s["customer_id"] is not None and e["customer_id"] != s["customer_id"]


def own_other_request(e: Fact, s: Fact) -> bool:
    return other_request(e, s) and bool(e["customer_id"] == s["customer_id"])


KEEP: dict[str, Keep] = {
    **{f"{source}@{entity}": other_customer
       for source in ("requests", "findings") for entity in SHARED},
    **{f"{source}@{entity}": other_request
       for source in ("requests", "findings") for entity in ("customer", "merchant")},
    **{f"other_{source}@customer": other_order for source in ("requests", "findings")},
    "requests@sku": other_customer, "findings@sku": other_request,
    "findings@category": other_request, "returns@customer": other_request,
    "orders@customer": other_order, "orders@sku": other_order, "shipments@courier": other_order,
    "shipments@tracking": other_order, "claims@courier": other_customer,
    "evidence@photo": of_other_request,
    **{f"sightings@{entity}": other_customer for entity in ("ip", "tracking", "text")},
    "requests@order": other_request, "own_requests@sku": own_other_request,
}  # fmt: skip
"""Whose rows of a group count; of everybody's where it is not named."""


def rows_of(case: Case, group: str) -> list[Fact]:
    """The rows of a group that count: the latest `BOUND` of each entity the case touches."""
    source, entity = group.removeprefix("own_").removeprefix("other_").split("@")
    if source == "arrival":
        seen = [_at(case, "sightings", entity, key) for key in case.keys(entity)]
        return [row for rows in seen for row in rows if row["customer_id"] == case.s["customer_id"]]
    if group in OWN:
        own = case.own[OWN[group]]
        rows = _latest([row for row in own if row.get("kind") != "unanswered"], FACT)
    else:
        rows = []
        for key in dict.fromkeys(case.keys(entity)):
            rows += _latest(_at(case, source, entity, key), TIES.get(source, FACT))
    keep = KEEP.get(group, everybody)
    stands = [r for r in rows if source != "findings" or r["stands_until"] is None]
    return [row for row in stands if keep(row, case.s)]


def _at(case: Case, source: str, entity: str, key: Any) -> list[Fact]:
    known = case.past.facts.get(source) or getattr(case.past, source, [])
    if source == "sightings":
        return [row for row in known if (row["kind"], row["entity"]) == (entity, key)]
    if (source, entity) == ("shipments", "tracking"):
        known = [row for row in known if row["direction"] == "return"]
    if (source, entity) == ("shipments", "courier"):
        known = [row for row in known if row["status"] in ENDED]
    return [row for row in known if row[COLUMN.get(entity, entity)] == key]


def _latest(rows: Sequence[Fact], ties: Sequence[str]) -> list[Fact]:
    return sorted(rows, key=lambda row: (row["known_at"], *(row[t] for t in ties)))[-BOUND:]


def measured(case: Case, measure: Measure, rows: Sequence[Fact], ring: Fact) -> float:
    """The measure's number: NaN where it is unknown."""
    if measure.group == "ring":
        value = ring.get(measure.value)
        return measure.empty if value is None else float(value)
    if measure.group == "case":
        return _number(compiled(measure.value)({}, case.s))
    where = compiled(measure.where) if measure.where else everybody
    since = -math.inf if measure.window is None else case.s["as_of"] - measure.window
    until = math.inf if measure.window is None else case.s["as_of"]
    chosen = [e for e in rows if since <= e["known_at"] < until and where(e, case.s) is True]
    values = [compiled(measure.value)(e, case.s) for e in chosen]
    if measure.aggregate == "count":
        return float(len(values))
    values = [value for value in values if value is not None]
    if measure.aggregate == "distinct":
        return float(len(set(values)))
    if measure.aggregate == "sum":
        return float(sum(values))
    return _number((min if measure.aggregate == "min" else max)(values, default=None))


def _number(value: int | None) -> float:
    return math.nan if value is None else float(value)


def finished(feature: Feature, m: Sequence[float]) -> float:  # noqa: C901, PLR0911, PLR0912
    """The feature's formula, said again."""
    p = feature.params
    if feature.formula == "copy":
        return m[0] * p[0]
    if feature.formula == "share":
        return (m[0] + p[0]) / (m[1] + p[1])
    if feature.formula == "net":
        return m[0] - m[1] if m[0] > m[1] else 0.0
    if feature.formula == "net_share":
        return (max(m[0] - m[2], 0.0) + p[0]) / (m[1] + p[1])
    if feature.formula == "all_came":
        return 0.0 if outstanding(m[1:]) else m[0]
    if feature.formula == "all_came_elapsed":
        return math.nan if outstanding(m[2:]) else (m[0] - m[1]) / p[0]
    if feature.formula == "if_whole":
        return m[0] if m[0] > 1 and m[1] >= m[2] * p[0] else 0.0
    if feature.formula == "elapsed":
        return (m[0] - m[1]) / p[0]
    if feature.formula == "pace":
        return m[0] * p[0] / (m[1] - m[2]) if m[1] > m[2] else math.nan
    if feature.formula == "against":
        return m[0] * m[3] / (m[1] * m[2]) if m[1] * m[2] > 0 else math.nan
    if feature.formula == "ratio":
        return m[0] / m[1] if m[1] > 0 else math.nan
    if feature.formula == "unseen":
        return float(m[0] == 0 and m[1] > 0 and m[2] == 1)
    if feature.formula == "came_after":
        known = [moment for moment in m[:2] if not math.isnan(moment)]
        m = [min(known, default=math.nan), m[2]]
    if feature.formula == "live":
        return m[0] + (m[2] if m[3] >= 2 else m[1])
    if math.isnan(m[0]):
        return 0.0
    return p[0] if math.isnan(m[1]) else float(m[0] < m[1])


def outstanding(m: Sequence[float]) -> bool:
    """Whether one of several parcels had come and another had not: by number, else by line."""
    sent, came, sent_lines, came_lines, unnamed = m
    if unnamed or (sent and sent_lines):
        return False
    return 0 < came < sent or 0 < came_lines < sent_lines


def vector(
    facts: Facts,
    refund_id: str,
    as_of: int,
    features: Sequence[Feature],
    settled: int | None = None,
) -> NDArray[Any]:
    """The features of one request at one moment, in the order given; what many cases share was
    known before `settled`, which is that moment where none is given."""
    case = Case.of(facts, refund_id, as_of)
    shared = case if settled is None else case.settled(facts, settled)
    past = shared.past
    ring = ring_numbers(shared.s, past.sightings, past.requests, past.findings)
    wanted = {m for f in features for m in f.measures}
    groups = {m.group for m in wanted} - {"case", "ring"}
    seen_by = {g: shared if g.split("@")[1] in MANY_CASES else case for g in groups}
    rows = {group: rows_of(seen_by[group], group) for group in groups}
    numbers = {
        m: measured(seen_by.get(m.group, case), m, rows.get(m.group, ()), ring) for m in wanted
    }
    return np.array([finished(f, [numbers[m] for m in f.measures]) for f in features])
