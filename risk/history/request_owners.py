"""Requests of bound callers whose order turns out: their merchant's, or another's.

Where another's order has the id that a merchant's request names, the request is not about it: it
keeps an order id of its own, under which the merchant's order is stored when it comes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from risk.facts.columns import STORED
from risk.facts.kinds import KINDS
from risk.facts.parse_columns import Columns
from risk.history.connect import Write
from risk.history.fact_columns import add_digests
from risk.history.id_scope import add_alias, own_id
from risk.history.ownership import of_orders
from risk.history.revise import slices
from risk.history.schema import FACTS
from risk.history.schema_tenants import request_owners
from risk.history.write import AFFECTS

RENAMED = ("refunds", "evidence")
"""Kinds of facts about a request that name its order too."""


def settle_owners(write: Write, orders: Collection[str]) -> None:
    """Settle whose orders these are for the requests of bound callers that name them."""
    c, refunds = request_owners.c, FACTS["refunds"].c
    owners = of_orders(write.connection, orders)
    for some in slices(owners):
        query = (
            sa.select(c.refund_id, c.merchant_id, refunds.order_id)
            .join(FACTS["refunds"], refunds.refund_id == c.refund_id)
            .where(refunds.order_id.in_(some))
            .distinct()
        )
        for refund_id, merchant_id, order_id in write.connection.execute(query).all():
            if merchant_id in owners[order_id]:
                gone = sa.delete(request_owners).where(c.refund_id == refund_id)
                write.connection.execute(gone)
            elif None not in owners[order_id]:
                _set_apart(write, refund_id, order_id, merchant_id)


def _set_apart(write: Write, refund_id: str, order_id: str, merchant_id: str) -> None:
    """Give the request an order id of its merchant's own."""
    internal = own_id(merchant_id, order_id)
    add_alias(write, merchant_id, "order_id", order_id, internal)
    for kind in RENAMED:
        table = FACTS[kind]
        here = sa.and_(table.c.refund_id == refund_id, table.c.order_id == order_id)
        for row in write.connection.execute(sa.select(table).where(here)).mappings().all():
            changed = {"order_id": internal, "content": _content(kind, {**row}, internal)}
            same = table.c.fact_key == row["fact_key"]
            write.connection.execute(sa.update(table).where(same).values(changed))
        for stream in AFFECTS[kind]:
            write.touched.setdefault(stream, set()).update((order_id, internal))


def _content(kind: str, row: dict[str, Any], order_id: str) -> int:
    """The digest of a stored fact's content with another order id."""
    columns: Columns = {column.name: [row[column.name]] for column in STORED[kind]}
    columns["order_id"] = [order_id]
    add_digests(KINDS[kind], columns)
    return int(columns["content"][0])
