"""The dossier of a request, to be printed."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.page_route import pages
from api.console.session import Here
from risk.access.access_log import log_access
from risk.cases.dossier import dossier
from risk.facts.parse import parse_time

router = pages()


@router.get("/dossier")
def show(visit: Here, id: str = "") -> Response:  # noqa: A002
    made = dossier(visit.desk.history, id)
    log_access(visit.desk.history, visit.person.name, id, "dossier")
    return visit.page("dossier.html", dossier=made, at=parse_time)
