"""The orders of the queue: what a page is sorted by, and the place at which it ends."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

import sqlalchemy as sa

from risk.history.connection.cursor import decode_cursor, decode_text_cursor
from risk.history.schema import requests
from risk.history.schema.schema_cases import cases

OrderName = Literal[
    "rank", "deadline", "money", "amount", "newest", "customer", "merchant", "reason", "assigned"
]
ORDERS: tuple[OrderName, ...] = get_args(OrderName)
LAST = "\U0010ffff"
"""Sorts behind every name."""

Cursor = tuple[float | str, str]
"""Where a page ended: the value it is sorted by, and the request."""


class Order(NamedTuple):
    """What cases are sorted by, and whether the greatest comes first or it is text."""

    by: sa.ColumnElement[Any]
    falling: bool = False
    is_text: bool = False

    def behind(self, place: Cursor) -> sa.ColumnElement[bool]:
        """The cases after a place; ties follow the request's id. The bound by itself comes first,
        so that an index is entered at the place."""
        value, refund_id = place
        here, further = (
            (self.by <= value, self.by < value)
            if self.falling
            else (self.by >= value, self.by > value)
        )
        return sa.and_(here, sa.or_(further, cases.c.refund_id > refund_id))

    def sorted(self, query: sa.Select[Any]) -> sa.Select[Any]:
        """The query with its cases in this order."""
        return query.order_by(self.by.desc() if self.falling else self.by, cases.c.refund_id)

    def place(self, cursor: str | None) -> Cursor | None:
        """The place a cursor names. Raises BadInput for what no page in this order gave."""
        return (
            decode_text_cursor(cursor, "cases") if self.is_text else decode_cursor(cursor, "cases")
        )


_c = cases.c
_ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        "rank": Order(_c.rank),
        "deadline": Order(_c.respond_by),
        "money": Order(_c.stake, falling=True),
        "amount": Order(_c.amount, falling=True),
        "newest": Order(_c.decided_at, falling=True),
        "customer": Order(sa.func.coalesce(requests.c.customer_id, LAST), is_text=True),
        "merchant": Order(sa.func.coalesce(_c.merchant_id, LAST), is_text=True),
        "reason": Order(sa.func.coalesce(_c.reason_code, LAST), is_text=True),
    }
)
_CLOSED = Order(_c.closed_at, falling=True)


def order_of(name: OrderName, state: str, now: int) -> Order:
    """The order of this name; closed cases come by default in the order in which they were closed,
    the latest first. Whom a case is assigned to is who holds it `now` (ms), else its team."""
    if name == "assigned":
        held_by = sa.case((_c.held_until > now, _c.held_by))
        return Order(sa.func.coalesce(held_by, _c.team, LAST), is_text=True)
    return _CLOSED if name == "rank" and state == "closed" else _ORDERS[name]
