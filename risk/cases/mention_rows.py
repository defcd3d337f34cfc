"""The rows behind notes that name people."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa

from risk.history.schema_cases import access_log, case_events

MOST = 200
"""At most so many notes are looked through."""


def notes_since(connection: sa.Connection, since: int) -> list[tuple[str, str, int, Any]]:
    """The notes that name people: (request, author, time in ms, body), the latest first."""
    c = case_events.c
    query = (
        sa.select(c.refund_id, c.who, c.at, c.body)
        .where(c.at > since, c.action == "note", c.body.contains('"mentions"'))
        .order_by(c.at.desc())
        .limit(MOST)
    )
    return [(*row[:3], orjson.loads(row.body)) for row in connection.execute(query)]


def read_since(connection: sa.Connection, who: str, since: int) -> dict[str, int]:
    """When somebody last opened each request since (ms)."""
    c = access_log.c
    query = (
        sa.select(c.refund_id, sa.func.max(c.at))
        .where(c.who == who, c.at > since, c.page == "case")
        .group_by(c.refund_id)
    )
    return {refund_id: int(at) for refund_id, at in connection.execute(query)}
