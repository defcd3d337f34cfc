"""The statements of a search, and how a database would run each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

Statement = tuple[str, Any]


@contextmanager
def recorded(connection: sa.Connection) -> Iterator[list[Statement]]:
    """Every statement that the connection runs within the block, with its parameters."""
    seen: list[Statement] = []

    def note(_: Any, __: Any, text: str, parameters: Any, *___: Any) -> None:
        seen.append((text, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)


def plans(connection: sa.Connection, statements: list[Statement], explain: str) -> list[list[str]]:
    """The steps of each statement, as `explain` has the database say them."""
    return [
        [str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {text}", parameters)]
        for text, parameters in statements
    ]
