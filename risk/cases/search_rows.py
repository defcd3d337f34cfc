"""Searching every request, order and customer by a part of an id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from risk.history.schema import FACTS, latest, requests
from risk.history.schema_cases import cases

MOST = 30
"""So many requests, orders and customers are listed of each."""

SHORTEST_PART = 4
RECENT = 20_000
"""A part that no id begins with is looked for in so many of the latest requests."""

_orders = FACTS["orders"]
_SEARCHED = ("refund_id", "order_id", "customer_id", "merchant_id", "sku")
_END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search found, the best first; `more` where not all of it is listed.

    `requests` are rows with the state of their case (None where they never needed a person),
    `customers` ids, `orders` rows (order_id, customer_id, placed_at) without a request.
    """

    requests: list[dict[str, Any]]
    customers: list[str]
    orders: list[dict[str, Any]]
    more: bool

    @property
    def only_request(self) -> str | None:
        """The request that is all that was found."""
        alone = len(self.requests) == 1 and not self.customers and not self.orders
        return self.requests[0]["refund_id"] if alone else None


def search(connection: sa.Connection, text: str) -> Matches:
    """Everything whose id is, begins with or (of recent requests) holds `text`, in any case."""
    found = _request_ids(connection, text)
    named = _rows(connection, found[:MOST])
    customers = _customers(connection, text)
    seen = {row["order_id"] for row in named}
    orders = [row for row in _orders_of(connection, text) if row["order_id"] not in seen]
    more = len(found) > MOST or len(customers) > MOST or len(orders) > MOST
    return Matches(named, customers[:MOST], orders[:MOST], more)


def _request_ids(connection: sa.Connection, text: str) -> list[str]:
    """Requests by a whole id, then by how an id begins, then by a part of one."""
    found: dict[str, None] = {}
    for condition in _conditions(text):
        query = (
            sa.select(requests.c.refund_id)
            .where(condition, latest(requests))
            .order_by(requests.c.requested_at.desc(), requests.c.refund_id)
            .limit(MOST + 1)
        )
        found.update(dict.fromkeys(connection.scalars(query)))
        if len(found) > MOST:
            break
    if not found and len(text) >= SHORTEST_PART:
        found.update(dict.fromkeys(connection.scalars(_holding(text))))
    return list(found)


def _conditions(text: str) -> Iterator[sa.ColumnElement[bool]]:
    for name in _SEARCHED:
        yield requests.c[name].in_(_spellings(text))
    for name in _SEARCHED:
        yield _begins(requests.c[name], text)


def _spellings(text: str) -> list[str]:
    """An id as it was typed, and in capitals and small letters: an index cannot tell them apart."""
    return list(dict.fromkeys((text, text.upper(), text.lower())))


def _begins(column: sa.Column[Any], text: str) -> sa.ColumnElement[bool]:
    ranges = (sa.and_(column >= one, column < one + _END) for one in _spellings(text))
    return sa.or_(*ranges)


def _holding(text: str) -> sa.Select[tuple[str]]:
    recent = (
        sa.select(*(requests.c[name] for name in _SEARCHED), requests.c.requested_at)
        .where(latest(requests))
        .order_by(requests.c.known_at.desc())
        .limit(RECENT)
        .subquery()
    )
    parts = (recent.c[name].icontains(text, autoescape=True) for name in _SEARCHED)
    return (
        sa.select(recent.c.refund_id)
        .where(sa.or_(*parts))
        .order_by(recent.c.requested_at.desc(), recent.c.refund_id)
        .limit(MOST + 1)
    )


def _rows(connection: sa.Connection, refund_ids: list[str]) -> list[dict[str, Any]]:
    """What is shown of requests, in this order; `case_state` is None where there is no case."""
    c = requests.c
    query = (
        sa.select(
            c.refund_id, c.order_id, c.customer_id, c.merchant_id, c.requested_at, c.amount,
            c.currency, c.type, c.reason_code, cases.c.state.label("case_state"),
            cases.c.verdict, cases.c.ended,
        )
        .join_from(requests, cases, cases.c.refund_id == c.refund_id, isouter=True)
        .where(c.refund_id.in_(refund_ids), latest(requests))
    )  # fmt: skip
    rows = {row["refund_id"]: dict(row) for row in connection.execute(query).mappings()}
    return [rows[refund_id] for refund_id in refund_ids if refund_id in rows]


def _customers(connection: sa.Connection, text: str) -> list[str]:
    """Customers by how their id begins, those of orders without a request among them."""
    of_orders = sa.select(_orders.c.customer_id).where(
        _begins(_orders.c.customer_id, text), latest(_orders)
    )
    query = of_orders.distinct().order_by(_orders.c.customer_id).limit(MOST + 1)
    return list(connection.scalars(query))


def _orders_of(connection: sa.Connection, text: str) -> list[dict[str, Any]]:
    c = _orders.c
    query = (
        sa.select(c.order_id, c.customer_id, sa.func.min(c.placed_at).label("placed_at"))
        .where(_begins(c.order_id, text), latest(_orders))
        .group_by(c.order_id, c.customer_id)
        .order_by(c.order_id)
        .limit(MOST + 1)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
