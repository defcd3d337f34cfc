"""Files of evidence for a reviewer: shown encoded anew, and added to a case."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.case_page import page
from api.console.files_form import FilesForm, SentFiles
from api.console.page_route import page_router
from api.console.queue_page import given
from api.console.session import SECURITY_HEADERS, LoggedIn, PageContext, redirect
from api.console.templating import url
from api.dependencies.context import service_of
from risk import cases
from risk.access.access_log import log_access
from risk.errors import BadInput, Conflict
from risk.evidence.file_rows import request_of
from risk.evidence.reviewer_uploads import SUBMITTERS, add_to_case

WIDTHS = {"small": 320, "large": 1600}
"""Pixels across of what is shown."""

PICTURE_HEADERS = {
    **SECURITY_HEADERS,
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}

router = page_router()


@router.get("/evidence-file")
def show(context: LoggedIn, id: str = "", size: str = "small") -> Response:  # noqa: A002
    """A picture of the file, a film playing where it is large; opening it large is noted in the
    access log."""
    files = service_of(context.request).files
    shown = files.rendered(id, WIDTHS.get(size, WIDTHS["small"]), playing=size == "large")
    if size == "large":
        history = context.resources.history
        with history.read() as connection:
            refund_id = request_of(connection, id)
        log_access(history, context.person.name, refund_id or id, "file")
    kind = "jpeg" if shown.startswith(b"\xff\xd8") else "webp"
    named = {"content-disposition": f'inline; filename="evidence.{kind}"'}
    return Response(shown, 200, {**PICTURE_HEADERS, **named}, f"image/{kind}")


@router.post("/case/files")
async def add(context: LoggedIn, form: SentFiles) -> Response:
    """Add files to a case as evidence: those that can be read; the page names the others."""
    uploads = service_of(context.request).uploads
    return await uploads.run(lambda: _add(context, form))


def _add(context: PageContext, form: FilesForm) -> Response:
    history, files = context.resources.history, service_of(context.request).files
    refund_id, errors = form.fields.get("id", ""), list[str]()
    view = cases.view_case(history, refund_id)
    source = form.fields.get("from", "")
    if source not in SUBMITTERS or not form.files:
        errors.append(context.translate("files_none"))
    for name, content in form.files if not errors else ():
        try:
            add_to_case(files, history, refund_id, content, source, who=context.person.name)
        except (BadInput, Conflict) as error:
            errors.append(context.translate("files_refused", name=name[:80], cause=_cause(error)))
    if errors:
        view = cases.view_case(history, refund_id)
        return page(context, view, 422, errors=errors, failed_form="files")
    return redirect(url("case", id=refund_id, **given(context), done="files"))


def _cause(error: BadInput | Conflict) -> str:
    return error.problems[0].expected if isinstance(error, BadInput) else str(error)
