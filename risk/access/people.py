"""Reviewers and administrators: their accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import available_timezones

import sqlalchemy as sa

from risk.access import login_limits, second_factor
from risk.access.passwords import (
    hash_password,
    login_slot,
    matches,
    outdated,
    password_problems,
)
from risk.errors import BadInput, Conflict, NotFound, Problem
from risk.history.connection.connect import Write, now_ms
from risk.history.schema.schema_cases import people, sessions
from risk.history.store import History
from risk.problem_phrases import phrase

Role = Literal["reviewer", "administrator"]
ROLES: tuple[Role, ...] = ("reviewer", "administrator")
ZONE = "Asia/Shanghai"
MAX_TEAM = 40


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the console. `name` is the login; `zone` an IANA time zone; `team` whom they
    work with, empty for nobody in particular."""

    name: str
    display_name: str
    role: Role
    zone: str
    deactivated: bool = False
    team: str = ""


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
        + password_problems(name, password)
        + _role_and_zone_problems(role, zone)
    )
    if problems:
        raise BadInput(problems)
    hashed = hash_password(password)
    person = Person(name, display_name.strip()[:80] or name, role, zone)
    with history.write() as write:
        if _row(write.connection, name) is not None:
            raise Conflict(phrase("name_taken", name=name))
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


def check_known(history: History, name: str) -> None:
    """Raises NotFound for a login that nobody has."""
    with history.read() as connection:
        if _row(connection, _login(name)) is None:
            raise NotFound(f"nobody is named {name}")


def change_password(history: History, name: str, password: str) -> None:
    """Set a new password, activate the account, end its sessions. Raises BadInput, NotFound."""
    problems = password_problems(name, password)
    if problems:
        raise BadInput(problems)
    hashed = hash_password(password)
    with history.write() as write:
        _change(write, name, password=hashed, left_at=None)


def change_own_password(history: History, person: Person, old: str, new: str, address: str) -> None:
    """Set a new password for somebody who knows the old one; ends their sessions.

    Raises BadInput (also for a wrong old one), and TooManyAttempts as a login does.
    """
    if authenticate(history, person.name, old, address, code=None) is None:
        raise BadInput([Problem("people", None, "old", phrase("password_today"))])
    change_password(history, person.name, new)


def change_role(history: History, name: str, role: Role) -> None:
    """Make somebody a reviewer or an administrator, and end their sessions.

    Raises BadInput, NotFound.
    """
    if role not in ROLES:
        raise BadInput([_role_problem()])
    with history.write() as write:
        _change(write, name, role=role)


def change_team(history: History, name: str, team: str) -> None:
    """Put somebody into a team, or with an empty name into none. Raises BadInput, NotFound."""
    wanted = team.strip()
    if len(wanted) > MAX_TEAM or not wanted.isprintable():
        expected = phrase("at_most_characters", count=MAX_TEAM)
        raise BadInput([Problem("people", None, "team", expected)])
    with history.write() as write:
        row = _row(write.connection, _login(name))
        if row is None:
            raise NotFound(f"nobody is named {name}")
        team_is = sa.update(people).where(people.c.name == row["name"])
        write.connection.execute(team_is.values(team=wanted or None))


def deactivate(history: History, name: str) -> None:
    """Close an account and end its sessions at once. Raises NotFound."""
    with history.write() as write:
        _change(write, name, left_at=write.at)


def _change(write: Write, name: str, **values: Any) -> None:
    changed = write.connection.execute(
        sa.update(people).where(people.c.name == _login(name)).values(**values)
    )
    if changed.rowcount != 1:
        raise NotFound(f"nobody is named {name}")
    write.connection.execute(sa.delete(sessions).where(sessions.c.name == _login(name)))


def _login(name: str) -> str:
    return name.strip().lower()


def _name_problems(name: str) -> list[Problem]:
    fits = 1 <= len(name) <= 40 and all(c.isalnum() or c in "._-@" for c in name)
    return [] if fits else [Problem("people", None, "name", phrase("login_name", least=1, most=40))]


def _role_and_zone_problems(role: str, zone: str) -> list[Problem]:
    problems = []
    if role not in ROLES:
        problems.append(_role_problem())
    if zone not in available_timezones():
        problems.append(Problem("people", None, "zone", phrase("time_zone")))
    return problems


def _role_problem() -> Problem:
    return Problem("people", None, "role", phrase("one_of", choices=list(ROLES)))


def _row(connection: sa.Connection, name: str) -> Any:
    return connection.execute(sa.select(people).where(people.c.name == name)).mappings().first()


def _person(row: Any) -> Person:
    left, team = row["left_at"] is not None, row["team"] or ""
    return Person(row["name"], row["shown"], row["role"], row["zone"], left, team)


def person_of(connection: sa.Connection, name: str) -> Person | None:
    """The account with this login; None where there is none."""
    row = _row(connection, name)
    return None if row is None else _person(row)


def all_people(connection: sa.Connection) -> list[Person]:
    """All accounts by name, deactivated ones too."""
    rows = connection.execute(sa.select(people).order_by(people.c.name)).mappings()
    return [_person(row) for row in rows]


def all_teams(connection: sa.Connection) -> list[str]:
    """The teams that somebody who may log in belongs to, by name."""
    query = sa.select(people.c.team).distinct()
    query = query.where(people.c.team.is_not(None), people.c.left_at.is_(None))
    return sorted(connection.execute(query).scalars())


class CodeNeeded(Exception):
    """The password is right, and a code of the second factor is missing or wrong."""


def authenticate(
    history: History, name: str, password: str, address: str, code: str | None = ""
) -> Person | None:
    """The account of a name and password; None where they do not match. Raises TooManyAttempts,
    Unavailable where too many log in at once, and CodeNeeded where a second factor is in force and
    `code` is none of its codes (None: not asked).

    An unknown name takes as long as a wrong password. While the rate limit stands a right password
    is refused too; a good login is not counted, and clears what failed under its name there.
    """
    name = _login(name)
    with login_slot():
        row, counted = _counted(history, name, address)
        closed = row is None or row["left_at"] is not None
        if not matches(None if closed else row["password"], password):
            return None
    if code is not None and not _proves(history, name, code):
        raise CodeNeeded
    with history.write() as write:
        login_limits.forgive(write, name, address, counted)
        if outdated(row["password"]):
            _rehash(write, name, password)
    return _person(row)


def _counted(history: History, name: str, address: str) -> tuple[Any, int]:
    """The row of a name (None: there is none), and the instant of the attempt, which is counted.
    Raises TooManyAttempts, and then writes nothing: such attempts are as many as somebody likes."""
    with history.read() as connection:
        login_limits.check(connection, name, address, now_ms())
    with history.write() as write:
        counted = login_limits.count_attempt(write, name, address)
        return _row(write.connection, name), counted


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
    hashed = hash_password(password)
    write.connection.execute(sa.update(people).where(people.c.name == name).values(password=hashed))
