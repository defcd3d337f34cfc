"""The requests of a period by merchant, reason, category, courier, customer group: how they were
decided, and what was found of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import sqlalchemy as sa

from risk.cases.period import Period
from risk.findings import NEGATIVE_VERDICTS, POSITIVE_VERDICTS
from risk.history.schema import FACTS, claims, latest, requests
from risk.history.schema_cases import cases
from risk.history.schema_decisions import decisions

Part = Literal["merchant_id", "reason_code", "category", "courier", "customer_tier"]
PARTS: tuple[Part, ...] = get_args(Part)
LISTED = 12
"""So many values of a part are listed, those with most requests."""


@dataclass(slots=True)
class PartCount:
    """One value of a part: its requests by first tier, and how many were found to be what."""

    name: str
    tiers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    abusive: int = 0
    honest: int = 0

    @property
    def requests(self) -> int:
        return sum(self.tiers.values())


def counts_by_part(
    connection: sa.Connection, part: Part, period: Period, merchant: str | None = None
) -> list[PartCount]:
    """The requests first decided in a period, at a merchant or at all, by the values of a part, the
    most frequent first."""
    c, before = decisions.c, decisions.alias("before").c
    earlier = sa.exists().where(
        before.refund_id == c.refund_id,
        sa.tuple_(before.as_of, before.decision_id) < sa.tuple_(c.as_of, c.decision_id),
    )
    found_in = _requests(part, period).where(~earlier)
    if merchant:
        found_in = found_in.where(requests.c.merchant_id == merchant)
    one = found_in.subquery()
    query = sa.select(
        one.c.name,
        one.c.tier,
        sa.func.count().label("requests"),
        _number(one.c.verdict.in_(POSITIVE_VERDICTS)).label("abusive"),
        _number(one.c.verdict.in_(NEGATIVE_VERDICTS)).label("honest"),
    )
    query = query.where(one.c.name.is_not(None)).group_by(one.c.name, one.c.tier)
    found: dict[str, PartCount] = {}
    for row in connection.execute(query):
        count = found.setdefault(row.name, PartCount(row.name))
        count.tiers[row.tier] += int(row.requests)
        count.abusive += int(row.abusive)
        count.honest += int(row.honest)
    return sorted(found.values(), key=lambda one: (-one.requests, one.name))[:LISTED]


def _requests(part: Part, period: Period) -> sa.Select[Any]:
    """The decisions of a period, each with what its request is counted under and its finding."""
    c = decisions.c
    own = sa.and_(requests.c.refund_id == c.refund_id, latest(requests))
    query = (
        sa.select(_named(part).label("name"), c.tier, cases.c.verdict)
        .join_from(decisions, requests, own)
        .join(cases, cases.c.refund_id == c.refund_id, isouter=True)
        .where(c.decided_at >= period.since, c.decided_at < period.until)
    )
    if part == "courier":
        query = query.join(claims, sa.and_(claims.c.refund_id == c.refund_id, latest(claims)))
    return query


def _named(part: Part) -> sa.ColumnElement[Any]:
    """What a request is counted under: a column of its own, its parcel's courier, or what its shop
    calls the customer."""
    if part == "courier":
        return claims.c.courier
    if part == "customer_tier":
        o = FACTS["orders"].c
        group = sa.select(sa.func.min(o.customer_tier))
        return group.where(
            o.order_id == requests.c.order_id, latest(FACTS["orders"])
        ).scalar_subquery()
    return requests.c[part]


def _number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
