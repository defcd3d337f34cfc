"""How far long work is: what it reports to, and a meter of work made of parts of known cost."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Protocol

FEATURES = "reading what was known of each request"
LEARNING = "learning from what was found"
REGISTERING = "registering in MLflow"
GATE = "asking the gate"
DECIDING = "deciding requests"
"""What long work is called where people watch it."""


class Progress(Protocol):
    """Called with what is done, how much of it so far, and of how much (None: not known)."""

    def __call__(self, what: str, done: int, total: int | None, /) -> None: ...


def sub_progress(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    """Reports the progress of one named part: how much is done of how much."""
    if progress is None:
        return None
    return lambda done, total: progress(what, done, total)


class Meter:
    """Reports work of `total` units of cost as they are done, from any thread.

    >>> meter = Meter(lambda *told: print(*told), "learning", 30)
    >>> step = meter.part(20, steps=2)
    >>> step()
    learning 10 30
    >>> meter.add(5)
    learning 15 30
    >>> step()
    learning 25 30
    """

    def __init__(self, progress: Progress | None, what: str, total: int) -> None:
        self._progress, self._what, self._total = progress, what, total
        self._done, self._lock = 0.0, Lock()

    def add(self, units: float) -> None:
        """Count units as done."""
        with self._lock:
            before, self._done = self._done, min(self._done + units, self._total)
            if self._progress and int(self._done) != int(before):
                self._progress(self._what, int(self._done), self._total)

    def part(self, units: float, steps: int) -> Callable[[], None]:
        """A part of so many units: call what is returned after each of its `steps`."""
        return lambda: self.add(units / steps)
