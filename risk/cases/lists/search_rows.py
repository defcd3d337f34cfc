"""Searching every request, order and customer by a part of an id.

Each query names one column and one spelling and is read in the order of an index up to a limit, so
that a search costs the same whatever is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from risk.history.schema import FACTS, latest, requests
from risk.history.schema.schema_cases import cases

MOST = 30
"""So many requests, orders and customers are listed of each."""

SHORTEST_PART = 4
RECENT = 20_000
"""A part that no id begins with is looked for in so many of the latest requests."""

_orders, _refunds = FACTS["orders"], FACTS["refunds"]
_END = "\U0010ffff"
_SEARCHED: dict[str, tuple[sa.Column[Any], ...]] = {
    "refund_id": (requests.c.refund_id, requests.c.valid_from),
    "order_id": (_refunds.c.order_id, _refunds.c.known_at, _refunds.c.fact_key),
    **{
        name: (requests.c[name], requests.c.known_at, requests.c.refund_id)
        for name in ("customer_id", "merchant_id", "sku")
    },
}
"""The columns of the index by which requests are found by each id."""


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
    def anything(self) -> bool:
        """Whether anything was found."""
        return bool(self.requests or self.customers or self.orders)

    @property
    def only_request(self) -> str | None:
        """The request that is all that was found."""
        alone = len(self.requests) == 1 and not self.customers and not self.orders
        return self.requests[0]["refund_id"] if alone else None


def search(connection: sa.Connection, text: str, *, parts: bool = True) -> Matches:
    """Everything whose id is, begins with or (of recent requests, with `parts`) holds `text`, in
    any case."""
    found = _request_ids(connection, text, parts=parts)
    named = _rows(connection, found[:MOST])
    customers = [row["customer_id"] for row in _beginning(connection, "customer_id", text)]
    seen = {row["order_id"] for row in named}
    orders = [
        row for row in _beginning(connection, "order_id", text) if row["order_id"] not in seen
    ]
    more = len(found) > MOST or len(customers) > MOST or len(orders) > MOST
    return Matches(named, customers[:MOST], orders[:MOST], more)


def _request_ids(connection: sa.Connection, text: str, *, parts: bool) -> list[str]:
    """Requests by a whole id, then by how an id begins, then by a part of one."""
    found: dict[str, None] = {}
    for queries in _queries(text):
        rows = [row for query in queries for row in connection.execute(query)]
        found.update((row.refund_id, None) for row in sorted(rows, key=_latest_first))
        if len(found) > MOST:
            break
    if parts and not found and len(text) >= SHORTEST_PART:
        rows = sorted(connection.execute(holding(connection, text)), key=_latest_first)
        found.update((row.refund_id, None) for row in rows)
    return list(found)


def _latest_first(row: sa.Row[Any]) -> tuple[int, str]:
    return -row.requested_at, row.refund_id


def _queries(text: str) -> Iterator[list[sa.Select[Any]]]:
    """One query a spelling: the latest requests with an id, then the last that begin so."""
    for key in _SEARCHED.values():
        yield [_last(key, key[0] == one) for one in spellings(text)]
    for key in _SEARCHED.values():
        yield [_last(key, *_begins(key[0], one)) for one in spellings(text)]


def _last(
    key: tuple[sa.Column[Any], ...], *conditions: sa.ColumnElement[bool]
) -> sa.Select[tuple[str, int]]:
    """(refund_id, requested_at) of the last MOST + 1 in the order of an index."""
    table = key[0].table
    return (
        sa.select(table.c.refund_id, table.c.requested_at)
        .where(*conditions, latest(table))
        .order_by(*(column.desc() for column in key))
        .limit(MOST + 1)
    )


def spellings(text: str) -> list[str]:
    """An id as it was typed, with a capital first, and in capitals and small letters: an index
    cannot tell them apart."""
    return list(dict.fromkeys((text, text[:1].upper() + text[1:], text.upper(), text.lower())))


def _begins(column: sa.Column[Any], text: str) -> tuple[sa.ColumnElement[bool], ...]:
    return column >= text, column < text + _END


def holding(connection: sa.Connection, text: str) -> sa.Select[tuple[str, int]]:
    """(refund_id, requested_at) of the latest requests that hold a part in one of their ids."""
    c = _refunds.c
    before = sa.select(c.requested_at).order_by(c.requested_at.desc()).offset(RECENT).limit(1)
    first = connection.scalar(before)
    columns = (
        c.refund_id,
        c.order_id,
        *(requests.c[n] for n in ("customer_id", "merchant_id", "sku")),
    )
    parts = (column.icontains(text, autoescape=True) for column in columns)
    query = sa.select(c.refund_id, c.requested_at).join_from(
        _refunds, requests, requests.c.refund_id == c.refund_id
    )
    if first is not None:
        query = query.where(c.requested_at > first)
    return (
        query.where(latest(_refunds), latest(requests), sa.or_(*parts))
        .order_by(c.requested_at.desc())
        .limit(MOST + 1)
    )


def _rows(connection: sa.Connection, refund_ids: list[str]) -> list[dict[str, Any]]:
    """What is shown of requests, in this order; `case_state` is None where there is no case."""
    if not refund_ids:
        return []
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


def _beginning(connection: sa.Connection, name: str, text: str) -> list[dict[str, Any]]:
    """One line (order_id, customer_id, placed_at) of each order, or customer, whose id begins so.

    Orders without a request, and their customers, are among them; MOST + 1 at most.
    """
    found = {
        row[name]: row
        for one in spellings(text)
        for row in islice(_first_lines(connection, name, one), MOST + 1)
    }
    return [found[one] for one in sorted(found)][: MOST + 1]


def _first_lines(connection: sa.Connection, name: str, text: str) -> Iterator[dict[str, Any]]:
    """From one id to the next in its index, past all further lines of the same."""
    c = _orders.c
    query = (
        sa.select(c.order_id, c.customer_id, c.placed_at)
        .where(c[name] < text + _END, latest(_orders))
        .order_by(c[name], c.known_at, c.fact_key)
        .limit(1)
    )
    row = connection.execute(query.where(c[name] >= text)).mappings().first()
    while row is not None:
        yield dict(row)
        row = connection.execute(query.where(c[name] > row[name])).mappings().first()
