"""What an id that is being typed may become: a few of each kind, in the order of an index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import sqlalchemy as sa

from risk.cases.lists.search_rows import SHORTEST_PART, holding, spellings
from risk.history.schema import FACTS, latest, requests

Kind = Literal["request", "customer", "order", "article", "merchant"]

OF_EACH = 3
SHORTEST = 2
"""Nothing is suggested for less."""

_END = "\U0010ffff"
_orders = FACTS["orders"].c
_COLUMNS: dict[Kind, tuple[sa.Column[Any], ...]] = {
    "request": (requests.c.refund_id, requests.c.valid_from),
    "customer": (_orders.customer_id, _orders.known_at, _orders.fact_key),
    "order": (_orders.order_id, _orders.known_at, _orders.fact_key),
    "article": (requests.c.sku, requests.c.known_at, requests.c.refund_id),
    "merchant": (requests.c.merchant_id, requests.c.known_at, requests.c.refund_id),
}
"""The columns of the index that the ids of a kind are read from."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An id that begins with, or of recent requests holds, what was typed."""

    kind: Kind
    name: str


def suggestions(connection: sa.Connection, text: str) -> list[Suggestion]:
    """At most `OF_EACH` ids of each kind, in any case; parts of recent requests' ids where nothing
    begins so."""
    if len(text) < SHORTEST:
        return []
    found = [
        Suggestion(kind, name)
        for kind, key in _COLUMNS.items()
        for name in _beginning(connection, key, text)
    ]
    if not found and len(text) >= SHORTEST_PART:
        rows = connection.execute(holding(connection, text).limit(2 * OF_EACH))
        found = [Suggestion("request", row.refund_id) for row in rows]
    return found


def _beginning(connection: sa.Connection, key: tuple[sa.Column[Any], ...], text: str) -> list[str]:
    found = {
        name for one in spellings(text) for name in islice(_names(connection, key, one), OF_EACH)
    }
    return sorted(found)[:OF_EACH]


def _names(connection: sa.Connection, key: tuple[sa.Column[Any], ...], text: str) -> Iterator[str]:
    """From one id to the next in its index, past all further rows of the same."""
    column = key[0]
    query = sa.select(column).where(column < text + _END, latest(column.table))
    query = query.order_by(*key).limit(1)
    name = connection.execute(query.where(column >= text)).scalar()
    while name is not None:
        yield str(name)
        name = connection.execute(query.where(column > name)).scalar()
