"""Entries of the block and allow lists, append-only: a cause, a person and an expiry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from risk.history.schema.schema_cases import listings

Kind = Literal["block", "allow", "withdrawn", "appealed"]
"""What an entry does; `appealed` has the block before it rest."""

Asks = Literal["evidence", "prepayment"]


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entry for a customer, in force from `known_at` until `expires_at` or the next entry."""

    customer_id: str
    kind: Kind
    cause: str
    asks: Asks
    by: str
    known_at: int
    expires_at: int | None = None
    refund_id: str | None = None


def add_entry(connection: sa.Connection, entry: ListEntry) -> None:
    """Add an entry; it supersedes the customer's earlier ones."""
    connection.execute(
        sa.insert(listings).values(
            customer_id=entry.customer_id,
            kind=entry.kind,
            cause=entry.cause,
            asks=entry.asks,
            who=entry.by,
            refund_id=entry.refund_id,
            expires_at=entry.expires_at,
            known_at=entry.known_at,
        )
    )


_LATEST = (
    sa.select(listings)
    .where(
        listings.c.customer_id == sa.bindparam("customer_id"),
        listings.c.known_at < sa.bindparam("as_of"),
    )
    .order_by(listings.c.known_at.desc(), listings.c.listing_no.desc())
    .limit(1)
)


def entry_of(connection: sa.Connection, customer_id: str | None, as_of: int) -> ListEntry | None:
    """The customer's entry in force as of a moment (ms), visible like any fact: known before it."""
    entry = newest_entry(connection, customer_id, as_of)
    return None if entry is None or entry.kind == "appealed" else entry


def newest_entry(
    connection: sa.Connection, customer_id: str | None, as_of: int
) -> ListEntry | None:
    """The customer's entry as of a moment (ms), in force or appealed; None once it has ended."""
    if customer_id is None:
        return None
    row = (
        connection.execute(_LATEST, {"customer_id": customer_id, "as_of": as_of}).mappings().first()
    )
    if row is None or row["kind"] == "withdrawn":
        return None
    if row["expires_at"] is not None and row["expires_at"] <= as_of:
        return None
    return entry_from(dict(row))


def block_makers(connection: sa.Connection, customer_id: str) -> set[str]:
    """Who put the customer on the block list, ever."""
    made = (listings.c.customer_id == customer_id, listings.c.kind == "block")
    return set(connection.execute(sa.select(listings.c.who).where(*made)).scalars())


def entry_from(row: Mapping[str, Any]) -> ListEntry:
    """The entry of a row."""
    return ListEntry(
        customer_id=row["customer_id"],
        kind=row["kind"],
        cause=row["cause"],
        asks=row["asks"],
        by=row["who"],
        known_at=row["known_at"],
        expires_at=row["expires_at"],
        refund_id=row["refund_id"],
    )


def rename_customer(connection: sa.Connection, customer_id: str, tombstone: str) -> None:
    """Replace a forgotten customer's id by its tombstone and redact the causes."""
    connection.execute(
        sa.update(listings)
        .where(listings.c.customer_id == customer_id)
        .values(customer_id=tombstone, cause="-")
    )
