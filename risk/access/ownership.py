"""Ownership: which merchants an order or request belongs to, for keys bound to merchants."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from risk.history.schema import FACTS, latest

_BATCH = 500


def of_orders(connection: sa.Connection, order_ids: Collection[str]) -> dict[str, set[str | None]]:
    """The merchants of the stored lines of each order; an order not stored is not in it.

    Lines that were corrected are their latest revision's; where all were taken back, the last's.
    """
    orders = FACTS["orders"]
    found: dict[str, set[str | None]] = {}
    current: dict[str, set[str | None]] = {}
    wanted = sorted(set(order_ids))
    for start in range(0, len(wanted), _BATCH):
        query = sa.select(orders.c.order_id, orders.c.merchant_id, latest(orders)).where(
            orders.c.order_id.in_(wanted[start : start + _BATCH])
        )
        for order_id, merchant_id, is_latest in connection.execute(query):
            for those in (found, current) if is_latest else (found,):
                those.setdefault(order_id, set()).add(merchant_id)
    return found | current


def orders_of(connection: sa.Connection, refund_ids: Iterable[str]) -> dict[str, str]:
    """The order of each stored request, by its latest revision."""
    refunds = FACTS["refunds"]
    found: dict[str, str] = {}
    wanted = sorted(set(refund_ids))
    for start in range(0, len(wanted), _BATCH):
        query = (
            sa.select(refunds.c.refund_id, refunds.c.order_id)
            .where(refunds.c.refund_id.in_(wanted[start : start + _BATCH]))
            .order_by(refunds.c.revision)
        )
        found.update(
            (str(refund_id), str(order_id)) for refund_id, order_id in connection.execute(query)
        )
    return found
