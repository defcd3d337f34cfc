"""What the queue of people asks of those who work it: cases an hour, and deadlines missed."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.facts.units import HOUR_MS, MINUTE_MS


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works the queue: so many reviewers, so many minutes a case, around the clock."""

    reviewers: int = 2
    minutes: float = 15.0


USUAL = Staff()


def queue(cases: pd.DataFrame, staff: Staff) -> tuple[float, int, int]:
    """Cases an hour, deadlines missed, and cases of the busiest hour, first due first served."""
    if cases.empty:
        return 0.0, 0, 0
    ordered = cases.sort_values("requested_at")
    start = ordered["requested_at"].to_numpy()
    due = ordered["respond_by"].to_numpy()
    per_hour = pd.Series(start // HOUR_MS).value_counts()
    span = max((start[-1] - start[0]) / HOUR_MS, 1.0)
    return len(cases) / span, _missed(start, due, staff), int(per_hour.max())


def _missed(start: np.ndarray, due: np.ndarray, staff: Staff) -> int:
    free = [int(start[0])] * max(staff.reviewers, 1)
    waiting: list[tuple[int, int]] = []
    takes, missed, at, now = int(staff.minutes * MINUTE_MS), 0, 0, 0
    while at < len(start) or waiting:
        # Whoever was free before the last event waited for it: nobody takes a case ahead of time.
        now = max(heapq.heappop(free), now)
        if not waiting and at < len(start):
            now = max(now, int(start[at]))
        while at < len(start) and start[at] <= now:
            heapq.heappush(waiting, (int(due[at]), at))
            at += 1
        deadline, _ = heapq.heappop(waiting)
        missed += now + takes > deadline
        heapq.heappush(free, now + takes)
    return missed
