"""What was found, who is on a list, and the policies that were in force: rows of whole records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from risk.history.connection.page_rows import Page, PageOf
from risk.history.list_entries import ListEntry, entry_from
from risk.history.schema.schema_cases import cases, listings
from risk.history.schema.schema_decisions import decisions
from risk.history.schema.schema_models import policies

MOST_ENTRIES = 500


def findings_found(
    connection: sa.Connection, page: PageOf, verdict: str | None = None
) -> Page[dict[str, Any]]:
    """Cases that were found out, those closed last first; with `verdict`, those alone."""
    c = cases.c
    query = sa.select(cases).where(c.state == "closed", c.verdict.is_not(None))
    if verdict:
        query = query.where(c.verdict == verdict)
    return page.read(connection, query, c.closed_at, c.refund_id, lambda row: dict(row._mapping))


def entries_in_force(connection: sa.Connection, now: int) -> list[ListEntry]:
    """The entries of the block and allow lists that are in force or rest, the newest first."""
    c = listings.c
    newest = sa.select(sa.func.max(c.listing_no)).group_by(c.customer_id)
    query = (
        sa.select(listings)
        .where(c.listing_no.in_(newest), c.kind != "withdrawn")
        .where(sa.or_(c.expires_at.is_(None), c.expires_at > now))
        .order_by(c.known_at.desc(), c.listing_no.desc())
        .limit(MOST_ENTRIES)
    )
    return [entry_from(dict(row)) for row in connection.execute(query).mappings()]


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """A policy that decisions were made under, and when the first was (ms)."""

    version: str
    since: int
    content: str


def kept_policies(connection: sa.Connection) -> list[KeptPolicy]:
    """Every policy that decisions were made under, the newest first."""
    query = sa.select(policies).order_by(policies.c.kept_at.desc(), policies.c.version)
    return [KeptPolicy(row.version, row.kept_at, row.content) for row in connection.execute(query)]


def latest_version(connection: sa.Connection) -> str | None:
    """The policy of the latest decision."""
    d = decisions.c
    query = sa.select(d.policy_version).order_by(d.decided_at.desc(), d.decision_id.desc()).limit(1)
    return connection.execute(query).scalar()
