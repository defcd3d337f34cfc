"""Reviewers and administrators: who they are, and proving it with a password.

Passwords are kept as Argon2id hashes with the parameters of RFC 9106. Failed logins are counted in
the store, so that the limit holds over any number of workers.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import available_timezones

import argon2
import sqlalchemy as sa

from risk.errors import BadInput, Conflict, NotFound, Problem
from risk.facts.units import MINUTE_MS
from risk.history.connect import Write
from risk.history.schema_cases import people, sessions, tries
from risk.history.store import History

Role = Literal["reviewer", "administrator"]
ROLES: tuple[Role, ...] = ("reviewer", "administrator")
ZONE = "Asia/Shanghai"
SHORTEST = 12
LONGEST = 256

WINDOW_MS = 15 * MINUTE_MS
PER_NAME = 5
PER_ADDRESS = 30


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may log in. `name` is the login, `shown` what others read."""

    name: str
    shown: str
    role: Role
    zone: str
    left: bool = False


class TooManyAttempts(Exception):
    """Too many failed logins of late, for the name or from the address."""


@lru_cache(maxsize=1)
def _hasher() -> argon2.PasswordHasher:
    return argon2.PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash to compare with when the name is unknown, so that both take as long."""
    return _hasher().hash("nobody has this password")


def add_person(
    history: History,
    name: str,
    password: str,
    *,
    shown: str = "",
    role: Role = "reviewer",
    zone: str = ZONE,
) -> Person:
    """Let somebody in. Raises BadInput, or Conflict where the name is taken."""
    name = _login(name)
    problems = _name_problems(name) + _password_problems(name, password) + _place(role, zone)
    if problems:
        raise BadInput(problems)
    hashed = _hasher().hash(password)
    person = Person(name, shown.strip()[:80] or name, role, zone)
    with history.write() as write:
        if _row(write.connection, name) is not None:
            raise Conflict(f"there is a person named {name} already")
        write.connection.execute(
            sa.insert(people).values(
                name=name,
                shown=person.shown,
                role=role,
                zone=zone,
                password=hashed,
                made_at=write.at,
            )
        )
    return person


def change_password(history: History, name: str, password: str) -> None:
    """Give somebody a new password and end their sessions. Raises BadInput or NotFound."""
    problems = _password_problems(name, password)
    if problems:
        raise BadInput(problems)
    hashed = _hasher().hash(password)
    with history.write() as write:
        _change(write, name, password=hashed, left_at=None)


def dismiss(history: History, name: str) -> None:
    """Let somebody in no more, from this moment. Raises NotFound."""
    with history.write() as write:
        _change(write, name, left_at=write.at)


def _change(write: Write, name: str, **values: Any) -> None:
    changed = write.connection.execute(
        sa.update(people).where(people.c.name == name).values(**values)
    )
    if changed.rowcount != 1:
        raise NotFound(f"nobody is named {name}")
    write.connection.execute(sa.delete(sessions).where(sessions.c.name == name))


def _login(name: str) -> str:
    return name.strip().lower()


def _name_problems(name: str) -> list[Problem]:
    fits = 1 <= len(name) <= 40 and all(c.isalnum() or c in "._-@" for c in name)
    expected = "1 to 40 letters, digits, or . _ - @"
    return [] if fits else [Problem("people", None, "name", expected)]


def _password_problems(name: str, password: str) -> list[Problem]:
    """Length is what counts (NIST SP 800-63B); the name itself is no password."""
    if not SHORTEST <= len(password) <= LONGEST:
        return [Problem("people", None, "password", f"{SHORTEST} to {LONGEST} characters")]
    if name and name in password.lower():
        return [Problem("people", None, "password", "something without the name in it")]
    return []


def _place(role: str, zone: str) -> list[Problem]:
    problems = []
    if role not in ROLES:
        problems.append(Problem("people", None, "role", "one of " + ", ".join(ROLES)))
    if zone not in available_timezones():
        problems.append(Problem("people", None, "zone", "an IANA time zone"))
    return problems


def _row(connection: sa.Connection, name: str) -> Any:
    return connection.execute(sa.select(people).where(people.c.name == name)).mappings().first()


def _person(row: Any) -> Person:
    return Person(row["name"], row["shown"], row["role"], row["zone"], row["left_at"] is not None)


def person_of(connection: sa.Connection, name: str) -> Person | None:
    """Who has this login."""
    row = _row(connection, name)
    return None if row is None else _person(row)


def all_people(connection: sa.Connection) -> list[Person]:
    """All people, those who left too, by name."""
    rows = connection.execute(sa.select(people).order_by(people.c.name)).mappings()
    return [_person(row) for row in rows]


def authenticate(history: History, name: str, password: str, address: str) -> Person | None:
    """Who this is; None for a wrong name or password. Raises TooMany.

    An unknown name takes as long as a wrong password. A right password is still refused while the
    limit stands, and clears the count of its name once it does not.
    """
    name = _login(name)
    subjects = {f"name:{_short(name)}": PER_NAME, f"address:{_short(address)}": PER_ADDRESS}
    with history.write() as write:
        _count_try(write, subjects)
        row = _row(write.connection, name)
    stored = _nobody() if row is None or row["left_at"] is not None else row["password"]
    if not _matches(stored, password) or stored == _nobody():
        return None
    with history.write() as write:
        write.connection.execute(sa.delete(tries).where(tries.c.subject == f"name:{_short(name)}"))
        if _hasher().check_needs_rehash(stored):
            _rehash(write, name, password)
    return _person(row)


def _count_try(write: Write, subjects: dict[str, int]) -> None:
    """Count an attempt before it is made, so that many at once cannot slip through."""
    since = write.at - WINDOW_MS
    write.connection.execute(sa.delete(tries).where(tries.c.at < since))
    for subject, limit in subjects.items():
        query = sa.select(sa.func.count()).where(tries.c.subject == subject)
        if int(write.connection.execute(query).scalar_one()) >= limit:
            raise TooManyAttempts
    write.connection.execute(
        sa.insert(tries), [{"subject": subject, "at": write.at} for subject in subjects]
    )


def _rehash(write: Write, name: str, password: str) -> None:
    hashed = _hasher().hash(password)
    write.connection.execute(sa.update(people).where(people.c.name == name).values(password=hashed))


def _matches(stored: str, password: str) -> bool:
    if len(password) > LONGEST:
        return False
    try:
        return _hasher().verify(stored, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
