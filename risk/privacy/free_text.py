"""Words and names of a person in decisions, cases, lists, pushes and kept answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from risk.history.list_entries import rename_customer
from risk.history.schema import answers, decisions
from risk.history.schema_cases import case_events, cases, listings, looks, views
from risk.history.schema_webhooks import deliveries, messages
from risk.privacy.fact_tombstones import Tombs
from risk.privacy.person_rows import DataSubject, naming, slices, spellings
from risk.privacy.retention import wordless_body

NOTHING = "-"
"""What stands where words were that must not be empty."""

Change = Callable[[str], str]


@dataclass(frozen=True)
class Redaction:
    """How a text about the person becomes one that is about nobody."""

    person: DataSubject
    tombs: Tombs

    def own(self, text: str) -> str:
        """A text of their own case: ids in which their name stands are replaced as well."""
        return self._replaced(text, within_ids=True)

    def others(self, text: str) -> str:
        """A text of somebody else's case, where only the person's own name is replaced."""
        return self._replaced(text, within_ids=False)

    def _replaced(self, text: str, *, within_ids: bool) -> str:
        for name in sorted(self.person.speaking, key=len, reverse=True):
            text = text.replace(name, self.tombs.names[name])
        pattern = naming(self.person.names, within_ids=within_ids)
        return pattern.sub(self.tombs.names[self.person.names[0]], text) if pattern else text


def redact(connection: sa.Connection, person: DataSubject, tombs: Tombs) -> dict[str, int]:
    """Take a person's words and names out of everything but the facts; counts by what it was."""
    how = Redaction(person, tombs)
    for some in slices(person.refunds):
        _decisions(connection, some, how)
        _each(connection, case_events, "body", case_events.c.refund_id.in_(some), wordless_body)
        _each(connection, deliveries, "body", deliveries.c.refund_id.in_(some), how.own)
        _each(connection, cases, "headline", cases.c.refund_id.in_(some), how.own)
    for name in person.names:
        rename_customer(connection, name, tombs.names[name])
    _elsewhere(connection, how)
    _rename_refunds(connection, how)
    return {"decisions": _count(connection, person, tombs)}


def _count(connection: sa.Connection, person: DataSubject, tombs: Tombs) -> int:
    total = 0
    for some in slices(person.refunds):
        ids = [tombs.id(refund) for refund in some]
        query = sa.select(sa.func.count()).where(decisions.c.refund_id.in_(ids))
        total += int(connection.execute(query).scalar_one())
    return total


def _decisions(connection: sa.Connection, refunds: list[str], how: Redaction) -> None:
    """Answers and situations stay, as vectors do, but for what somebody wrote on a list.

    The digest of the request would tell whether somebody guessed what it said, so it goes.
    """
    own = decisions.c.refund_id.in_(refunds)
    connection.execute(sa.update(decisions).where(own).values(request_digest=None))
    _each(connection, decisions, "body", own, how.own)
    _each(connection, decisions, "situation", own, lambda text: how.own(_causeless(text)))


def _causeless(situation: str) -> str:
    content = orjson.loads(situation)
    for entry in content.get("listings", ()):
        entry["cause"] = NOTHING
    return orjson.dumps(content).decode()


def _elsewhere(connection: sa.Connection, how: Redaction) -> None:
    """What reviewers wrote, saved or were answered about the person in other places."""
    for name in spellings(how.person.names):
        for table, column in ((case_events, "body"), (listings, "cause"), (views, "filters")):
            here = table.c[column].contains(name, autoescape=True)
            _each(connection, table, column, here, how.others)
        for kept in (answers.c.body, answers.c.idempotency_key, messages.c.mark):
            connection.execute(sa.delete(kept.table).where(kept.contains(name, autoescape=True)))


def _rename_refunds(connection: sa.Connection, how: Redaction) -> None:
    """Requests whose own id named the person, in every table that speaks of requests."""
    for refund in sorted(how.person.refunds & how.person.speaking):
        instead = how.tombs.names[refund]
        for table in (decisions, cases, case_events, looks, listings, deliveries):
            same = table.c.refund_id == refund
            connection.execute(sa.update(table).where(same).values(refund_id=instead))
        here = deliveries.c.refund_id == instead
        _each(connection, deliveries, "subject", here, how.own)


def _each(
    connection: sa.Connection, table: sa.Table, column: str, where: Any, change: Change
) -> None:
    """Change a text column of some rows, where there is something to change."""
    keys = list(table.primary_key.columns)
    rows = connection.execute(sa.select(*keys, table.c[column]).where(where)).all()
    for *key, text in rows:
        changed = change(text)
        if changed != text:
            own = [part == value for part, value in zip(keys, key, strict=True)]
            connection.execute(sa.update(table).where(*own).values({column: changed}))
