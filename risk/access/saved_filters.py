"""Filters of the queue that a person saved under a title."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from risk.history.schema.schema_cases import saved_filters
from risk.history.store import History

MAX_SAVED = 20


def save_filters(history: History, name: str, title: str, filters: str) -> None:
    """Save filters under a title, replacing what had it; beyond `MAX_SAVED` the oldest goes."""
    with history.write() as write:
        drop = sa.delete(saved_filters).where(saved_filters.c.name == name)
        write.connection.execute(drop.where(saved_filters.c.title == title))
        saved = filters_saved_by(write.connection, name)
        if len(saved) >= MAX_SAVED:
            write.connection.execute(drop.where(saved_filters.c.title == saved[0]["title"]))
        write.connection.execute(
            sa.insert(saved_filters).values(
                name=name, title=title, filters=filters, saved_at=write.at
            )
        )


def delete_filters(history: History, name: str, title: str) -> None:
    """Delete a person's saved filters; does nothing where there are none of this title."""
    with history.write() as write:
        write.connection.execute(
            sa.delete(saved_filters).where(
                saved_filters.c.name == name, saved_filters.c.title == title
            )
        )


def filters_saved_by(connection: sa.Connection, name: str) -> list[dict[str, Any]]:
    """A person's saved filters, oldest first."""
    query = (
        sa.select(saved_filters)
        .where(saved_filters.c.name == name)
        .order_by(saved_filters.c.saved_at, saved_filters.c.title)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
