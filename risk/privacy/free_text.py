"""Erasure of free text and ids in decisions, cases, lists, deliveries and stored responses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
import sqlalchemy as sa

from risk.facts import OWN_IDS
from risk.history.list_entries import rename_customer
from risk.history.schema.schema_access import idempotent_responses
from risk.history.schema.schema_cases import (
    access_log,
    case_events,
    cases,
    listings,
    pending_findings,
    saved_filters,
)
from risk.history.schema.schema_decisions import decisions
from risk.history.schema.schema_webhooks import deliveries, messages
from risk.privacy.fact_tombstones import Tombstones
from risk.privacy.retention import without_text
from risk.privacy.subject_rows import (
    MIN_LENGTH,
    DataSubject,
    batches,
    name_pattern,
    spellings,
)

BATCH = 100
"""How many texts a statement looks for."""

IDS = {*OWN_IDS, "customer_id", "subject"}
"""The members of JSON that hold an id and nothing else."""

REDACTED = "-"
"""The placeholder in columns that must not be empty."""

Change = Callable[[str], str]


@dataclass(frozen=True)
class Redaction:
    """Replaces the customer's ids in what is stored by their tombstones."""

    subject: DataSubject
    tombstones: Tombstones

    @cached_property
    def _own(self) -> re.Pattern[str] | None:
        """The customer's names, and ids that nothing else in a sentence would be."""
        return name_pattern(self.subject.names, ids=self._ids)

    @cached_property
    def _others(self) -> re.Pattern[str] | None:
        return name_pattern(self.subject.names, within_ids=False, ids=self._ids)

    @property
    def _ids(self) -> set[str]:
        return {value for _, value in self.subject.own_ids if _is_telling(value)}

    def own(self, text: str) -> str:
        """JSON of their own case: ids that contain their name are replaced as well."""
        return orjson.dumps(self._walk(orjson.loads(text), "", self._own)).decode()

    def others(self, text: str) -> str:
        """A text of somebody else's case: only whole ids are replaced."""
        return self._mentions(text, self._others)

    def event(self, text: str) -> str:
        """The JSON of an event of their own case, without what somebody wrote."""
        return self.own(without_text(text))

    def subject_of(self, text: str) -> str:
        """The subject of a delivery: an id of a request, or such an id with a number behind it."""
        refund, colon, number = text.rpartition(":")
        names = self.tombstones.names
        return names.get(text) or f"{names.get(refund, refund)}{colon}{number}"

    def _walk(self, value: Any, key: str, pattern: re.Pattern[str] | None) -> Any:
        if isinstance(value, dict):
            return {name: self._walk(one, name, pattern) for name, one in value.items()}
        if isinstance(value, list):
            return [self._walk(one, key, pattern) for one in value]
        if not isinstance(value, str):
            return value
        own = self.tombstones.names.get(value) if key in IDS else None
        return own or self._mentions(value, pattern)

    def _mentions(self, text: str, pattern: re.Pattern[str] | None) -> str:
        names = self.tombstones.names
        customer = names[self.subject.names[0]]
        return pattern.sub(lambda found: names.get(found[0], customer), text) if pattern else text


def _is_telling(value: str) -> bool:
    """Whether an id can be told from other numbers in a sentence."""
    return len(value) >= (8 if value.isdigit() else MIN_LENGTH)


def redact(
    connection: sa.Connection, subject: DataSubject, tombstones: Tombstones
) -> dict[str, int]:
    """Redact everything but the facts; returns counts by what was redacted."""
    how = Redaction(subject, tombstones)
    for some in batches(subject.refunds):
        _decisions(connection, some, how)
        _each(connection, case_events, "body", case_events.c.refund_id.in_(some), how.event)
        waits = pending_findings.c.refund_id.in_(some)
        connection.execute(sa.delete(pending_findings).where(waits))
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
    names = spellings(how.subject.names)
    ids = [value for _, value in how.subject.own_ids]
    for some in batches({*names, *filter(_is_telling, ids)}, BATCH):
        for column in (case_events.c.body, listings.c.cause, saved_filters.c.filters):
            _each(connection, column.table, column.name, _contains(column, some), how.others)
    for some in batches({*names, *(f'"{value}"' for value in ids)}, BATCH):
        for column in (
            idempotent_responses.c.body,
            idempotent_responses.c.idempotency_key,
            messages.c.mark,
        ):
            connection.execute(sa.delete(column.table).where(_contains(column, some)))


def _contains(column: sa.Column[str], wanted: list[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(column.contains(text, autoescape=True) for text in wanted))


def _rename_refunds(connection: sa.Connection, how: Redaction) -> None:
    """Rename requests whose id contains the customer's, in every table with a request id."""
    for refund in sorted(value for name, value in how.subject.own_ids if name == "refund_id"):
        instead = how.tombstones.names[refund]
        for table in (decisions, cases, case_events, access_log, listings, deliveries):
            same = table.c.refund_id == refund
            connection.execute(sa.update(table).where(same).values(refund_id=instead))
        here = deliveries.c.refund_id == instead
        _each(connection, deliveries, "subject", here, how.subject_of)


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
