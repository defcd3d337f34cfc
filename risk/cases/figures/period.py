"""The period that an overview is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms

WINDOW_DAYS = 28
PERIODS = (7, WINDOW_DAYS, 90, 365)
"""The periods up to now that are one press away, in days."""

LONGEST_DAYS = 3 * 366
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Period:
    """The moments from `since` until before `until` (ms)."""

    since: int
    until: int

    @classmethod
    def last(cls, days: int = WINDOW_DAYS) -> Period:
        """So many days up to now."""
        now = now_ms()
        return cls(now - days * DAY_MS, now + 1)

    @classmethod
    def between(cls, first: date, last: date, offset: int) -> Period:
        """From the first day to the last, both whole, on a clock `offset` ms ahead of UTC; at most
        `LONGEST_DAYS`. Raises ValueError where the last day comes before the first.

        >>> from datetime import date
        >>> found = Period.between(date(1970, 1, 2), date(1970, 1, 3), 0)
        >>> (found.since // DAY_MS, found.until // DAY_MS)
        (1, 3)
        """
        start, end = (day.toordinal() - _EPOCH for day in (first, last))
        if end < start:
            raise ValueError("the last day comes before the first")
        start = max(start, end - LONGEST_DAYS + 1)
        return cls(start * DAY_MS - offset, (end + 1) * DAY_MS - offset)
