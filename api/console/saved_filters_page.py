"""Saving and deleting filters of the queue."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from fastapi.responses import Response

from api.console.page_route import pages
from api.console.queue_page import FILTERS
from api.console.session import Here, Sent, go
from api.console.templating import url
from risk.access.saved_filters import delete_filters, save_filters
from risk.cases.actor import checked_text

router = pages()


@router.post("/views")
def keep(visit: Here, sent: Sent) -> Response:
    filters = {k: v for k, v in parse_qsl(sent.get("filters", "")) if k in FILTERS}
    title = checked_text(sent.get("title", ""), "title")[:60]
    save_filters(visit.desk.history, visit.person.name, title, urlencode(filters))
    return go(url(**filters, done="saved"))


@router.post("/views/drop")
def drop(visit: Here, sent: Sent) -> Response:
    delete_filters(visit.desk.history, visit.person.name, sent.get("title", ""))
    return go(url(done="saved"))
