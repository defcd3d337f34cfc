"""The queries of the overview, each bounded by its time window."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa

from risk.cases.figures.period import Period
from risk.facts.units import DAY_MS
from risk.findings import NEGATIVE_VERDICTS, POSITIVE_VERDICTS
from risk.history.schema import FACTS, SENT, claims, latest, requests
from risk.history.schema.schema_cases import cases
from risk.history.schema.schema_decisions import bothered, decisions
from risk.history.schema.schema_models import policies

PAYING = ("refunded", "partly_refunded", "exchanged")
"""Resolutions that give the customer something."""

RINGS = ((0, 0), (1, 2), (3, 5), (6, 12), (13, 10**9))
"""Sizes of rings that are counted together, both ends included."""

Dimension = Literal["category", "sku", "merchant_id", "courier"]
DIMENSIONS: tuple[Dimension, ...] = ("category", "sku", "merchant_id", "courier")
_refunds, _orders, _shipments = FACTS["refunds"], FACTS["orders"], FACTS["shipments"]


def tiers_by_day(
    connection: sa.Connection, period: Period, offset: int, merchant: str | None = None
) -> dict[tuple[int, str], int]:
    """First answers by (day, tier), at whatever stage a request was first decided; days are
    numbered on a clock `offset` ms ahead of UTC."""
    c, before = decisions.c, decisions.alias("before").c
    earlier = sa.exists().where(
        before.refund_id == c.refund_id,
        sa.tuple_(before.as_of, before.decision_id) < sa.tuple_(c.as_of, c.decision_id),
    )
    day = ((c.decided_at + offset) // DAY_MS).label("day")
    query = (
        sa.select(day, c.tier, sa.func.count())
        .where(c.decided_at >= period.since, c.decided_at < period.until, ~earlier)
        .group_by(day, c.tier)
    )
    if merchant:
        own = sa.and_(requests.c.refund_id == c.refund_id, latest(requests))
        query = query.join(requests, own).where(requests.c.merchant_id == merchant)
    return {(int(at), str(tier)): int(n) for at, tier, n in connection.execute(query)}


def _of(merchant: str | None) -> sa.ColumnElement[bool]:
    """The cases of a merchant, or all."""
    return cases.c.merchant_id == merchant if merchant else sa.true()


def closed(
    connection: sa.Connection, period: Period, merchant: str | None = None
) -> dict[str, float]:
    """Counts of the cases closed in a period: in time, abusive, honest; honest ones whose customer
    was bothered (`friction`) or waited for shop or courier (`waited`); the money of abusive ones
    that was held and not paid afterwards (`kept`)."""
    c = cases.c
    abusive = c.verdict.in_(POSITIVE_VERDICTS)
    honest = c.verdict.in_(NEGATIVE_VERDICTS)

    def total(condition: sa.ColumnElement[bool], value: Any = 1) -> sa.ColumnElement[Any]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, value), else_=0)), 0)

    query = sa.select(
        sa.func.count().label("closed"),
        total(c.closed_at <= c.respond_by).label("in_time"),
        total(abusive).label("abusive"),
        total(honest).label("honest"),
        total(sa.and_(honest, bothered)).label("friction"),
        total(sa.and_(honest, c.tier != "approve", ~bothered)).label("waited"),
        total(sa.and_(abusive, c.tier != "approve"), c.stake * _unpaid()).label("kept"),
    ).join_from(cases, decisions, decisions.c.decision_id == c.decision_id, isouter=True)
    query = query.where(
        c.state == "closed",
        c.closed_at >= period.since,
        c.closed_at < period.until,
        c.found_by.is_not(None),
        _of(merchant),
    )
    return {k: float(v) for k, v in connection.execute(query).mappings().one().items()}


def _unpaid() -> sa.ColumnElement[Any]:
    """The share of a case's amount that its outcomes did not pay; 0 where none says what was
    done. A payment without an amount is taken for all of it."""
    o, amount = FACTS["outcomes"].c, cases.c.amount
    in_full = sa.case((o.resolution.in_(PAYING), amount), else_=0)
    most = sa.select(sa.func.max(sa.func.coalesce(o.amount, in_full))).where(
        o.refund_id == cases.c.refund_id, latest(FACTS["outcomes"]), o.resolution.is_not(None)
    )
    unpaid = amount - sa.func.coalesce(most.scalar_subquery(), amount)
    return sa.case((unpaid > 0, unpaid / sa.cast(amount, sa.Double)), else_=0.0)


def waiting(connection: sa.Connection, now: int, merchant: str | None = None) -> dict[str, float]:
    """Of the open cases: how many, how many overdue, and the money at stake in them."""
    c = cases.c
    overdue = sa.func.sum(sa.case((c.respond_by < now, 1), else_=0))
    query = sa.select(
        sa.func.count().label("open"),
        sa.func.coalesce(overdue, 0).label("overdue"),
        sa.func.coalesce(sa.func.sum(c.stake), 0.0).label("stake"),
    ).where(c.state == "open", _of(merchant))
    return {k: float(v) for k, v in connection.execute(query).mappings().one().items()}


def rings(
    connection: sa.Connection, period: Period, merchant: str | None = None
) -> list[tuple[int, int]]:
    """Cases opened in a period by the size of their ring (`RINGS`), with those linked to abuse."""
    c = cases.c
    columns: list[sa.ColumnElement[int]] = []
    for low, high in RINGS:
        within = c.linked.between(low, high)
        for condition in (within, sa.and_(within, c.linked_fraud > 0)):
            counted = sa.func.sum(sa.case((condition, 1), else_=0))
            columns.append(sa.func.coalesce(counted, 0))
    opened = sa.and_(c.opened_at >= period.since, c.opened_at < period.until)
    query = sa.select(*columns).where(opened, _of(merchant))
    row = [int(n) for n in connection.execute(query).one()]
    return list(zip(row[::2], row[1::2], strict=True))


def requested(connection: sa.Connection, since: int, merchant: str | None = None) -> list[Any]:
    """The requests since, of a merchant or of all: (requested_at, category, sku, merchant_id,
    courier)."""
    query = (
        sa.select(
            _refunds.c.requested_at,
            requests.c.category,
            requests.c.sku,
            requests.c.merchant_id,
            claims.c.courier,
        )
        .join_from(
            _refunds,
            requests,
            sa.and_(requests.c.refund_id == _refunds.c.refund_id, latest(requests)),
        )
        .join(
            claims,
            sa.and_(claims.c.refund_id == _refunds.c.refund_id, latest(claims)),
            isouter=True,
        )
        .where(_refunds.c.requested_at >= since, latest(_refunds))
    )
    if merchant:
        query = query.where(requests.c.merchant_id == merchant)
    return list(connection.execute(query))


def ordered(
    connection: sa.Connection, dimension: Dimension, since: int, names: list[str],
    merchant: str | None = None,
) -> dict[str, int]:  # fmt: skip
    """Order lines placed (parcels sent for `courier`, which are nobody's) since, of a merchant or
    of all, counted by the values of a dimension."""
    table = _shipments if dimension == "courier" else _orders
    at = _shipments.c.occurred_at if dimension == "courier" else _orders.c.placed_at
    key = table.c[dimension]
    query = (
        sa.select(key, sa.func.count())
        .where(key.in_(names), at >= since, latest(table))
        .group_by(key)
    )
    if merchant:
        query = query.where(_orders.c.merchant_id == merchant)
    if dimension == "courier":
        query = query.where(sa.text(SENT))
    return {str(name): int(n) for name, n in connection.execute(query)}


def policy_in_force(connection: sa.Connection) -> tuple[str, str] | None:
    """Version and content of the policy of the latest decision."""
    latest = sa.select(decisions.c.policy_version).order_by(decisions.c.decided_at.desc()).limit(1)
    version = connection.execute(latest).scalar()
    query = sa.select(policies.c.version, policies.c.content).where(policies.c.version == version)
    row = connection.execute(query).first()
    return None if row is None else (str(row.version), str(row.content))
