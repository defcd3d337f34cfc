"""Rows of `id_aliases`: what the ids that merchants use are in this store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from risk.facts import KINDS
from risk.history.connection.connect import Write
from risk.history.facts.revise import slices
from risk.history.schema import FACTS
from risk.history.schema.schema_tenants import id_aliases
from risk.history.tenants.ownership import Subject

SEPARATOR = "@"
"""Between a merchant's id and the merchant, in an internal id."""

_c = id_aliases.c
_OF = {
    column.name: sa.select(_c.merchant_id, _c.name, _c.id, _c.internal_id)
    .where(column.in_(sa.bindparam("some", expanding=True)))
    .order_by(*_c)
    for column in (_c.id, _c.internal_id)
}
"""The rows of ids, by the column in which they stand."""


@dataclass(frozen=True, slots=True)
class Alias:
    """What a merchant's id is in this store: the same, or an internal id where another had it."""

    merchant_id: str
    name: str
    id: str
    internal_id: str

    @property
    def is_renamed(self) -> bool:
        return self.id != self.internal_id


def aliases_of(connection: sa.Connection, wanted: Collection[Subject]) -> list[Alias]:
    """The rows of these ids, of every merchant."""
    return _read(connection, _c.id, wanted)


def aliases_to(connection: sa.Connection, internal: Collection[Subject]) -> list[Alias]:
    """The rows that lead to these internal ids, of every merchant."""
    return _read(connection, _c.internal_id, internal)


def _read(
    connection: sa.Connection, column: sa.Column[str], wanted: Collection[Subject]
) -> list[Alias]:
    found: list[Alias] = []
    for some in slices({value for _, value in wanted}):
        rows = connection.execute(_OF[column.name], {"some": some})
        found += [Alias(*map(str, row)) for row in rows]
    return [
        row for row in found if (row.name, row.id if column is _c.id else row.internal_id) in wanted
    ]


def add_aliases(write: Write, rows: Iterable[Alias]) -> None:
    """Store new rows."""
    values = [
        {"merchant_id": row.merchant_id, "name": row.name, "id": row.id,
         "internal_id": row.internal_id}
        for row in rows
    ]  # fmt: skip
    if values:
        write.connection.execute(sa.insert(id_aliases), values)
        write.filled.add("id_aliases")


def remove_alias(write: Write, merchant_id: str, name: str, value: str) -> None:
    """Remove what a merchant's id is in this store."""
    here = (_c.merchant_id == merchant_id, _c.name == name, _c.id == value)
    write.connection.execute(sa.delete(id_aliases).where(*here))


def own_id(connection: sa.Connection, merchant_id: str, name: str, value: str) -> str:
    """A free internal id for a merchant's id that another merchant had before: `1001@M-2`."""
    internal = f"{value}{SEPARATOR}{merchant_id}"
    while _is_used(connection, name, internal):
        internal += "'"
    return internal


def _is_used(connection: sa.Connection, name: str, value: str) -> bool:
    """Whether anything has an id already, as somebody's own or as an internal one."""
    subject = {(name, value)}
    if aliases_of(connection, subject) or aliases_to(connection, subject):
        return True
    tables = (FACTS[kind.name] for kind in KINDS.values() if name in FACTS[kind.name].c)
    queries = (sa.select(table.c[name]).where(table.c[name] == value).limit(1) for table in tables)
    return any(connection.execute(query).first() is not None for query in queries)
