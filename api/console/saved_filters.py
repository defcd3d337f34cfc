"""Filters that a person keeps under a title."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from fastapi.responses import Response

from api.console.page_route import pages
from api.console.queue_page import FILTERS
from api.console.session import Here, Sent, go
from api.console.templating import url
from risk.access.sessions import drop_view, save_view
from risk.cases.actor import words

router = pages()


@router.post("/views")
def keep(visit: Here, sent: Sent) -> Response:
    filters = {k: v for k, v in parse_qsl(sent.get("filters", "")) if k in FILTERS}
    title = words(sent.get("title", ""), "title")[:60]
    save_view(visit.desk.history, visit.person.name, title, urlencode(filters))
    return go(url(**filters, done="saved"))


@router.post("/views/drop")
def drop(visit: Here, sent: Sent) -> Response:
    drop_view(visit.desk.history, visit.person.name, sent.get("title", ""))
    return go(url(done="saved"))
