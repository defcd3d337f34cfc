"""The overview page, with charts drawn on the server as SVG."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi.responses import Response

from api.console.charts.days import bars, spark
from api.console.page_route import page_router
from api.console.session import LoggedIn, PageContext
from risk.cases.overview import WINDOW_DAYS, Overview, overview

CACHE_S = 30.0

router = page_router()


@router.get("/overview")
def show(context: LoggedIn) -> Response:
    found = context.request.app.state.console_overview.of(context)
    return context.page(
        "overview.html", overview=found, bars=bars(found.days), spark=spark, window=WINDOW_DAYS
    )


class OverviewCache:
    """Caches the overview by time zone for half a minute: it is the same for everybody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cache: dict[str, tuple[float, Overview]] = {}

    def of(self, context: PageContext) -> Overview:
        zone = context.locale.zone
        with self._lock:
            made_at, found = self._cache.get(zone, (0.0, None))
            if found is None or time.monotonic() - made_at > CACHE_S:
                found = overview(context.resources.history, _offset(zone))
                self._cache[zone] = (time.monotonic(), found)
        return found


def _offset(zone: str) -> int:
    """How far a time zone is ahead of UTC just now, in ms."""
    ahead = datetime.now(ZoneInfo(zone)).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds() * 1000)
