"""Orders by day, and when requests on them came: the rows behind targets and forecast."""

from __future__ import annotations

import sqlalchemy as sa

from risk.facts.units import DAY_MS
from risk.history.schema import FACTS, latest, requests

_orders = FACTS["orders"]


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


def lines_by_day(connection: sa.Connection, first: int, until: int, offset: int) -> dict[int, int]:
    """Order lines by the day they were placed on, from the first up to, not with, `until`; days are
    numbered on a clock `offset` ms ahead of UTC.

    Each day is counted in the index by itself: sorted by day, the lines take twice as long.
    """
    c = _orders.c
    day = sa.select(sa.cast(first, sa.BigInteger).label("day")).cte("days", recursive=True)
    day = day.union_all(sa.select(day.c.day + 1).where(day.c.day + 1 < until))
    begins = day.c.day * DAY_MS - offset
    placed = sa.and_(c.placed_at >= begins, c.placed_at < begins + DAY_MS, latest(_orders))
    lines = sa.select(sa.func.count()).where(placed).scalar_subquery()
    return {int(on): int(n) for on, n in connection.execute(sa.select(day.c.day, lines)) if n}


def requests_by_days(
    connection: sa.Connection, since: int, offset: int
) -> dict[tuple[int, int], int]:
    """Requests on orders placed since, by the days of order and of request.

    The table is read through: unless it holds more than three years, that takes less than finding
    the requests of these months one by one.
    """
    r = requests.c
    ordered = ((r.placed_at + offset) // DAY_MS).label("ordered")
    asked = ((r.requested_at + offset) // DAY_MS).label("asked")
    query = sa.select(ordered, asked, sa.func.count()).group_by(ordered, asked)
    query = query.where(r.requested_at >= since, r.placed_at >= since, latest(requests))
    return {(int(a), int(b)): int(n) for a, b, n in connection.execute(query)}
