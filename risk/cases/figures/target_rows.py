"""What the policy aims at, beside what is: returns, complaints, first answers, satisfaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import sqlalchemy as sa

from risk.cases.figures.part_rows import PartCount
from risk.cases.figures.period import Period
from risk.cases.figures.sales_rows import lines_by_category, orders_placed
from risk.facts.units import HOUR_MS
from risk.history.schema import FACTS, latest
from risk.history.schema.schema_cases import case_events, cases
from risk.policy.review_sections import Targets

Measure = Literal["return_rate", "complaints", "first_answer", "satisfaction"]

FEWEST_LINES = 30
"""A category with fewer order lines in the period has no rate to speak of."""

SATISFIED = 4
ANSWERS = ("ask", "call", "offer", "finding")


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A number beside its target: a share, or hours for `first_answer`; `of` is the category of a
    return rate, else empty, `count` how many orders, lines, cases or answers it rests on.

    >>> TargetLine("satisfaction", "", 0.9, 0.95, 20).met
    False
    >>> TargetLine("complaints", "", 0.004, 0.005, 1000).met
    True
    """

    measure: Measure
    of: str
    value: float
    target: float
    count: int

    @property
    def met(self) -> bool:
        if self.measure == "satisfaction":
            return self.value >= self.target
        return self.value <= self.target


def target_lines(
    connection: sa.Connection,
    targets: Targets | None,
    period: Period,
    categories: Sequence[PartCount],
) -> list[TargetLine]:
    """Every target with what is measured of it in a period; none where the policy sets none."""
    if targets is None:
        return []
    return [
        *_return_rates(connection, targets, period, categories),
        *_complaints(connection, targets, period),
        *_first_answer(connection, targets, period),
        *_satisfaction(connection, targets, period),
    ]


def _return_rates(
    connection: sa.Connection, targets: Targets, period: Period, categories: Sequence[PartCount]
) -> Iterator[TargetLine]:
    lines = lines_by_category(connection, period.since, period.until)
    for one in categories:
        target, sold = targets.return_rate_of(one.name), lines.get(one.name, 0)
        if target is not None and sold >= FEWEST_LINES:
            yield TargetLine("return_rate", one.name, one.requests / sold, target, sold)


def _complaints(
    connection: sa.Connection, targets: Targets, period: Period
) -> Iterator[TargetLine]:
    """Requests that the platform passed on and payment disputes that were opened, an order."""
    r, d = FACTS["refunds"].c, FACTS["payment_disputes"].c
    passed_on = sa.select(sa.func.count()).where(
        r.forwarded_by == "platform", r.requested_at >= period.since,
        r.requested_at < period.until, latest(FACTS["refunds"]),
    )  # fmt: skip
    disputed = sa.select(sa.func.count()).where(
        d.stage == "opened", d.occurred_at >= period.since, d.occurred_at < period.until,
        latest(FACTS["payment_disputes"]),
    )  # fmt: skip
    if orders := orders_placed(connection, period.since, period.until):
        count = sum(int(connection.execute(one).scalar_one()) for one in (passed_on, disputed))
        yield TargetLine("complaints", "", count / orders, targets.complaints, orders)


def _first_answer(
    connection: sa.Connection, targets: Targets, period: Period
) -> Iterator[TargetLine]:
    """The median hours from a case's opening to the first question, offer or finding."""
    c, e = cases.c, case_events.c
    query = (
        sa.select(sa.func.min(e.at) - c.opened_at)
        .join_from(case_events, cases, c.refund_id == e.refund_id)
        .where(e.at >= period.since, e.action.in_(ANSWERS), e.at >= c.opened_at)
        .where(c.opened_at >= period.since, c.opened_at < period.until)
        .group_by(c.refund_id, c.opened_at)
    )
    hours = [ms / HOUR_MS for ms in connection.execute(query).scalars()]
    if hours:
        target = targets.first_answer_hours
        yield TargetLine("first_answer", "", median(hours), target, len(hours))


def _satisfaction(
    connection: sa.Connection, targets: Targets, period: Period
) -> Iterator[TargetLine]:
    """The share of the customers' answers that are good."""
    f = FACTS["feedback"].c
    good = sa.func.sum(sa.case((f.satisfaction >= SATISFIED, 1), else_=0))
    query = sa.select(sa.func.count(), good).where(
        f.answered_at >= period.since, f.answered_at < period.until, latest(FACTS["feedback"])
    )
    count, satisfied = connection.execute(query).one()
    if count:
        share = int(satisfied) / int(count)
        yield TargetLine("satisfaction", "", share, targets.satisfaction, int(count))
