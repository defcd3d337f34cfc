"""Statements that are compiled once and run on the driver: for pages of very many look-ups.

Building, compiling and running a look-up by SQLAlchemy takes several times what the database does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement in the words of one driver: its text, its values by place, its columns."""

    text: str
    places: tuple[str, ...]
    values: Mapping[str, Any]
    columns: tuple[str, ...]
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]


@dataclass(frozen=True)
class Prepared:
    """A select whose `bindparam`s are given by name, each as one value; its rows are dicts."""

    query: sa.Select[*tuple[Any, ...]]
    _compiled: dict[str, _Compiled] = field(default_factory=dict)

    def __call__(self, connection: sa.Connection, **given: Any) -> Rows:
        """All rows. Raises SQLAlchemy's OperationalError for any error of the driver."""
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _compile(self.query, dialect)
        values = {**compiled.values, **given}
        cursor: Any = connection.connection.cursor()
        try:
            cursor.execute(compiled.text, [values[name] for name in compiled.places])
            found = cursor.fetchall()
        except dialect.loaded_dbapi.Error as error:
            raise sa.exc.OperationalError("a statement of the store", None, error) from error
        finally:
            cursor.close()
        rows = [dict(zip(compiled.columns, row, strict=True)) for row in found]
        for place, read in compiled.readers:
            name = compiled.columns[place]
            for row in rows:
                row[name] = read(row[name])
        return rows


def _compile(query: sa.Select[*tuple[Any, ...]], dialect: sa.Dialect) -> _Compiled:
    kind: Any = type(dialect)
    driver: sa.Dialect = kind(paramstyle="qmark" if dialect.name == "sqlite" else "format")
    compiled = query.compile(dialect=driver)
    columns = tuple(query.selected_columns.keys())
    kinds = [column.type for column in query.selected_columns]
    readers = tuple(
        (place, _boolean) for place, kind in enumerate(kinds) if isinstance(kind, sa.Boolean)
    )
    return _Compiled(
        str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params), columns, readers
    )


def _boolean(value: Any) -> bool | None:
    return None if value is None else bool(value)
