"""The decision log by page, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from risk.history.schema_decisions import decisions


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """A Decision of the log, and when it was made (ms)."""

    at: int
    decision_id: str
    body: dict[str, Any]


def latest_decisions(
    connection: sa.Connection, before: tuple[int, str] | None, tier: str | None, limit: int
) -> list[LoggedDecision]:
    """Decisions, newest first, before the cursor `before` (decided_at, decision_id)."""
    d = decisions.c
    query = (
        sa.select(d.decided_at, d.decision_id, d.body)
        .order_by(d.decided_at.desc(), d.decision_id.desc())
        .limit(limit)
    )
    if tier:
        query = query.where(d.tier == tier)
    if before is not None:
        at, decision_id = before
        query = query.where(
            sa.or_(d.decided_at < at, sa.and_(d.decided_at == at, d.decision_id < decision_id))
        )
    return [
        LoggedDecision(int(at), str(name), orjson.loads(body))
        for at, name, body in connection.execute(query)
    ]
