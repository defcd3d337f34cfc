"""Repetitions: by what a message is known again, and for how long.

A sender that gives its messages ids is believed about them: the same topic and id is the same
message for as long as senders go on trying. Where nothing proves the id, or there is none, the
same topic and body is the same message too, but only for minutes, and only until another message
about the same thing has come: what is cancelled, opened and cancelled again has one body twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from risk.facts.units import DAY_MS, MINUTE_MS
from risk.history.connection.connect import Write
from risk.history.schema.schema_webhooks import messages
from risk.webhooks.systems.system import Message

BY_ID_MS = 3 * DAY_MS
"""Senders go on trying for a day or three."""

BY_BODY_MS = 5 * MINUTE_MS
"""As long as a signature counts."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a message is known by: `by_id` and `by_body`, each empty where it is not.

    `thing` is what all marks by body of messages about the same thing begin with.
    """

    by_id: str
    by_body: str
    thing: str


def marks_of(message: Message, body: bytes) -> Marks:
    """The marks of a message and its body."""
    by_id = _digest("id", message.topic, message.message_id) if message.message_id else ""
    if by_id and message.signed_id:
        return Marks(by_id, "", "")
    thing = "body:" + (_digest("thing", message.subject) if message.subject else "")
    return Marks(by_id, f"{thing}:{_digest(message.topic, body)}", thing)


def is_repeated(
    connection: sa.Connection, endpoint: tuple[str, str], marks: Marks, now: int
) -> bool:
    """Whether an endpoint (system, name) accepted such a message before and remembers it at `now`
    (ms)."""
    c = messages.c
    known = sa.or_(
        sa.and_(c.mark == marks.by_id, c.at > now - BY_ID_MS),
        sa.and_(c.mark == marks.by_body, c.at > now - BY_BODY_MS),
    )
    query = sa.select(sa.literal(1)).where(_of(endpoint), known)
    return connection.execute(query.limit(1)).scalar() is not None


def remember(write: Write, endpoint: tuple[str, str], marks: Marks, now: int) -> None:
    """Remember an accepted message, and of its thing this body alone."""
    gone: list[sa.ColumnElement[bool]] = [
        messages.c.mark.in_([mark for mark in (marks.by_id, marks.by_body) if mark])
    ]
    if marks.thing not in ("", "body:"):
        gone.append(messages.c.mark.startswith(f"{marks.thing}:", autoescape=True))
    write.connection.execute(sa.delete(messages).where(_of(endpoint), sa.or_(*gone)))
    system, name = endpoint
    for mark in (marks.by_id, marks.by_body):
        if mark:
            values = {"system": system, "name": name, "mark": mark, "at": now}
            write.connection.execute(sa.insert(messages).values(values))


def drop_expired(write: Write, now: int) -> None:
    """Drop what is remembered no longer."""
    write.connection.execute(sa.delete(messages).where(messages.c.at <= now - BY_ID_MS))


def _of(endpoint: tuple[str, str]) -> sa.ColumnElement[bool]:
    system, name = endpoint
    return sa.and_(messages.c.system == system, messages.c.name == name)


def _digest(*parts: str | bytes) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()
