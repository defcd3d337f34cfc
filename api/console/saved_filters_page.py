"""Saving and deleting filters of the queue."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.queue_page import FILTERS
from api.console.session import LoggedIn, VerifiedForm, redirect
from api.console.templating import url
from risk.access.saved_filters import delete_filters, save_filters
from risk.cases.actor import checked_text

router = page_router()


@router.post("/filters")
def save(context: LoggedIn, form: VerifiedForm) -> Response:
    filters = {k: v for k, v in parse_qsl(form.get("filters", "")) if k in FILTERS}
    title = checked_text(form.get("title", ""), "title")[:60]
    save_filters(context.resources.history, context.person.name, title, urlencode(filters))
    return redirect(url(**filters, done="saved"))


@router.post("/filters/delete")
def delete(context: LoggedIn, form: VerifiedForm) -> Response:
    delete_filters(context.resources.history, context.person.name, form.get("title", ""))
    return redirect(url(done="saved"))
