"""Surge detection: articles, merchants or couriers with unusually many requests this week."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from risk.cases.figures.overview_rows import DIMENSIONS
from risk.facts.units import DAY_MS

RECENT_DAYS = 7
BEFORE_WEEKS = 4
FEWEST = 5
LEAST_RATIO = 2.0
FALSE_ALARMS = 0.05


@dataclass(frozen=True, slots=True)
class Surge:
    """One value of a dimension: its requests this week, the weekly mean before, and by week.

    `marked` where it is statistically significant; `rate` is requests an order, where known.
    """

    name: str
    recent: int
    before: float
    weeks: tuple[int, ...]
    marked: bool
    rate: float | None = None


def surges(rows: Sequence[Sequence[str | int | None]], now: int) -> dict[str, list[Surge]]:
    """By dimension, every value with requests this week, the most significant first.

    `rows` are (requested_at, category, sku, merchant_id, courier). A value is marked where a
    Poisson count of its earlier weekly mean reaches this week's number with a probability below
    5 % over all values of the dimension together (Bonferroni), and the number at least doubled.
    Where the whole market grew, as after a sales day, the mean is scaled with it.
    """
    if not rows:
        return {name: [] for name in DIMENSIONS}
    asked, *columns = zip(*rows, strict=True)
    weeks = [_week(at, now) for at in asked]
    return {
        name: _ranked(_by_week(Counter(zip(column, weeks, strict=True))))
        for name, column in zip(DIMENSIONS, columns, strict=True)
    }


def _by_week(counted: Mapping[tuple[str | int | None, int | None], int]) -> dict[str, list[int]]:
    """The numbers of each value by week, from those by value and week."""
    found: dict[str, list[int]] = {}
    for (name, week), count in counted.items():
        if name is not None and week is not None:
            found.setdefault(str(name), [0] * (BEFORE_WEEKS + 1))[week] = count
    return found


def whole_market(rows: Iterable[Sequence[str | int | None]], now: int) -> Surge:
    """All requests together, beside which each value of a dimension is read."""
    weeks = [0] * (BEFORE_WEEKS + 1)
    for at, *_ in rows:
        week = _week(at, now)
        if week is not None:
            weeks[week] += 1
    return Surge("", weeks[-1], sum(weeks[:-1]) / BEFORE_WEEKS, tuple(weeks), marked=False)


def _week(at: str | int | None, now: int) -> int | None:
    """Which of the weeks a time (ms) lies in, this one the last; None for any other."""
    ago = (now - int(at or 0)) // (RECENT_DAYS * DAY_MS)
    return BEFORE_WEEKS - ago if 0 <= ago <= BEFORE_WEEKS else None


def _market_growth(counts: dict[str, list[int]]) -> float:
    """This week's total over the weekly mean before, at least 1."""
    recent = sum(weeks[-1] for weeks in counts.values())
    before = sum(sum(weeks[:-1]) for weeks in counts.values()) / BEFORE_WEEKS
    return max(1.0, recent / before) if before else 1.0


def _ranked(counts: dict[str, list[int]]) -> list[Surge]:
    limit, growth = FALSE_ALARMS / max(len(counts), 1), _market_growth(counts)
    ranked = []
    for name, weeks in counts.items():
        recent, before = weeks[-1], sum(weeks[:-1]) / BEFORE_WEEKS
        enough = recent >= FEWEST and recent >= LEAST_RATIO * growth * before
        mean = growth * (before + 1 / BEFORE_WEEKS)
        chance = poisson_tail(recent, mean) if enough else 1.0
        surge = Surge(name, recent, before, tuple(weeks), enough and chance < limit)
        ranked.append((not surge.marked, chance if surge.marked else 1.0, -recent, name, surge))
    return [surge for *_, surge in sorted(ranked, key=lambda item: item[:4])]


def poisson_tail(count: int, mean: float) -> float:
    """P(X ≥ count) for X Poisson with this mean.

    >>> round(poisson_tail(1, 1.0), 4)
    0.6321
    """
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    below = math.fsum(
        math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count)
    )
    return max(0.0, 1.0 - below)
