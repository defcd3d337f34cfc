"""Surges as they are first noticed: each once while it lasts, so that receivers are told once."""

from __future__ import annotations

import orjson
import sqlalchemy as sa

from risk.cases.figures.overview_rows import requested
from risk.cases.figures.surges import BEFORE_WEEKS, RECENT_DAYS, Surge, surges
from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms
from risk.history.schema.schema_cases import surges as noticed
from risk.history.store import History

LASTS_MS = RECENT_DAYS * DAY_MS
"""A surge that was noticed is told again only after so long."""


def note_surges(history: History) -> int:
    """Keep every surge of this week that was not noticed in the last one; returns how many."""
    now = now_ms()
    with history.read_for_report() as connection:
        rows = requested(connection, now - (BEFORE_WEEKS + 1) * LASTS_MS)
    marked = [
        (dimension, surge)
        for dimension, found in surges(rows, now).items()
        for surge in found
        if surge.marked
    ]
    if not marked:
        return 0
    with history.write() as write:
        known = _noticed_since(write.connection, write.at - LASTS_MS)
        new = [(dimension, one) for dimension, one in marked if (dimension, one.name) not in known]
        for dimension, one in new:
            write.connection.execute(
                sa.insert(noticed).values(
                    dimension=dimension, name=one.name, at=write.at, body=_body(dimension, one)
                )
            )
    return len(new)


def _noticed_since(connection: sa.Connection, since: int) -> set[tuple[str, str]]:
    query = sa.select(noticed.c.dimension, noticed.c.name).where(noticed.c.at > since)
    return {(row.dimension, row.name) for row in connection.execute(query)}


def _body(dimension: str, one: Surge) -> str:
    told = {
        "refund_id": None, "dimension": dimension, "name": one.name, "this_week": one.recent,
        "weekly_before": one.before,
    }  # fmt: skip
    return orjson.dumps(told).decode()
