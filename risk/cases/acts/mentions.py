"""Notes that name people: who is named, and which of them somebody has not read."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa

from risk.access.people import all_people
from risk.cases.acts.mention_rows import last_read, notes_since
from risk.facts.units import DAY_MS

_NAMED = re.compile(r"@([\w.@-]+)")
KEPT_MS = 14 * DAY_MS
"""A note that names somebody is shown to them for so long, or until they open its case."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A note of `who` on a case that names the reader."""

    refund_id: str
    who: str
    at: int
    text: str


def mentioned(connection: sa.Connection, text: str) -> list[str]:
    """The logins that a text names as `@login`, of people who may log in.

    A full stop behind a name is none of it.
    """
    if "@" not in text:
        return []
    named = {name.strip(".-").lower() for name in _NAMED.findall(text)}
    return [one.name for one in all_people(connection) if one.name in named and not one.deactivated]


def unread_mentions(connection: sa.Connection, who: str, now: int) -> list[Mention]:
    """The notes that name somebody and whose case they have not opened since, latest first."""
    named = [
        note
        for note in notes_since(connection, now - KEPT_MS)
        if who in note[3].get("mentions", ()) and note[1] != who
    ]
    read = last_read(connection, who, {refund_id for refund_id, *_ in named})
    return [
        Mention(refund_id, by, at, body.get("text", ""))
        for refund_id, by, at, body in named
        if read.get(refund_id, 0) < at
    ]
