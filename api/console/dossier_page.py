"""The printable dossier of a request."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.session import LoggedIn
from risk.access.access_log import log_access
from risk.cases.papers.dossier import dossier
from risk.facts.parse import parse_time

router = page_router()


@router.get("/dossier")
def show(context: LoggedIn, id: str = "") -> Response:  # noqa: A002
    made = dossier(context.resources.history, id)
    log_access(context.resources.history, context.person.name, id, "dossier")
    return context.page("dossier.html", dossier=made, at=parse_time)
