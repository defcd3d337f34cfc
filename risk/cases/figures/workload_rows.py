"""How much open work is with whom: people by what they have claimed, teams by what is theirs."""

from __future__ import annotations

from typing import Literal, NamedTuple

import sqlalchemy as sa

from risk.history.schema.schema_cases import cases

Holder = Literal["person", "team", "nobody"]


class Workload(NamedTuple):
    """The open cases of somebody, of a team, or that nobody has claimed and no team was given."""

    holder: Holder
    name: str
    open: int
    overdue: int


def workload(connection: sa.Connection, now: int, merchant: str | None = None) -> list[Workload]:
    """Who has how many open cases, the most first; of a merchant or at all."""
    c = cases.c
    held = sa.case((c.held_until > now, c.held_by))
    overdue = sa.func.sum(sa.case((c.respond_by < now, 1), else_=0))
    query = sa.select(held.label("person"), c.team, sa.func.count().label("open"), overdue)
    query = query.where(c.state == "open").group_by(held, c.team)
    if merchant:
        query = query.where(c.merchant_id == merchant)
    found: dict[tuple[Holder, str], tuple[int, int]] = {}
    for person, team, count, late in connection.execute(query):
        for key in _with(person, team):
            before = found.get(key, (0, 0))
            found[key] = (before[0] + int(count), before[1] + int(late or 0))
    lines = [Workload(*key, *counts) for key, counts in found.items()]
    return sorted(lines, key=lambda one: (_ORDER.index(one.holder), -one.open, one.name))


_ORDER: tuple[Holder, ...] = ("person", "team", "nobody")


def _with(person: str | None, team: str | None) -> list[tuple[Holder, str]]:
    """Under whom a case counts: whoever claimed it, and the team it was given to."""
    names: list[tuple[Holder, str]] = [("person", person)] if person else []
    if team:
        names.append(("team", team))
    return names or [("nobody", "")]
