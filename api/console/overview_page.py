"""The overview: how things stand, drawn on the server."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi.responses import Response

from api.console.charts.days import bars, spark
from api.console.page_route import pages
from api.console.session import Here, Visit
from risk.cases.overview import WINDOW_DAYS, Overview, overview

KEPT_S = 30.0

router = pages()


@router.get("/overview")
def show(visit: Here) -> Response:
    seen = visit.request.app.state.console_overview.of(visit)
    return visit.page(
        "overview.html", seen=seen, bars=bars(seen.days), spark=spark, window=WINDOW_DAYS
    )


class Kept:
    """The last overview by time zone, shown again for half a minute: it is the same for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, tuple[float, Overview]] = {}

    def of(self, visit: Visit) -> Overview:
        zone = visit.locale.zone
        with self._lock:
            made, seen = self._made.get(zone, (0.0, None))
            if seen is None or time.monotonic() - made > KEPT_S:
                seen = overview(visit.desk.history, _offset(zone))
                self._made[zone] = (time.monotonic(), seen)
        return seen


def _offset(zone: str) -> int:
    """How far a zone's clock is ahead of UTC just now, in ms."""
    ahead = datetime.now(ZoneInfo(zone)).utcoffset()
    return 0 if ahead is None else int(ahead.total_seconds() * 1000)
