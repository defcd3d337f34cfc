"""Raw statements on the database driver, for the hot path, without SQLAlchemy's overhead.

Texts are written once with `:name` parameters; each driver gets them in its own style, always the
same text for the same statement, so that the database prepares it once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast

import sqlalchemy as sa

from risk.features.source_columns import SPINE_TEXT
from risk.features.visibility import unrevised

_NAME = re.compile(r"(?<!:):([a-z]\w*)")
_TEXT = SPINE_TEXT | {"refund", "customer", "kind", "skus", "couriers", "touched_order", "claims"}
"""Parameters of type TEXT, numbered ones (`skus_0`) by their stem; the rest are BIGINT."""

_RUNNER = "runner"
"""The key of a connection's `runner` in what SQLAlchemy keeps with it."""

Row = Mapping[str, Any]
"""One row of a query, by the names of its columns."""

Rows = list[tuple[Any, ...]]

Run = Callable[[str, Mapping[str, Any]], Rows]
"""Runs a statement and returns all of its rows."""


Call = tuple[str, Mapping[str, Any]]
"""A statement with its values."""

Insert = tuple[str, Sequence[tuple[Any, ...]]]
"""An insert that has a `?` for each value, and the rows it inserts by position."""

Numbered = tuple[str, tuple[str, ...]]
"""A statement whose parameters are numbers, and their names in that order."""

Texts = tuple[str, str]
"""A statement for stores in which no fact was ever corrected or taken back, and for others."""


def of_store(text: str) -> Texts:
    """A statement that looks at when rows hold, and before it the one that need not."""
    return unrevised(text), text


def run_together(connection: sa.Connection, calls: Sequence[Call]) -> list[Rows]:
    """The rows of statements none of which needs those of another.

    PostgreSQL is sent all of them at once and answers once: each way there and back takes as long
    as a look-up. Raises SQLAlchemy's OperationalError for any error of the driver.
    """
    if connection.dialect.name != "postgresql":
        run = runner(connection)
        return [run(text, values) for text, values in calls]
    driver: Any = connection.dialect.loaded_dbapi
    held: Any = connection.connection.driver_connection
    cursors = [driver.RawCursor(held) for _ in calls]
    try:
        with held.pipeline():
            for cursor, (text, values) in zip(cursors, calls, strict=True):
                _send_numbered(cursor, text, values)
        return [_rows(cursor) for cursor in cursors]
    except driver.Error as error:
        raise sa.exc.OperationalError("statements of the store", None, error) from error


def runner(connection: sa.Connection) -> Run:
    """A function that runs statements on this connection's driver, by one cursor kept with it.

    It raises SQLAlchemy's OperationalError for any error of the driver.
    """
    made: Run | None = connection.info.get(_RUNNER)
    if made is None:
        made = connection.info[_RUNNER] = _new_runner(connection)
    return made


def _new_runner(connection: sa.Connection) -> Run:
    driver: Any = connection.dialect.loaded_dbapi
    failure: type[Exception] = driver.Error
    postgresql = connection.dialect.name == "postgresql"
    held: Any = connection.connection.driver_connection
    cursor = driver.RawCursor(held) if postgresql else held.cursor()

    def run(text: str, values: Mapping[str, Any]) -> Rows:
        try:
            if postgresql:
                _send_numbered(cursor, text, values)
                return _rows(cursor)
            numbered, names = _numbered(text)
            return cast(Rows, cursor.execute(numbered, [values[n] for n in names]).fetchall())
        except failure as error:
            raise sa.exc.OperationalError("a statement of the store", None, error) from error

    return run


def _send_numbered(cursor: Any, text: str, values: Mapping[str, Any]) -> None:
    """Sends a statement to psycopg's raw cursor, which takes numbered parameters.

    With named ones psycopg would parse the text at every call: it caches no long statements.
    """
    numbered, names = typed(text)
    given = [values[name] for name in names]
    cursor.execute(numbered, [None if v is None else str(v) for v in given])


def _rows(cursor: Any) -> Rows:
    """What psycopg's cursor was answered; nothing where there are no rows to give."""
    return [] if cursor.rownumber is None else cast(Rows, cursor.fetchall())


def insert(connection: sa.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Insert rows by position; returns how many were. The statement has a `?` for each value."""
    cursor: Any = connection.connection.cursor()
    try:
        _insert(cursor, _in_style_of(connection, statement), rows)
    except connection.dialect.loaded_dbapi.Error as error:
        raise sa.exc.OperationalError("an insert into the store", None, error) from error
    return int(cursor.rowcount)


def insert_together(
    connection: sa.Connection, inserts: Sequence[Insert], calls: Sequence[Call]
) -> tuple[list[int], list[Rows]]:
    """How many rows each insert has inserted, and the rows of statements that look at none of them:
    all of it sent together, as by `run_together`."""
    if connection.dialect.name != "postgresql":
        return [insert(connection, *one) for one in inserts], run_together(connection, calls)
    driver: Any = connection.dialect.loaded_dbapi
    held: Any = connection.connection.driver_connection
    asking = [driver.RawCursor(held) for _ in calls]
    inserting = [held.cursor() for _ in inserts]
    try:
        with held.pipeline():
            for cursor, (text, values) in zip(asking, calls, strict=True):
                _send_numbered(cursor, text, values)
            for cursor, (statement, rows) in zip(inserting, inserts, strict=True):
                _insert(cursor, _in_style_of(connection, statement), rows)
        return [int(cursor.rowcount) for cursor in inserting], [_rows(one) for one in asking]
    except driver.Error as error:
        raise sa.exc.OperationalError("inserts into the store", None, error) from error


def _in_style_of(connection: sa.Connection, statement: str) -> str:
    return statement.replace("?", "%s") if connection.dialect.name == "postgresql" else statement


def _insert(cursor: Any, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if len(rows) == 1:  # for several psycopg begins a pipeline, as dear as a look-up
        cursor.execute(statement, rows[0])
    else:
        cursor.executemany(statement, rows)


@dataclass(frozen=True)
class BatchedLookup:
    """One look-up for several items in one statement: the arms of a `UNION ALL`.

    `one` selects `{i} AS arm` first and names the item's values `:name_{i}`; where there are fewer
    items than `most`, the other arms get NULL and find nothing.
    """

    one: str
    most: int = 8

    @cached_property
    def texts(self) -> dict[int, str]:
        """The statements by number of arms: for one item, a few, and `most`."""
        return {
            size: " UNION ALL ".join(self.one.format(i=i) for i in range(size))
            for size in sorted({1, self.most // 2, self.most})
        }

    def __call__(
        self, run: Run, items: Sequence[Mapping[str, Any]], shared: Mapping[str, Any]
    ) -> list[Rows]:
        """The rows of each item, in the items' order, without their `arm`."""
        found: list[Rows] = [[] for _ in items]
        for start in range(0, len(items), self.most):
            some = items[start : start + self.most]
            size = next(size for size in self.texts if size >= len(some))
            values: dict[str, Any] = dict(shared)
            for i in range(size):
                item = some[i] if i < len(some) else dict.fromkeys(items[0])
                for name, value in item.items():
                    values[f"{name}_{i}"] = value
            for row in run(self.texts[size], values):
                if row[0] < len(some):
                    found[start + row[0]].append(row[1:])
        return found


@lru_cache(maxsize=256)
def typed(text: str) -> Numbered:
    """The statement in PostgreSQL's style, with typed numbered parameters, and their names.

    Values are sent as text; with the type in the statement, it is prepared only once.
    """
    return _with_places(
        text, lambda n, name: f"CAST(${n} AS {'TEXT' if _is_text(name) else 'BIGINT'})"
    )


@lru_cache(maxsize=256)
def _numbered(text: str) -> Numbered:
    """The statement in SQLite's style: by name, its driver would look for every one in turn."""
    return _with_places(text, lambda n, _: f"?{n}")


def _with_places(text: str, place: Callable[[int, str], str]) -> Numbered:
    """The statement with places for its parameters, made from their number and name."""
    numbers: dict[str, int] = {}

    def written(found: re.Match[str]) -> str:
        return place(numbers.setdefault(found[1], len(numbers) + 1), found[1])

    return _NAME.sub(written, text), tuple(numbers)


def _is_text(name: str) -> bool:
    return name in _TEXT or name.rstrip("0123456789").rstrip("_") in _TEXT
