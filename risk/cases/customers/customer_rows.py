"""The queries about one customer: orders, requests with their findings, shared things, entries."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from risk.cases.record.audited_rows import audited_legitimate
from risk.cases.record.case_record_rows import NO_FINDING, standing_findings
from risk.facts.revisions import FOREVER
from risk.history.list_entries import ListEntry, entry_from
from risk.history.schema import FACTS, latest, requests, sightings
from risk.history.schema.schema_cases import cases, listings

MOST = 100
"""How many of the latest requests and entries are read."""

_orders = FACTS["orders"]
_WANTED = (
    "refund_id", "order_id", "requested_at", "amount", "currency", "type", "reason_code", "state",
)  # fmt: skip


def _own(table: sa.Table, customer_id: str, merchants: Collection[str]) -> sa.ColumnElement[bool]:
    """The customer's rows that count now; with `merchants`, those at these alone."""
    mine = sa.and_(table.c.customer_id == customer_id, latest(table))
    return sa.and_(mine, table.c.merchant_id.in_(merchants)) if merchants else mine


def order_totals(
    connection: sa.Connection, customer_id: str, merchants: Collection[str]
) -> list[dict[str, Any]]:
    """By currency: how many orders, what was paid (1/10,000), when first and last placed (ms)."""
    query = (
        sa.select(
            _orders.c.currency,
            sa.func.count(_orders.c.order_id.distinct()).label("orders"),
            sa.cast(sa.func.sum(_orders.c.amount), sa.BigInteger).label("paid"),
            sa.func.min(_orders.c.placed_at).label("first_at"),
            sa.func.max(_orders.c.placed_at).label("last_at"),
        )
        .where(_own(_orders, customer_id, merchants))
        .group_by(_orders.c.currency)
        .order_by(_orders.c.currency)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def request_count(connection: sa.Connection, customer_id: str, merchants: Collection[str]) -> int:
    """How many refund requests the customer made."""
    query = sa.select(sa.func.count()).where(_own(requests, customer_id, merchants))
    return int(connection.execute(query).scalar_one())


def latest_requests(
    connection: sa.Connection, customer_id: str, merchants: Collection[str]
) -> list[dict[str, Any]]:
    """The customer's latest requests, newest first, each with the finding that stands, since when a
    random check found it legitimate (`audited`), and the `case_state`, None where there is no
    case."""
    query = (
        sa.select(*(requests.c[name] for name in _WANTED), cases.c.state.label("case_state"))
        .outerjoin(cases, cases.c.refund_id == requests.c.refund_id)
        .where(_own(requests, customer_id, merchants))
        .order_by(requests.c.known_at.desc(), requests.c.refund_id)
        .limit(MOST)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    ids = [row["refund_id"] for row in rows]
    found, audited = standing_findings(connection, ids), audited_legitimate(connection, ids)
    return [
        {**row, **found.get(one := row["refund_id"], NO_FINDING), "audited": audited.get(one)}
        for row in rows
    ]


def shared_things(connection: sa.Connection, customer_id: str) -> dict[str, int]:
    """How many other customers were seen at a thing of this one, by the kind of thing."""
    query, _ = shared_with_others(customer_id, "kind")
    counts = connection.execute(query.order_by(query.selected_columns.kind))
    return {str(kind): int(count) for kind, count in counts}


def shared_with_others(customer_id: str, *by: str) -> tuple[sa.Select[Any], sa.ColumnElement[int]]:
    """What a customer was seen with and somebody else too, by these columns of the sightings, and
    last how many others; that number also by itself."""
    own, other = sightings.alias("own"), sightings.alias("other")
    others = sa.func.count(other.c.customer_id.distinct()).label("others")
    columns = [own.c[name] for name in by]
    query = (
        sa.select(*columns, others)
        .join(other, sa.and_(other.c.kind == own.c.kind, other.c.entity == own.c.entity))
        .where(
            own.c.customer_id == customer_id,
            other.c.customer_id != customer_id,
            own.c.valid_to == FOREVER,
            other.c.valid_to == FOREVER,
        )
        .group_by(*columns)
    )
    return query, others


def list_entries(connection: sa.Connection, customer_id: str) -> list[ListEntry]:
    """The customer's entries of the block and allow lists, newest first, withdrawals included."""
    query = (
        sa.select(listings)
        .where(listings.c.customer_id == customer_id)
        .order_by(listings.c.known_at.desc(), listings.c.listing_no.desc())
        .limit(MOST)
    )
    return [entry_from(dict(row)) for row in connection.execute(query).mappings()]


def is_known(connection: sa.Connection, customer_id: str) -> bool:
    """Whether the customer ever ordered or was on a list."""
    for table in (_orders, listings):
        query = sa.select(table.c.customer_id).where(table.c.customer_id == customer_id).limit(1)
        if connection.execute(query).first() is not None:
            return True
    return False
