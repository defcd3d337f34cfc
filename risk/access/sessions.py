"""Login sessions of the console, with their CSRF tokens.

The store keeps a digest of a session's token: who reads the store cannot take a session over.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from risk.access.people import Person, person_of
from risk.facts.units import HOUR_MS, MINUTE_MS
from risk.history.connection.connect import now_ms
from risk.history.schema.schema_cases import sessions
from risk.history.store import History

IDLE_MS = HOUR_MS
LONGEST_MS = 12 * HOUR_MS
RENEW_MS = 5 * MINUTE_MS
"""A session ends after an idle hour or half a day; `seen_at` is updated every five minutes."""


@dataclass(frozen=True, slots=True)
class Session:
    """A logged-in person; every form of theirs must carry `csrf_token`. `proved` says whether they
    gave more than a password."""

    person: Person
    csrf_token: str
    proved: bool = False


def open_session(history: History, person: Person, *, proved: bool = False) -> str:
    """Log somebody in; returns the token for the cookie. Deletes expired sessions."""
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
                proved=proved,
            )
        )
    return token


def session_of(history: History, token: str, *, renew: bool = True) -> Session | None:
    """The session of a cookie's token; None once it has expired or the person was deactivated.

    It lasts on from now, unless `renew` is false: where nobody may be at the page.
    """
    digest, now = _digest(token), now_ms()
    with history.read() as connection:
        row = connection.execute(sa.select(sessions).where(sessions.c.token == digest)).first()
        person = person_of(connection, row.name) if row else None
    if row is None or person is None or person.deactivated:
        return None
    if now - row.seen_at >= IDLE_MS or now - row.opened_at >= LONGEST_MS:
        return None
    if renew and now - row.seen_at >= RENEW_MS:
        with history.write() as write:
            write.connection.execute(
                sa.update(sessions).where(sessions.c.token == digest).values(seen_at=write.at)
            )
    return Session(person, row.guard, bool(row.proved))


def close_sessions(history: History, name: str) -> None:
    """Log somebody out everywhere."""
    with history.write() as write:
        write.connection.execute(sa.delete(sessions).where(sessions.c.name == name))


def close_session(history: History, token: str) -> None:
    """Log out."""
    with history.write() as write:
        write.connection.execute(sa.delete(sessions).where(sessions.c.token == _digest(token)))


def _digest(token: str) -> bytes:
    return hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=32).digest()
