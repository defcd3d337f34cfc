"""The rows behind notes that name people."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson
import sqlalchemy as sa

from risk.history.connection.prepared import Prepared
from risk.history.schema.schema_cases import access_log, case_events

MOST = 200
"""At most so many notes are looked through."""


def notes_since(connection: sa.Connection, since: int) -> list[tuple[str, str, int, Any]]:
    """The notes that name people: (request, author, time in ms, body), the latest first."""
    rows = _NOTES(connection, since=since)
    return [(row["refund_id"], row["who"], row["at"], orjson.loads(row["body"])) for row in rows]


_e = case_events.c
_NOTES = Prepared(
    sa.select(_e.refund_id, _e.who, _e.at, _e.body)
    .where(
        _e.at > sa.bindparam("since", type_=sa.BigInteger),
        _e.action == "note",
        _e.body.contains('"mentions"'),
    )
    .order_by(_e.at.desc())
    .limit(MOST)
)


def last_read(connection: sa.Connection, who: str, refund_ids: Collection[str]) -> dict[str, int]:
    """When somebody last opened each of these requests (ms)."""
    if not refund_ids:
        return {}
    c = access_log.c
    query = (
        sa.select(c.refund_id, sa.func.max(c.at))
        .where(c.refund_id.in_(refund_ids), c.who == who, c.page == "case")
        .group_by(c.refund_id)
    )
    return {refund_id: int(at) for refund_id, at in connection.execute(query)}
