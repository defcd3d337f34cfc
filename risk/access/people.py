"""Reviewers and administrators: accounts and passwords.

Passwords are kept as Argon2id hashes with the parameters of RFC 9106.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import available_timezones

import argon2
import sqlalchemy as sa
from zxcvbn import zxcvbn

from risk.access import login_limits, second_factor
from risk.errors import BadInput, Conflict, NotFound, Problem
from risk.history.connect import Write
from risk.history.schema_cases import people, sessions
from risk.history.store import History

Role = Literal["reviewer", "administrator"]
ROLES: tuple[Role, ...] = ("reviewer", "administrator")
ZONE = "Asia/Shanghai"
MIN_PASSWORD = 12
MAX_PASSWORD = 256
GUESSABLE = 2
"""Passwords that zxcvbn gives a lower score fall to fewer than a million guesses."""
ZXCVBN_READS = 72


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the console. `name` is the login; `zone` an IANA time zone."""

    name: str
    display_name: str
    role: Role
    zone: str
    deactivated: bool = False


@lru_cache(maxsize=1)
def _hasher() -> argon2.PasswordHasher:
    return argon2.PasswordHasher()


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    """A hash to verify against when the name is unknown, so that both take as long."""
    return _hasher().hash("nobody has this password")


def add_person(
    history: History,
    name: str,
    password: str,
    *,
    display_name: str = "",
    role: Role = "reviewer",
    zone: str = ZONE,
) -> Person:
    """Create an account. Raises BadInput, or Conflict where the name is taken."""
    name = _login(name)
    problems = (
        _name_problems(name)
        + _password_problems(name, password)
        + _role_and_zone_problems(role, zone)
    )
    if problems:
        raise BadInput(problems)
    hashed = _hasher().hash(password)
    person = Person(name, display_name.strip()[:80] or name, role, zone)
    with history.write() as write:
        if _row(write.connection, name) is not None:
            raise Conflict(f"there is a person named {name} already")
        write.connection.execute(
            sa.insert(people).values(
                name=name,
                shown=person.display_name,
                role=role,
                zone=zone,
                password=hashed,
                made_at=write.at,
            )
        )
    return person


def change_password(history: History, name: str, password: str) -> None:
    """Set a new password, activate the account, end its sessions. Raises BadInput, NotFound."""
    problems = _password_problems(name, password)
    if problems:
        raise BadInput(problems)
    hashed = _hasher().hash(password)
    with history.write() as write:
        _change(write, name, password=hashed, left_at=None)


def change_own_password(history: History, person: Person, old: str, new: str, address: str) -> None:
    """Set a new password for somebody who knows the old one; ends their sessions.

    Raises BadInput (also for a wrong old one), and TooManyAttempts as a login does.
    """
    if authenticate(history, person.name, old, address, code=None) is None:
        raise BadInput([Problem("people", None, "old", "the password of today")])
    change_password(history, person.name, new)


def deactivate(history: History, name: str) -> None:
    """Close an account and end its sessions at once. Raises NotFound."""
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
    """What is wrong with a password: length is what counts, common and guessable ones are refused
    (NIST SP 800-63B), and it must not contain the name."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        return [Problem("people", None, "password", f"{MIN_PASSWORD} to {MAX_PASSWORD} characters")]
    if name and name in password.lower():
        return [Problem("people", None, "password", "something without the name in it")]
    if zxcvbn(password[:ZXCVBN_READS])["score"] < GUESSABLE:
        return [Problem("people", None, "password", "something that is harder to guess")]
    return []


def _role_and_zone_problems(role: str, zone: str) -> list[Problem]:
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
    """The account with this login; None where there is none."""
    row = _row(connection, name)
    return None if row is None else _person(row)


def all_people(connection: sa.Connection) -> list[Person]:
    """All accounts by name, deactivated ones too."""
    rows = connection.execute(sa.select(people).order_by(people.c.name)).mappings()
    return [_person(row) for row in rows]


class CodeNeeded(Exception):
    """The password is right, and a code of the second factor is missing or wrong."""


def authenticate(
    history: History, name: str, password: str, address: str, code: str | None = ""
) -> Person | None:
    """The account of a name and password; None where they do not match. Raises TooManyAttempts, and
    CodeNeeded where a second factor is in force and `code` is none of its codes (None: not asked).

    An unknown name takes as long as a wrong password. While the rate limit stands a right password
    is refused too; a good login is not counted, and clears what failed under its name there.
    """
    name = _login(name)
    with history.write() as write:
        counted = login_limits.count_attempt(write, name, address)
        row = _row(write.connection, name)
    stored = _dummy_hash() if row is None or row["left_at"] is not None else row["password"]
    if not _matches(stored, password) or stored == _dummy_hash():
        return None
    if code is not None and not _proves(history, name, code):
        raise CodeNeeded
    with history.write() as write:
        login_limits.forgive(write, name, address, counted)
        if _hasher().check_needs_rehash(stored):
            _rehash(write, name, password)
    return _person(row)


def _proves(history: History, name: str, code: str) -> bool:
    """Whether a code is right where one is needed. Raises TooManyAttempts."""
    with history.write() as write:
        if not second_factor.is_in_force(write.connection, name):
            return True
        login_limits.count_code(write, name)
        right = second_factor.take_code(history, write, name, code)
        if right:
            login_limits.forgive_codes(write, name)
    return right


def _rehash(write: Write, name: str, password: str) -> None:
    hashed = _hasher().hash(password)
    write.connection.execute(sa.update(people).where(people.c.name == name).values(password=hashed))


def _matches(stored: str, password: str) -> bool:
    if len(password) > MAX_PASSWORD:
        return False
    try:
        return _hasher().verify(stored, password)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
