"""The queries of the queue: filters, order, pages, counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from risk.cases.lists.queue_order_rows import Cursor, OrderName, order_of
from risk.facts.units import DAY_MS, HOUR_MS
from risk.history.schema import latest, requests
from risk.history.schema.schema_cases import cases

SOON_MS = 4 * HOUR_MS
DUE: dict[str, int] = {"overdue": 0, "soon": SOON_MS, "day": DAY_MS}
"""Filters by deadline: at most so far from now (ms)."""

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters of the queue; None means any.

    Amounts are in 1/10,000 of the major unit. `held` is `free`, or who has claimed it.
    `ring` is the least number of linked customers. `q` finds a request, order or customer by id.
    """

    state: Literal["open", "closed"] = "open"
    tier: str | None = None
    reason: str | None = None
    type: str | None = None
    merchant: str | None = None
    currency: str | None = None
    due: str | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    ring: int | None = None
    audit: bool | None = None
    appealed: bool | None = None
    escalated: bool | None = None
    held: str | None = None
    team: str | None = None
    q: str | None = None
    order: OrderName = "rank"


def conditions(filters: Filters, now: int) -> list[Condition]:
    """The filters as SQL. A search looks through every case, open or closed."""
    if filters.q:
        return [_named(filters.q)]
    c = cases.c
    equal: tuple[tuple[sa.Column[Any], str | None], ...] = (
        (c.state, filters.state),
        (c.tier, filters.tier),
        (c.reason_code, filters.reason),
        (c.type, filters.type),
        (c.merchant_id, filters.merchant),
        (c.currency, filters.currency),
        (c.team, filters.team),
    )
    return [
        *(column == value for column, value in equal if value),
        *_bounds(filters, now),
        *_marks(filters),
        *([_held_by(filters.held, now)] if filters.held else []),
    ]


def _bounds(filters: Filters, now: int) -> list[Condition]:
    c = cases.c
    bounds: list[Condition] = []
    if filters.due in DUE:
        bounds.append(c.respond_by < now + DUE[filters.due])
    if filters.amount_from is not None:
        bounds.append(c.amount >= filters.amount_from)
    if filters.amount_to is not None:
        bounds.append(c.amount <= filters.amount_to)
    if filters.ring:
        bounds.append(c.linked >= filters.ring)
    return bounds


def _marks(filters: Filters) -> list[Condition]:
    c = cases.c
    marks = ((c.appealed_at, filters.appealed), (c.escalated_at, filters.escalated))
    wanted: list[Condition] = [
        column.is_not(None) if value else column.is_(None)
        for column, value in marks
        if value is not None
    ]
    if filters.audit is not None:
        wanted.append(c.audit.is_(filters.audit))
    return wanted


def _held_by(by: str, now: int) -> Condition:
    if by == "free":
        return sa.or_(cases.c.held_by.is_(None), cases.c.held_until <= now)
    return sa.and_(cases.c.held_by == by, cases.c.held_until > now)


def _named(q: str) -> Condition:
    """An id of a request (or its beginning), of an order, or of a customer."""
    begins = sa.and_(cases.c.refund_id >= q, cases.c.refund_id < q + "\U0010ffff")
    by_order, by_customer = (
        sa.select(requests.c.refund_id).where(column == q, latest(requests))
        for column in (requests.c.order_id, requests.c.customer_id)
    )
    by_name = sa.select(cases.c.refund_id).where(begins)
    return cases.c.refund_id.in_(sa.union_all(by_name, by_order, by_customer))


def read_page(
    connection: sa.Connection, filters: Filters, now: int, after: Cursor | None, limit: int
) -> list[dict[str, Any]]:
    """At most `limit` cases in order, after the cursor `after`; each with its `sort` value.

    What is sorted are the open cases, which the counts beside the page go through too; closed ones
    are read from their index in the order in which they were closed.
    """
    order = order_of(filters.order, filters.state, now)
    query = _of_requests(order.by).where(*conditions(filters, now)).limit(limit)
    if after is not None:
        query = query.where(order.behind(after))
    return [dict(row) for row in connection.execute(order.sorted(query)).mappings()]


def place_of(
    connection: sa.Connection, filters: Filters, now: int, row: Mapping[str, Any]
) -> Cursor | None:
    """Where a case stands in the order of these filters; None where it has no place in it."""
    by, refund_id = order_of(filters.order, filters.state, now).by, str(row["refund_id"])
    if isinstance(by, sa.Column) and by.table is cases:
        value = row[by.name]
    else:
        query = _of_requests(by).where(cases.c.refund_id == refund_id)
        found = connection.execute(query).first()
        value = found.sort if found else None
    return None if value is None else (value, refund_id)


def next_after(connection: sa.Connection, filters: Filters, now: int, place: Cursor) -> str | None:
    """The request after a place in the order of these filters; None after the last."""
    order = order_of(filters.order, filters.state, now)
    query = sa.select(cases.c.refund_id)
    query = _joined(query) if filters.order == "customer" else query
    query = query.where(*conditions(filters, now), order.behind(place))
    return connection.execute(order.sorted(query).limit(1)).scalar()


def _of_requests(by: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return _joined(sa.select(cases, by.label("sort"), requests.c.customer_id, requests.c.order_id))


def _joined(query: sa.Select[Any]) -> sa.Select[Any]:
    own = sa.and_(requests.c.refund_id == cases.c.refund_id, latest(requests))
    return query.join_from(cases, requests, own, isouter=True)


def count_matching(connection: sa.Connection, filters: Filters, now: int) -> int:
    """How many cases match the filters."""
    query = sa.select(sa.func.count()).select_from(cases).where(*conditions(filters, now))
    return int(connection.execute(query).scalar_one())


def count_opened(connection: sa.Connection, filters: Filters, now: int, since: int) -> int:
    """How many cases that match the filters were opened, or decided anew, after `since` (ms)."""
    query = sa.select(sa.func.count()).select_from(cases).where(*conditions(filters, now))
    return int(connection.execute(query.where(cases.c.decided_at > since)).scalar_one())


def count_open(connection: sa.Connection, who: str, team: str, now: int) -> dict[str, int]:
    """Numbers of open cases: `open`, by deadline, under appeal, escalated, free, `who` holds, of
    their team."""
    c = cases.c

    def number(condition: Condition) -> sa.ColumnElement[int]:
        return sa.func.count().filter(condition)

    query = sa.select(
        sa.func.count().label("open"),
        *(number(c.respond_by < now + within).label(name) for name, within in DUE.items()),
        number(c.appealed_at.is_not(None)).label("appealed"),
        number(c.escalated_at.is_not(None)).label("escalated"),
        number(_held_by("free", now)).label("free"),
        number(_held_by(who, now)).label("mine"),
        number(c.team == team).label("team"),
    ).where(c.state == "open")
    return {name: int(value) for name, value in connection.execute(query).mappings().one().items()}
