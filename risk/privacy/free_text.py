"""Erasure of free text and ids in decisions, cases, lists, deliveries and stored responses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from risk.history.list_entries import rename_customer
from risk.history.schema_access import idempotent_responses
from risk.history.schema_cases import access_log, case_events, cases, listings, saved_filters
from risk.history.schema_decisions import decisions
from risk.history.schema_webhooks import deliveries, messages
from risk.privacy.fact_tombstones import Tombstones
from risk.privacy.retention import without_text
from risk.privacy.subject_rows import DataSubject, batches, name_pattern, spellings

REDACTED = "-"
"""The placeholder in columns that must not be empty."""

Change = Callable[[str], str]


@dataclass(frozen=True)
class Redaction:
    """Replaces the customer's ids in a text by their tombstones."""

    subject: DataSubject
    tombstones: Tombstones

    def own(self, text: str) -> str:
        """A text of their own case: ids that contain their name are replaced as well."""
        return self._replaced(text, within_ids=True)

    def others(self, text: str) -> str:
        """A text of somebody else's case: only the customer's own id is replaced."""
        return self._replaced(text, within_ids=False)

    def _replaced(self, text: str, *, within_ids: bool) -> str:
        for name in sorted(self.subject.ids_with_name, key=len, reverse=True):
            text = text.replace(name, self.tombstones.names[name])
        pattern = name_pattern(self.subject.names, within_ids=within_ids)
        return pattern.sub(self.tombstones.names[self.subject.names[0]], text) if pattern else text


def redact(
    connection: sa.Connection, subject: DataSubject, tombstones: Tombstones
) -> dict[str, int]:
    """Redact everything but the facts; returns counts by what was redacted."""
    how = Redaction(subject, tombstones)
    for some in batches(subject.refunds):
        _decisions(connection, some, how)
        _each(connection, case_events, "body", case_events.c.refund_id.in_(some), without_text)
        _each(connection, deliveries, "body", deliveries.c.refund_id.in_(some), how.own)
        _each(connection, cases, "headline", cases.c.refund_id.in_(some), how.own)
    for name in subject.names:
        rename_customer(connection, name, tombstones.names[name])
    _elsewhere(connection, how)
    _rename_refunds(connection, how)
    return {"decisions": _count(connection, subject, tombstones)}


def _count(connection: sa.Connection, subject: DataSubject, tombstones: Tombstones) -> int:
    total = 0
    for some in batches(subject.refunds):
        ids = [tombstones.id(refund) for refund in some]
        query = sa.select(sa.func.count()).where(decisions.c.refund_id.in_(ids))
        total += int(connection.execute(query).scalar_one())
    return total


def _decisions(connection: sa.Connection, refunds: list[str], how: Redaction) -> None:
    """Decisions and situations stay, as vectors do, without the causes written on lists.

    The digest of the request would confirm a guess of its content, so it is deleted.
    """
    own = decisions.c.refund_id.in_(refunds)
    connection.execute(sa.update(decisions).where(own).values(request_digest=None))
    _each(connection, decisions, "body", own, how.own)
    _each(connection, decisions, "situation", own, lambda text: how.own(_without_causes(text)))


def _without_causes(situation: str) -> str:
    content = orjson.loads(situation)
    for entry in content.get("listings", ()):
        entry["cause"] = REDACTED
    return orjson.dumps(content).decode()


def _elsewhere(connection: sa.Connection, how: Redaction) -> None:
    """Mentions of the customer in other cases, lists, saved filters, stored responses, messages."""
    for name in spellings(how.subject.names):
        for table, column in (
            (case_events, "body"),
            (listings, "cause"),
            (saved_filters, "filters"),
        ):
            here = table.c[column].contains(name, autoescape=True)
            _each(connection, table, column, here, how.others)
        for text in (
            idempotent_responses.c.body,
            idempotent_responses.c.idempotency_key,
            messages.c.mark,
        ):
            connection.execute(sa.delete(text.table).where(text.contains(name, autoescape=True)))


def _rename_refunds(connection: sa.Connection, how: Redaction) -> None:
    """Rename requests whose id contains the customer's, in every table with a request id."""
    for refund in sorted(how.subject.refunds & how.subject.ids_with_name):
        instead = how.tombstones.names[refund]
        for table in (decisions, cases, case_events, access_log, listings, deliveries):
            same = table.c.refund_id == refund
            connection.execute(sa.update(table).where(same).values(refund_id=instead))
        here = deliveries.c.refund_id == instead
        _each(connection, deliveries, "subject", here, how.own)


def _each(
    connection: sa.Connection, table: sa.Table, column: str, where: Any, change: Change
) -> None:
    """Apply a change to a text column of some rows; unchanged rows are not written."""
    keys = list(table.primary_key.columns)
    rows = connection.execute(sa.select(*keys, table.c[column]).where(where)).all()
    for *key, text in rows:
        changed = change(text)
        if changed != text:
            own = [part == value for part, value in zip(keys, key, strict=True)]
            connection.execute(sa.update(table).where(*own).values({column: changed}))
