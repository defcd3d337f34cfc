"""The timeline strip: marks for the orders, requests and findings of a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from risk.cases.record.timeline_entry import TimelineEntry
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


def strip(entries: Sequence[TimelineEntry], now: int) -> Strip:
    """The strip of the last year, or of as much of it as there is."""
    shown = [m for m in entries if m.kind in ROWS and now - LONGEST_MS <= m.at <= now]
    since = min([*(m.at for m in shown), now - SHORTEST_MS])
    room = max(now - since, 1)
    marks = [Mark(1 + 98 * (m.at - since) / room, ROWS.index(m.kind), m.own, m.tone) for m in shown]
    return Strip(since, now, tuple(marks))
