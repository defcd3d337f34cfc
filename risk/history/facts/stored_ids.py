"""Which ids are stored: orders, their lines, requests."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from risk.history.facts.revise import slices
from risk.history.schema import FACTS


def stored_ids(connection: sa.Connection, kind: str, ids: Sequence[str]) -> set[str]:
    """Those of the ids that orders or refunds are stored under."""
    column = {"orders": FACTS["orders"].c.order_id, "refunds": FACTS["refunds"].c.refund_id}[kind]
    found = set[str]()
    for some in slices(ids):
        found.update(connection.execute(sa.select(column).where(column.in_(some))).scalars())
    return found


def stored_lines(connection: sa.Connection, orders: Sequence[str]) -> set[tuple[str, str]]:
    """The lines that are stored of these orders: (order, line)."""
    c = FACTS["orders"].c
    found = set[tuple[str, str]]()
    for some in slices(orders):
        rows = connection.execute(sa.select(c.order_id, c.line_id).where(c.order_id.in_(some)))
        found.update((order, line) for order, line in rows)
    return found
