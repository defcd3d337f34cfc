"""Bar charts by day and by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from risk.cases.overview import DailyTiers
from risk.policy.situation import TIERS


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
    """Stacked bars of tiers by day, the strictest on top."""
    most = max((sum(day.tiers.values()) for day in days), default=0) or 1
    width = 100 / max(len(days), 1)
    found = []
    for at, day in enumerate(days):
        top = 100.0
        for tier in TIERS:
            height = 100 * day.tiers[tier] / most
            top -= height
            if height:
                found.append(Bar(at * width + 0.35, top, width - 0.7, height, tier))
    return found


def spark(weeks: Sequence[int]) -> list[Bar]:
    """A bar a week, this week last."""
    most = max(weeks, default=0) or 1
    width = 100 / max(len(weeks), 1)
    return [
        Bar(at * width + 4, 100 - h, width - 8, h, "now" if at == len(weeks) - 1 else "")
        for at, h in enumerate(max(100 * week / most, 4) for week in weeks)
    ]
