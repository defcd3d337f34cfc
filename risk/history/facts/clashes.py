"""Facts that contradict what is stored, and what differs, in the contract's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from risk.facts import RECORDS
from risk.facts.columns import STORED
from risk.facts.format import iso
from risk.facts.parse_columns import Columns


@dataclass(frozen=True, slots=True)
class Clash:
    """A fact that contradicts what is stored: its place among those given, and what differs.

    `columns` are the contract's names of what differs; `below` is the highest revision stored where
    the fact's own number lies below it. `together`: what it contradicts was given with it.
    """

    place: int
    name: str
    number: int
    columns: tuple[str, ...]
    below: int | None = None
    together: bool = False
    remedy: str = "a correction states a higher revision"

    def __str__(self) -> str:
        revision = f", revision {self.number}" if self.number > 1 or self.below else ""
        differing = ", ".join(self.columns) or "nothing"
        if self.below:
            return (
                f"{self.name}{revision} is below revision {self.below}, which is stored; "
                f"it differs in: {differing}"
            )
        if self.together:
            return f"{self.name}{revision} is given twice with different content: {differing}"
        return f"{self.name}{revision} is stored with another content: {differing}; {self.remedy}"


def retraction_clash(held: Mapping[str, Any], given: Mapping[str, Any], place: int = 0) -> Clash:
    """A retraction that says something else than the one of the same fact and moment."""
    differing = tuple(name for name in ("reason", "revision") if held[name] != given[name])
    name = f"{given['kind']} {given['key']}, retracted_at={iso(given['retracted_at'])}"
    remedy = "another retraction has a `retracted_at` of its own"
    return Clash(place, name, 1, differing, remedy=remedy)


def differing_fields(kind: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[str, ...]:
    """The contract's names of what two stored rows of one fact say differently."""
    apart = {*RECORDS[kind].key, "revision", "known_at"}
    own = (column for column in STORED[kind] if column.field and column.field not in apart)
    return tuple(column.field for column in own if a[column.name] != b[column.name])


def name_of(kind: str, columns: Columns, i: int) -> str:
    """The key of a fact in the contract's words; identities and what is unknown stay out of it."""
    definition = RECORDS[kind]
    own = ((definition.field(name), columns[name][i]) for name in definition.key if name in columns)
    return ", ".join(
        f"{field.name}={iso(value) if field.type == 'time' else value}"
        for field, value in own
        if value is not None and not field.identity
    )
