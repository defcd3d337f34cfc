"""The machine's wall clock, believed as far as a clock agrees that nobody can set.

A wall clock that is wrong by a year for two seconds would put a year of facts and decisions at
wrong moments, since the store's clock never steps back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from risk.facts.units import DAY_MS, MINUTE_MS

AHEAD_MS = MINUTE_MS
"""A wall clock that ran ahead by more since the process began is not believed."""
SILENCE_MS = 7 * DAY_MS
"""A store without a commit for longer needs a person's word that the clock is right."""
_NS = 1_000_000


@dataclass(slots=True)
class MachineClock:
    """`wall` can be set, `steady` only runs on; both in ns. Together they begin at the making."""

    wall: Callable[[], int]
    steady: Callable[[], int]
    _apart: int = field(init=False)

    def __post_init__(self) -> None:
        self._apart = self.wall() - self.steady()

    def ahead_ms(self) -> int:
        """How far the wall clock ran ahead of the steady one; 0 where it did not."""
        return max(0, (self.wall() - self.steady() - self._apart) // _NS)

    def now_ms(self) -> int:
        """The wall clock (ms since the epoch), or what it would say had it not run ahead."""
        wall, steady = self.wall(), self.steady() + self._apart
        return (steady if wall - steady > AHEAD_MS * _NS else wall) // _NS


def _steady_ns() -> int:
    """A clock that goes on while the machine sleeps, where the system has one."""
    boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime_ns(boot)


@contextmanager
def simulated_clock(at: int) -> Iterator[Callable[[int], None]]:
    """Let this process's clock stand at a moment (ms) and be set by what is yielded: for a store
    whose past is made, such as the demo's."""
    clock, moment = machine_clock(), [at]
    kept = (clock.wall, clock.steady)
    clock.wall = lambda: moment[0] * _NS
    clock.steady = lambda: moment[0] * _NS - clock._apart
    try:
        yield lambda now: moment.__setitem__(0, now)
    finally:
        clock.wall, clock.steady = kept


@cache
def machine_clock() -> MachineClock:
    """The clock of this process, begun when it is first asked."""
    return MachineClock(time.time_ns, _steady_ns)
