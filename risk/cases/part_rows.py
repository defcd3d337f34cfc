"""The requests of a period by merchant, stated reason, category: decided how, found out as what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

import sqlalchemy as sa

from risk.findings import NEGATIVE_VERDICTS, POSITIVE_VERDICTS
from risk.history.schema import latest, requests
from risk.history.schema_cases import cases
from risk.history.schema_decisions import decisions

Part = Literal["merchant_id", "reason_code", "category"]
PARTS: tuple[Part, ...] = ("merchant_id", "reason_code", "category")
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


def counts_by_part(connection: sa.Connection, part: Part, since: int) -> list[PartCount]:
    """The requests first decided since (ms) by the values of a part, the most frequent first."""
    c, before = decisions.c, decisions.alias("before").c
    earlier = sa.exists().where(
        before.refund_id == c.refund_id,
        sa.tuple_(before.as_of, before.decision_id) < sa.tuple_(c.as_of, c.decision_id),
    )
    name = requests.c[part]
    own = sa.and_(requests.c.refund_id == c.refund_id, latest(requests))
    query = (
        sa.select(
            name.label("name"),
            c.tier,
            sa.func.count().label("requests"),
            _number(cases.c.verdict.in_(POSITIVE_VERDICTS)).label("abusive"),
            _number(cases.c.verdict.in_(NEGATIVE_VERDICTS)).label("honest"),
        )
        .join_from(decisions, requests, own)
        .join(cases, cases.c.refund_id == c.refund_id, isouter=True)
        .where(c.decided_at >= since, ~earlier, name.is_not(None))
        .group_by(name, c.tier)
    )
    found: dict[str, PartCount] = {}
    for row in connection.execute(query):
        one = found.setdefault(row.name, PartCount(row.name))
        one.tiers[row.tier] += int(row.requests)
        one.abusive += int(row.abusive)
        one.honest += int(row.honest)
    return sorted(found.values(), key=lambda one: (-one.requests, one.name))[:LISTED]


def _number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
