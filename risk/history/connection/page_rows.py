"""Pages of rows, the newest first, each with the cursor of the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from risk.errors import BadInput
from risk.history.connection.cursor import decode_cursor, encode_cursor

T = TypeVar("T")
Place = tuple[float, str]
"""The time and the id of a row."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows; `following` is the cursor of the next page, None on the last one."""

    rows: list[T]
    following: str | None


@dataclass(frozen=True, slots=True)
class PageOf:
    """Which page is wanted: so many rows, those behind a place (None: the newest)."""

    limit: int
    after: Place | None = None

    @classmethod
    def at(cls, cursor: str | None, limit: int, what: str) -> PageOf:
        """The page that a cursor names. Raises BadInput for what no page gave."""
        return cls(limit, decode_cursor(cursor, what))

    @classmethod
    def at_or_newest(cls, cursor: str, limit: int) -> PageOf:
        """The page that a cursor names, the newest for what no page gave."""
        try:
            return cls.at(cursor, limit, "")
        except BadInput:
            return cls(limit)

    def read(
        self,
        connection: sa.Connection,
        query: sa.Select[Any],
        at: sa.ColumnElement[int],
        name: sa.Column[str],
        row_of: Callable[[Any], T],
    ) -> Page[T]:
        """The page of a query's rows, by their time and their id, which the query selects."""
        if self.after:
            time, id_ = self.after
            query = query.where(sa.or_(at < time, sa.and_(at == time, name < id_)))
        query = query.order_by(at.desc(), name.desc()).limit(self.limit + 1)
        rows = connection.execute(query).all()
        shown = rows[: self.limit]
        last = shown[-1]._mapping if len(rows) > self.limit else None
        following = encode_cursor(last[at], last[name]) if last else None
        return Page([row_of(row) for row in shown], following)
