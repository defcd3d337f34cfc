"""The overview page, with charts drawn on the server as SVG."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi.responses import Response

from api.console.charts.days import bars, cut_day, spark
from api.console.csv_answer import csv_answer
from api.console.localisation import Locale
from api.console.page_route import page_router
from api.console.session import LoggedIn, PageContext
from risk.access.people import all_people
from risk.cases.figures.overview import Overview, overview
from risk.cases.figures.period import PERIODS, WINDOW_DAYS, Period
from risk.facts.units import DAY_MS

CACHE_S = 30.0
MOST_CACHED = 32
LONGEST = 200
NAMED_PARTS = ("category", "reason_code", "courier", "customer_tier")
"""What requests are counted under that has labels."""

COLUMNS = ("what", "of", "measure", "value")

router = page_router()


@router.get("/overview")
def show(
    context: LoggedIn,
    days: str = "",
    first: str = "",
    last: str = "",
    merchant: str = "",
    format: str = "",  # noqa: A002
) -> Response:
    """The overview of the last so many days, or from a day to another; of one merchant or all."""
    of = merchant.strip()[:LONGEST] or None
    offset = _offset(context.locale.zone)
    window, period = _asked(days, first, last, offset)
    found = context.request.app.state.console_overview.of(context, window, period, of)
    shown = _days_shown(context, period) if period else {}
    if format == "csv":
        name = f"overview_{shown['first']}_{shown['last']}" if period else f"overview_{window}_days"
        return csv_answer(name, COLUMNS, _rows(found, context.locale))
    with context.resources.history.read() as connection:
        names = {person.name: person.display_name for person in all_people(connection)}
    return context.page(
        "overview.html",
        overview=found,
        bars=bars(found.days),
        cut=cut_day(found.days),
        spark=spark,
        window=0 if period else window,
        periods=PERIODS,
        names=names,
        named_parts=NAMED_PARTS,
        shown=shown,
        merchant=of or "",
        kept={name: value for name, value in (("merchant", of),) if value},
        wrong=bool(first or last) and period is None,
        day_of=lambda day: context.locale.day(day * DAY_MS - offset),
    )


def _asked(days: str, first: str, last: str, offset: int) -> tuple[int, Period | None]:
    """The last so many days, and the period between two days where both are given and in order."""
    window = next((one for one in PERIODS if days == str(one)), WINDOW_DAYS)
    try:
        return window, Period.between(date.fromisoformat(first), date.fromisoformat(last), offset)
    except ValueError:
        return window, None


def _days_shown(context: PageContext, period: Period) -> dict[str, str]:
    """First and last day of a period, as a date field writes them."""
    ends = {"first": period.since, "last": period.until - 1}
    return {name: context.locale.moment(at).date().isoformat() for name, at in ends.items()}


def _rows(found: Overview, locale: Locale) -> Iterator[tuple[object, ...]]:
    """The numbers of an overview as rows: what, of what, how many."""
    for day in found.days:
        date_there = locale.moment(day.at).date().isoformat()
        yield from (("day", date_there, tier, count) for tier, count in day.tiers.items())
    yield from (("closed", name, "", value) for name, value in found.closed.items())
    yield from (("waiting", name, "", value) for name, value in found.waiting.items())
    for part, values in found.parts.items():
        for one in values:
            yield from ((part, one.name, tier, count) for tier, count in one.tiers.items())
            yield part, one.name, "found_abusive", one.abusive
            yield part, one.name, "found_honest", one.honest
    for reviewer in found.reviews.reviewers:
        yield "reviewer", reviewer.who, "found", reviewer.found
        yield "reviewer", reviewer.who, "median_minutes", reviewer.median_minutes
        yield "reviewer", reviewer.who, "overturned", reviewer.overturned
    for agreement in found.reviews.agreement:
        yield "agreement", agreement.how, "found", agreement.found
        yield "agreement", agreement.how, "agreed", agreement.agreed
    for work in found.workload:
        yield "workload", work.name, f"{work.holder}_open", work.open
        yield "workload", work.name, f"{work.holder}_overdue", work.overdue
    for line in found.targets:
        yield line.measure, line.of, "value", line.value
        yield line.measure, line.of, "target", line.target
    for number, week in enumerate(found.sales.weeks if found.sales else (), 1):
        yield "forecast", f"week {number}", "requests", round(week.requests, 1)


class OverviewCache:
    """Caches the overview by time zone, period and merchant for half a minute: all see the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cache: dict[tuple[str, int | Period, str | None], tuple[float, Overview]] = {}

    def of(
        self,
        context: PageContext,
        window: int = WINDOW_DAYS,
        period: Period | None = None,
        merchant: str | None = None,
    ) -> Overview:
        zone = context.locale.zone
        key = (zone, period or window, merchant)
        with self._lock:
            made_at, found = self._cache.get(key, (0.0, None))
            if found is None or time.monotonic() - made_at > CACHE_S:
                of = period or Period.last(window)
                found = overview(context.resources.history, _offset(zone), of, merchant)
                while len(self._cache) >= MOST_CACHED:
                    self._cache.pop(next(iter(self._cache)))
                self._cache[key] = (time.monotonic(), found)
        return found


def _offset(zone: str) -> int:
    """How far a time zone is ahead of UTC just now, in ms."""
    ahead = datetime.now(ZoneInfo(zone)).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds() * 1000)
