"""Times of purchase: seasons, weekdays, hours, sales days and the spring festival."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np

from risk.facts.units import DAY_MS, HOUR_MS, MINUTE_MS
from training.simulate.parameters import WorldSettings
from training.simulate.random_draws import Bools, Floats, Ints

# First and last day (month, day) of a sale, and its factor on the day's orders.
SALES: Mapping[tuple[int, int, int, int], float] = MappingProxyType(
    {
        (3, 6, 3, 8): 1.6,
        (5, 31, 6, 2): 1.7,
        (6, 16, 6, 18): 2.8,
        (9, 9, 9, 9): 1.4,
        (10, 20, 10, 23): 1.6,
        (10, 31, 11, 3): 2.0,
        (11, 10, 11, 11): 3.4,
        (11, 28, 12, 1): 1.5,
        (12, 12, 12, 12): 1.9,
        (1, 5, 1, 25): 1.25,
    }
)
# Typical time zone difference of western customers to Shanghai.
ABROAD = 10 * HOUR_MS
SPRING_FESTIVAL = (date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26))
HOURS = np.array(
    [18, 9, 5, 3, 3, 4, 8, 16, 28, 38, 44, 46, 48, 46, 42, 40, 40, 42, 46, 58, 76, 82, 70, 42],
    dtype=np.float64,
)
WEEKDAYS = (0.97, 0.95, 0.95, 0.97, 1.02, 1.08, 1.06)


def day_factor(day: date) -> float:
    """Factor on the orders of a day relative to an ordinary one."""
    factor = WEEKDAYS[day.weekday()]
    for (month, first, until_month, last), strength in SALES.items():
        if (month, first) <= (day.month, day.day) <= (until_month, last):
            factor *= strength
    if any(abs((day - feast).days) <= 5 for feast in SPRING_FESTIVAL):
        factor *= 0.35
    return factor


class Calendar:
    """Draws times of purchase, in milliseconds since the epoch."""

    def __init__(self, settings: WorldSettings) -> None:
        self.start = settings.start_ms
        self.days = settings.days
        self.factors = np.array(
            [day_factor(settings.start + timedelta(days=i)) for i in range(settings.days)]
        )
        self._cumulative = np.concatenate([[0.0], np.cumsum(self.factors)]) / self.factors.sum()
        self._hours = np.concatenate([[0.0], np.cumsum(HOURS)]) / HOURS.sum()

    def draw(self, rng: np.random.Generator, since: Ints, abroad: Bools) -> Ints:
        """One time (n,) after each of `since`, busy days likelier; `abroad` shifts the hour."""
        first = np.clip((since - self.start) // DAY_MS, 0, self.days - 1)
        low = self._cumulative[first]
        quantile = low + (1 - low) * rng.random(len(since))
        day = np.searchsorted(self._cumulative, quantile, side="right") - 1
        moment = self.start + np.clip(day, 0, self.days - 1) * DAY_MS + self.clock(rng, abroad)
        late = since + (rng.random(len(since)) * 6 * HOUR_MS).astype(np.int64) + MINUTE_MS
        return np.where(moment > since, moment, late)

    def clock(self, rng: np.random.Generator, abroad: Bools) -> Ints:
        """Times of day, in milliseconds after midnight in Shanghai."""
        size = len(abroad)
        hour = np.searchsorted(self._hours, rng.random(size), side="right") - 1
        local = ((hour + rng.random(size)) * HOUR_MS).astype(np.int64)
        return (local + np.where(abroad, ABROAD, 0)) % DAY_MS

    def rush(self, moments: Ints) -> Floats:
        """Factor (n,) of the day of each moment."""
        day = np.clip((moments - self.start) // DAY_MS, 0, self.days - 1)
        return self.factors[day]


def next_daytime(
    rng: np.random.Generator, moments: Ints, opens: float, closes: float, abroad: Bools
) -> Ints:
    """Moments (n,) outside the local opening hours moved to the next morning."""
    zone = np.where(abroad, 8 * HOUR_MS - ABROAD, 8 * HOUR_MS)
    hour = (moments + zone) % DAY_MS
    wait = np.where(hour < opens * HOUR_MS, opens * HOUR_MS - hour, 0)
    wait = np.where(hour > closes * HOUR_MS, opens * HOUR_MS + DAY_MS - hour, wait)
    settle = rng.random(len(moments)) ** 1.5 * 5 * HOUR_MS
    return moments + np.where(wait > 0, wait + settle, 0).astype(np.int64)
