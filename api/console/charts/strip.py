"""A year at a glance: marks along a line for orders, requests and findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from risk.cases.timeline import TimelineEntry
from risk.facts.units import DAY_MS

ROWS = ("order", "request", "outcome")
LONGEST_MS = 366 * DAY_MS
SHORTEST_MS = 30 * DAY_MS


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at `x` percent of the line, in the row of its kind."""

    x: float
    row: int
    own: bool
    tone: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The marks from `since` to `until` (ms)."""

    since: int
    until: int
    marks: tuple[Mark, ...]


def strip(moments: Sequence[TimelineEntry], now: int) -> Strip:
    """The last year of what is known of a customer, or as much of it as there is."""
    shown = [m for m in moments if m.kind in ROWS and now - LONGEST_MS <= m.at <= now]
    since = min([*(m.at for m in shown), now - SHORTEST_MS])
    room = max(now - since, 1)
    marks = [Mark(1 + 98 * (m.at - since) / room, ROWS.index(m.kind), m.own, m.tone) for m in shown]
    return Strip(since, now, tuple(marks))
