"""What the page of one customer lists beside their record: orders, what they share, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from risk.cases.customers.customer_rows import shared_with_others
from risk.history.schema import FACTS, latest, requests
from risk.history.schema.schema_cases import case_events
from risk.history.store import History

MOST = 50
"""So many orders, things and notes are listed, the latest of them, or the most shared."""

_orders = FACTS["orders"]


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that others were seen at too, by its kind and keyed hash."""

    kind: str
    entity: int
    others: int


@dataclass(frozen=True, slots=True)
class CustomerDetails:
    """The latest orders (times in ms, money in 1/10,000), newest first; the things shared with
    others, the most shared first; the notes on the customer's cases, newest first."""

    orders: list[dict[str, Any]]
    things: list[Thing]
    notes: list[dict[str, Any]]


def customer_details(history: History, customer_id: str) -> CustomerDetails:
    """The details of a customer; empty where there are none."""
    with history.read() as connection:
        return CustomerDetails(
            _latest_orders(connection, customer_id),
            _shared_things(connection, customer_id),
            _notes(connection, customer_id),
        )


def _latest_orders(connection: sa.Connection, customer_id: str) -> list[dict[str, Any]]:
    o = _orders.c
    placed = sa.func.min(o.placed_at).label("placed_at")
    query = (
        sa.select(
            o.order_id,
            placed,
            o.currency,
            sa.cast(sa.func.sum(o.amount), sa.BigInteger).label("amount"),
            sa.func.min(o.category).label("category"),
            sa.func.min(o.merchant_id).label("merchant_id"),
            sa.func.count().label("lines"),
        )
        .where(o.customer_id == customer_id, latest(_orders))
        .group_by(o.order_id, o.currency)
        .order_by(placed.desc(), o.order_id)
        .limit(MOST)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _shared_things(connection: sa.Connection, customer_id: str) -> list[Thing]:
    query, others = shared_with_others(customer_id, "kind", "entity")
    own = query.selected_columns
    query = query.order_by(others.desc(), own.kind, own.entity).limit(MOST)
    return [Thing(*row) for row in connection.execute(query)]


def _notes(connection: sa.Connection, customer_id: str) -> list[dict[str, Any]]:
    e = case_events.c
    query = (
        sa.select(e.refund_id, e.at, e.who, e.body)
        .join_from(
            case_events,
            requests,
            sa.and_(requests.c.refund_id == e.refund_id, latest(requests)),
        )
        .where(requests.c.customer_id == customer_id, e.action == "note")
        .order_by(e.event_no.desc())
        .limit(MOST)
    )
    rows = connection.execute(query).mappings()
    return [{**row, "text": orjson.loads(row["body"])["text"]} for row in rows]
