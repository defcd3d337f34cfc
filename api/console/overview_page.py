"""The overview page, with charts drawn on the server as SVG."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi.responses import Response

from api.console.charts.days import bars, spark
from api.console.csv_answer import csv_answer
from api.console.page_route import page_router
from api.console.session import LoggedIn, PageContext
from risk.access.people import all_people
from risk.cases.overview import PERIODS, WINDOW_DAYS, Overview, overview
from risk.facts.format import iso

CACHE_S = 30.0
COLUMNS = ("what", "of", "measure", "value")

router = page_router()


@router.get("/overview")
def show(context: LoggedIn, days: str = "", format: str = "") -> Response:  # noqa: A002
    window = next((one for one in PERIODS if days == str(one)), WINDOW_DAYS)
    found = context.request.app.state.console_overview.of(context, window)
    if format == "csv":
        return csv_answer(f"overview_{window}_days", COLUMNS, _rows(found))
    with context.resources.history.read() as connection:
        names = {person.name: person.display_name for person in all_people(connection)}
    return context.page(
        "overview.html",
        overview=found,
        bars=bars(found.days),
        spark=spark,
        window=window,
        periods=PERIODS,
        names=names,
    )


def _rows(found: Overview) -> Iterator[tuple[object, ...]]:
    """The numbers of an overview as rows: what, of what, how many."""
    for day in found.days:
        yield from (("day", iso(day.at)[:10], tier, count) for tier, count in day.tiers.items())
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


class OverviewCache:
    """Caches the overview by time zone and period for half a minute: it is the same for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cache: dict[tuple[str, int], tuple[float, Overview]] = {}

    def of(self, context: PageContext, window: int = WINDOW_DAYS) -> Overview:
        zone = context.locale.zone
        with self._lock:
            made_at, found = self._cache.get((zone, window), (0.0, None))
            if found is None or time.monotonic() - made_at > CACHE_S:
                found = overview(context.resources.history, _offset(zone), window)
                self._cache[zone, window] = (time.monotonic(), found)
        return found


def _offset(zone: str) -> int:
    """How far a time zone is ahead of UTC just now, in ms."""
    ahead = datetime.now(ZoneInfo(zone)).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds() * 1000)
