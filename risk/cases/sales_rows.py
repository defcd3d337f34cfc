"""Orders by day, and when requests on them came: the rows behind targets and forecast."""

from __future__ import annotations

import sqlalchemy as sa

from risk.facts.units import DAY_MS
from risk.history.schema import FACTS, latest, requests

_orders, _refunds = FACTS["orders"], FACTS["refunds"]


def lines_by_category(connection: sa.Connection, since: int, until: int) -> dict[str, int]:
    """Order lines placed in a period, by category."""
    c = _orders.c
    query = sa.select(c.category, sa.func.count()).group_by(c.category)
    query = query.where(c.placed_at >= since, c.placed_at < until, latest(_orders))
    return {str(name): int(n) for name, n in connection.execute(query) if name is not None}


def orders_placed(connection: sa.Connection, since: int, until: int) -> int:
    """How many orders were placed in a period."""
    c = _orders.c
    query = sa.select(sa.func.count(sa.distinct(c.order_id)))
    query = query.where(c.placed_at >= since, c.placed_at < until, latest(_orders))
    return int(connection.execute(query).scalar_one())


def lines_by_day(connection: sa.Connection, since: int, offset: int) -> dict[int, int]:
    """Order lines by the day they were placed on, numbered on a clock `offset` ms ahead of UTC."""
    c = _orders.c
    day = ((c.placed_at + offset) // DAY_MS).label("day")
    query = sa.select(day, sa.func.count()).where(c.placed_at >= since, latest(_orders))
    return {int(on): int(n) for on, n in connection.execute(query.group_by(day))}


def requests_by_days(
    connection: sa.Connection, since: int, offset: int
) -> dict[tuple[int, int], int]:
    """Requests on orders placed since, by the days of order and of request."""
    r, f = requests.c, _refunds.c
    ordered = ((r.placed_at + offset) // DAY_MS).label("ordered")
    asked = ((f.requested_at + offset) // DAY_MS).label("asked")
    query = (
        sa.select(ordered, asked, sa.func.count())
        .join_from(_refunds, requests, sa.and_(r.refund_id == f.refund_id, latest(requests)))
        .where(f.requested_at >= since, r.placed_at >= since, latest(_refunds))
        .group_by(ordered, asked)
    )
    return {(int(a), int(b)): int(n) for a, b, n in connection.execute(query)}
