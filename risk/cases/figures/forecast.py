"""How many requests the coming weeks bring, from the orders of late: a sales day comes back as
requests days and weeks later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

import sqlalchemy as sa

from risk.cases.figures.sales_rows import lines_by_day, requests_by_days
from risk.facts.units import DAY_MS

WEEKS = 4
WEEK_DAYS = 7
LAGS = 42
"""A request comes at most so many days after its order, as far as the forecast goes."""

BASE_DAYS = 120
LEAST_DAYS = 35
"""A shop whose orders go back less has no forecast."""

SALES_DAY = 2.0
"""A day with so many times the usual order lines is a sales day."""


@dataclass(frozen=True, slots=True)
class ForecastWeek:
    """The requests of a week from day number `day` on, and how many of them are on orders that are
    placed already."""

    day: int
    requests: float
    placed: float


@dataclass(frozen=True, slots=True)
class SalesForecast:
    """The coming weeks, the requests of the last one, the sales days of late as (day number, times
    the usual), and by how much of its requests a week was missed on average when past weeks are
    foretold in the same way; None where that cannot be told."""

    weeks: list[ForecastWeek]
    last_week: int
    sales_days: list[tuple[int, float]]
    missed: float | None


def sales_forecast(connection: sa.Connection, now: int, offset: int) -> SalesForecast | None:
    """The forecast as of now; None where orders go back too little."""
    today = (now + offset) // DAY_MS
    first = today - BASE_DAYS
    return forecast(
        lines_by_day(connection, first, today, offset),
        requests_by_days(connection, first * DAY_MS - offset, offset),
        today,
    )


def forecast(
    sold: Mapping[int, int], asked: Mapping[tuple[int, int], int], today: int
) -> SalesForecast | None:
    """The forecast from order lines by day and requests by (day of order, day of request); `today`
    has only begun, so that the days before it count."""
    days = [day for day, n in sold.items() if n and day < today]
    if not days or today - min(days) < LEAST_DAYS:
        return None
    usual = _usual(sold, today)
    return SalesForecast(
        weeks=_weeks(sold, asked, today, WEEKS),
        last_week=_came(asked, today - WEEK_DAYS, today),
        sales_days=[
            (day, sold[day] / usual)
            for day in sorted(days)
            if day >= today - LAGS and usual and sold[day] >= SALES_DAY * usual
        ],
        missed=_missed(sold, asked, today, min(days)),
    )


def _usual(sold: Mapping[int, int], today: int) -> float:
    """The order lines of a usual day of the last eight weeks: a sales day moves no median."""
    first = max(min(sold), today - 8 * WEEK_DAYS)
    return float(median(sold.get(day, 0) for day in range(first, today)))


def _weeks(
    sold: Mapping[int, int], asked: Mapping[tuple[int, int], int], today: int, weeks: int
) -> list[ForecastWeek]:
    shares, usual = _shares(sold, asked, today), _usual(sold, today)
    found = []
    for first in range(today, today + weeks * WEEK_DAYS, WEEK_DAYS):
        placed = coming = 0.0
        for day in range(first, first + WEEK_DAYS):
            for lag, share in enumerate(shares):
                if day - lag < today:
                    placed += share * sold.get(day - lag, 0)
                else:
                    coming += share * usual
        found.append(ForecastWeek(first, placed + coming, placed))
    return found


def _shares(
    sold: Mapping[int, int], asked: Mapping[tuple[int, int], int], today: int
) -> list[float]:
    """Requests an order line by days since the order, of those orders that are so old."""
    came = [0] * LAGS
    for (ordered, on), n in asked.items():
        if 0 <= on - ordered < LAGS and on < today:
            came[on - ordered] += n
    exposed = [sum(n for day, n in sold.items() if day + lag < today) for lag in range(LAGS)]
    return [n / lines if lines else 0.0 for n, lines in zip(came, exposed, strict=True)]


def _came(asked: Mapping[tuple[int, int], int], first: int, until: int) -> int:
    return sum(n for (_, on), n in asked.items() if first <= on < until)


def _missed(
    sold: Mapping[int, int], asked: Mapping[tuple[int, int], int], today: int, oldest: int
) -> float | None:
    """The mean error of the last weeks as a share of what came, each foretold when it began."""
    errors = []
    for back in range(1, WEEKS + 1):
        then = today - back * WEEK_DAYS
        came = _came(asked, then, then + WEEK_DAYS)
        if then - oldest < LEAST_DAYS or not came:
            continue
        known = {day: n for day, n in sold.items() if day < then}
        told = _weeks(known, {k: n for k, n in asked.items() if k[1] < then}, then, 1)[0]
        errors.append(abs(told.requests - came) / came)
    return sum(errors) / len(errors) if errors else None
