"""The requests of a period by merchant, reason, category, courier, customer group: how they were
decided, and what was found of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import sqlalchemy as sa

from risk.cases.figures.period import Period
from risk.findings import NEGATIVE_VERDICTS, POSITIVE_VERDICTS
from risk.history.schema import FACTS, claims, latest, requests
from risk.history.schema.schema_cases import cases
from risk.history.schema.schema_decisions import decisions

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
    connection: sa.Connection, period: Period, merchant: str | None = None
) -> dict[Part, list[PartCount]]:
    """The requests first decided in a period, at a merchant or at all, by the values of each part,
    the most frequent first."""
    found: dict[Part, dict[str, PartCount]] = {part: {} for part in PARTS}
    for tier, verdict, *names in connection.execute(_decided(period, merchant)):
        for part, name in zip(PARTS, names, strict=True):
            if name is None:
                continue
            count = found[part].setdefault(name, PartCount(name))
            count.tiers[tier] += 1
            count.abusive += verdict in POSITIVE_VERDICTS
            count.honest += verdict in NEGATIVE_VERDICTS
    return {part: _most_frequent(counts.values()) for part, counts in found.items()}


def _most_frequent(counts: Iterable[PartCount]) -> list[PartCount]:
    return sorted(counts, key=lambda one: (-one.requests, one.name))[:LISTED]


def _decided(period: Period, merchant: str | None) -> sa.Select[Any]:
    """The first decisions of requests in a period: tier, what was found, and all that the request
    is counted under."""
    c, before = decisions.c, decisions.alias("before").c
    earlier = sa.exists().where(
        before.refund_id == c.refund_id,
        sa.tuple_(before.as_of, before.decision_id) < sa.tuple_(c.as_of, c.decision_id),
    )
    own = sa.and_(requests.c.refund_id == c.refund_id, latest(requests))
    sent = sa.and_(claims.c.refund_id == c.refund_id, latest(claims))
    query = (
        sa.select(c.tier, cases.c.verdict, *(_named(part) for part in PARTS))
        .join_from(decisions, requests, own)
        .join(cases, cases.c.refund_id == c.refund_id, isouter=True)
        .join(claims, sent, isouter=True)
        .where(c.decided_at >= period.since, c.decided_at < period.until, ~earlier)
    )
    return query.where(requests.c.merchant_id == merchant) if merchant else query


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
