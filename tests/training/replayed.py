"""Decisions made again, with or without something changed in between."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from risk.decisions import log
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.store import History
from tests.deciders import body
from training.check.replay import Difference, replay


def again(history: History) -> list[Difference]:
    told: list[tuple[str, int, int | None]] = []
    count, found, _ = replay(history, lambda *step: told.append(step))
    with history.read() as connection:
        assert count == len(list(log.every(connection)))
    assert [done for what, done, _ in told if what == "deciding again"] == list(range(1, count + 1))
    return found


def tamper(history: History, table: sa.Table, **values: Any) -> None:
    with history.write() as write:
        write.connection.execute(sa.update(table).values(**values))


def linked_bodies(many: int) -> list[dict[str, Any]]:
    """Requests of two customers who share a device, each request with its own order."""
    bodies = [body() for _ in range(many)]
    for n, one in enumerate(bodies):
        one["order"][0].update(customer_id=f"C-{n % 2}", device_id="the same device")
    return bodies


def dated(facts: list[dict[str, Any]], ago: int) -> list[dict[str, Any]]:
    return [{**fact, "known_at": iso(now_ms() - ago)} for fact in facts]
