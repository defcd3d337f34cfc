"""Sessions, the access log, and what a person arranges for themselves.

The store keeps a digest of a session's token: who reads the store cannot take a session over.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from risk.access.people import Person, person_of
from risk.facts.units import HOUR_MS, MINUTE_MS
from risk.history.connect import now_ms
from risk.history.schema_cases import looks, sessions, views
from risk.history.store import History

IDLE_MS = HOUR_MS
LONGEST_MS = 12 * HOUR_MS
RENEW_MS = 5 * MINUTE_MS
"""A session ends after an idle hour or half a day; its row is renewed every five minutes."""

MOST_VIEWS = 20


@dataclass(frozen=True, slots=True)
class Session:
    """A person logged in; `guard` is the secret every form of theirs must carry."""

    person: Person
    guard: str


def open_session(history: History, person: Person) -> str:
    """Log somebody in; answers the token for the cookie. Old sessions are swept away."""
    token = secrets.token_urlsafe(32)
    with history.write() as write:
        write.connection.execute(
            sa.delete(sessions).where(
                sa.or_(
                    sessions.c.seen_at < write.at - IDLE_MS,
                    sessions.c.opened_at < write.at - LONGEST_MS,
                )
            )
        )
        write.connection.execute(
            sa.insert(sessions).values(
                token=_digest(token),
                name=person.name,
                guard=secrets.token_urlsafe(24),
                opened_at=write.at,
                seen_at=write.at,
            )
        )
    return token


def session_of(history: History, token: str) -> Session | None:
    """Who a cookie's token belongs to; None once the session is over or the person has left."""
    digest, now = _digest(token), now_ms()
    with history.read() as connection:
        row = connection.execute(sa.select(sessions).where(sessions.c.token == digest)).first()
        person = person_of(connection, row.name) if row else None
    if row is None or person is None or person.left:
        return None
    if now - row.seen_at >= IDLE_MS or now - row.opened_at >= LONGEST_MS:
        return None
    if now - row.seen_at >= RENEW_MS:
        with history.write() as write:
            write.connection.execute(
                sa.update(sessions).where(sessions.c.token == digest).values(seen_at=write.at)
            )
    return Session(person, row.guard)


def close_session(history: History, token: str) -> None:
    """Log out."""
    with history.write() as write:
        write.connection.execute(sa.delete(sessions).where(sessions.c.token == _digest(token)))


def _digest(token: str) -> bytes:
    return hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=32).digest()


def log_access(history: History, who: str, refund_id: str, page: str) -> None:
    """Write down that somebody looked at a case."""
    with history.write() as write:
        write.connection.execute(
            sa.insert(looks).values(at=write.at, who=who, refund_id=refund_id, page=page)
        )


def access_log(
    connection: sa.Connection, refund_id: str | None = None, before: int | None = None
) -> list[dict[str, Any]]:
    """Who looked, newest first, at most 100: at one case or at all, before a `look_no`."""
    query = sa.select(looks).order_by(looks.c.look_no.desc()).limit(100)
    if refund_id:
        query = query.where(looks.c.refund_id == refund_id)
    if before is not None:
        query = query.where(looks.c.look_no < before)
    return [dict(row) for row in connection.execute(query).mappings()]


def save_view(history: History, name: str, title: str, filters: str) -> None:
    """Keep filters under a title, in place of what had it; the oldest give way to new ones."""
    with history.write() as write:
        drop = sa.delete(views).where(views.c.name == name)
        write.connection.execute(drop.where(views.c.title == title))
        held = views_of(write.connection, name)
        if len(held) >= MOST_VIEWS:
            write.connection.execute(drop.where(views.c.title == held[0]["title"]))
        write.connection.execute(
            sa.insert(views).values(name=name, title=title, filters=filters, saved_at=write.at)
        )


def drop_view(history: History, name: str, title: str) -> None:
    """Forget a saved view."""
    with history.write() as write:
        write.connection.execute(
            sa.delete(views).where(views.c.name == name, views.c.title == title)
        )


def views_of(connection: sa.Connection, name: str) -> list[dict[str, Any]]:
    """A person's saved views, oldest first."""
    query = sa.select(views).where(views.c.name == name).order_by(views.c.saved_at, views.c.title)
    return [dict(row) for row in connection.execute(query).mappings()]
