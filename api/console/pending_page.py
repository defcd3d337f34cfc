"""Whether a case is about to change by itself, for the page of it that is open."""

from __future__ import annotations

from fastapi.responses import JSONResponse, Response

from api.console.finding_panel import is_renewing
from api.console.page_route import page_router
from api.console.session import SECURITY_HEADERS, LoggedIn
from risk import cases
from risk.cases.acts.pending_rows import pending_finding

router = page_router()


@router.get("/case/pending")
def pending(context: LoggedIn, id: str = "") -> Response:  # noqa: A002
    """Whether a verdict on the case is still to be stored, or its decision to be made again."""
    history = context.resources.history
    with history.read() as connection:
        waits = pending_finding(connection, id) is not None
    changing = waits or is_renewing(cases.view_case(history, id))
    return JSONResponse({"pending": changing}, headers=SECURITY_HEADERS)
