"""The decision log by page, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from risk.history.page_rows import Page, PageOf
from risk.history.schema_decisions import decisions


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """A Decision of the log, and when it was made (ms)."""

    at: int
    decision_id: str
    body: dict[str, Any]


def latest_decisions(
    connection: sa.Connection, wanted: PageOf, tier: str | None = None
) -> Page[LoggedDecision]:
    """A page of decisions, the newest first."""
    d = decisions.c
    query = sa.select(d.decided_at, d.decision_id, d.body)
    if tier:
        query = query.where(d.tier == tier)
    return wanted.read(connection, query, d.decided_at, d.decision_id, _logged)


def _logged(row: Any) -> LoggedDecision:
    return LoggedDecision(int(row.decided_at), row.decision_id, orjson.loads(row.body))
