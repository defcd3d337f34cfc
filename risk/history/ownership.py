"""Ownership: which merchants an order or request belongs to, for keys bound to merchants."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from risk.history.schema import FACTS, latest
from risk.history.schema_tenants import request_owners

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


def of_requests(
    connection: sa.Connection, refund_ids: Collection[str]
) -> dict[str, set[str | None]]:
    """The merchants of each request: those of its order, or of who sent it where that is unknown.

    A request of which neither is known is not in it.
    """
    orders = orders_of(connection, refund_ids)
    owners = of_orders(connection, orders.values())
    found = {refund: owners[order] for refund, order in orders.items() if order in owners}
    c = request_owners.c
    rest = sorted(set(refund_ids) - found.keys())
    for start in range(0, len(rest), _BATCH):
        some = c.refund_id.in_(rest[start : start + _BATCH])
        rows = connection.execute(sa.select(c.refund_id, c.merchant_id).where(some))
        found.update((str(refund), {str(merchant)}) for refund, merchant in rows)
    return found


Subject = tuple[str, str]
"""What a fact is about: the name of the field that says so, and the id in it."""


def of_subjects(
    connection: sa.Connection, subjects: Collection[Subject]
) -> dict[Subject, set[str | None]]:
    """The merchants of orders and requests; what nobody knows is not in it."""
    by_name = {"order_id": of_orders, "refund_id": of_requests}
    found: dict[Subject, set[str | None]] = {}
    for name, read in by_name.items():
        wanted = {value for field, value in subjects if field == name}
        if wanted:
            owners = read(connection, wanted)
            found.update(((name, value), merchants) for value, merchants in owners.items())
    return found
