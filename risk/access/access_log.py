"""The access log: who opened which case, on which page."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from risk.history.schema.schema_cases import access_log
from risk.history.store import History


def log_access(history: History, who: str, refund_id: str, page: str) -> None:
    """Log that somebody opened a case."""
    with history.write() as write:
        write.connection.execute(
            sa.insert(access_log).values(at=write.at, who=who, refund_id=refund_id, page=page)
        )


def read_access_log(
    connection: sa.Connection,
    refund_id: str | None = None,
    before: int | None = None,
    most: int = 100,
) -> list[dict[str, Any]]:
    """The newest entries, newest first: of one case or of all, before a `look_no`."""
    query = sa.select(access_log).order_by(access_log.c.look_no.desc()).limit(most)
    if refund_id:
        query = query.where(access_log.c.refund_id == refund_id)
    if before is not None:
        query = query.where(access_log.c.look_no < before)
    return [dict(row) for row in connection.execute(query).mappings()]
