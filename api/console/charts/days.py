"""Bar charts by day and by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from risk.cases.figures.overview import DailyTiers
from risk.policy.situation import TIERS

CUT_FROM = 4
"""A day of more times the requests of any other is drawn cut, with its number below."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in percent of the drawing; `kind` is its tier."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str = ""


def bars(days: Sequence[DailyTiers]) -> list[Bar]:
    """Stacked bars of tiers by day, the strictest on top; those of a day that is cut keep their
    shares of it."""
    most = _ceiling(days)
    width = 100 / max(len(days), 1)
    found = []
    for at, day in enumerate(days):
        top = 100.0
        whole = max(most, sum(day.tiers.values()))
        for tier in TIERS:
            height = 100 * day.tiers[tier] / whole
            top -= height
            if height:
                found.append(Bar(at * width + 0.35, top, width - 0.7, height, tier))
    return found


def cut_day(days: Sequence[DailyTiers]) -> DailyTiers | None:
    """The day whose bar is cut, because it would make all others invisible."""
    most = _ceiling(days)
    return next((day for day in days if sum(day.tiers.values()) > most), None)


def _ceiling(days: Sequence[DailyTiers]) -> int:
    """How many requests fill the height of the drawing."""
    totals = sorted(sum(day.tiers.values()) for day in days)
    second, most = [0, 0, *totals][-2:]
    return 2 * second if second and most > CUT_FROM * second else most or 1


def spark(weeks: Sequence[int]) -> list[Bar]:
    """A bar a week, this week last."""
    most = max(weeks, default=0) or 1
    width = 100 / max(len(weeks), 1)
    return [
        Bar(at * width + 4, 100 - h, width - 8, h, "now" if at == len(weeks) - 1 else "")
        for at, h in enumerate(max(100 * week / most, 4) for week in weeks)
    ]
