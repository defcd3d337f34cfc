"""Backlog gauges: open and overdue cases, deliveries and facts that wait, the clock's lag."""

from __future__ import annotations

import sqlalchemy as sa

from risk.facts.units import MINUTE_MS
from risk.history.connection.clock import machine_clock
from risk.history.connection.connect import clock_lag_ms, now_ms
from risk.history.schema.schema_cases import cases
from risk.history.schema.schema_tenants import waiting_facts
from risk.history.schema.schema_webhooks import deliveries, file_fetches

LATE_MS = MINUTE_MS
"""A delivery is late when it was due so long ago."""


def backlog(connection: sa.Connection) -> dict[str, int]:
    """Counts by name; each is read from an index."""
    now = now_ms()
    open_cases = cases.c.state == "open"
    waiting = deliveries.c.state == "waiting"
    return {
        "cases_open": _count(connection, open_cases),
        "cases_overdue": _count(connection, open_cases, cases.c.respond_by < now),
        "deliveries_waiting": _count(connection, waiting),
        "files_waiting": _count(connection, file_fetches.c.state == "waiting"),
        "facts_waiting": _count(connection, waiting_facts.c.waiting_no.is_not(None)),
        "deliveries_late": _count(connection, waiting, deliveries.c.due_at < now - LATE_MS),
        "clock_behind_ms": clock_lag_ms(connection),
        "clock_ahead_ms": machine_clock().ahead_ms(),
    }


def _count(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).where(*conditions)
    return int(connection.execute(query).scalar_one())
