"""The inbox of webhooks, for administrators: what was pushed, its body, taking it in again."""

from __future__ import annotations

import json

from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.session import Administrator, VerifiedForm, redirect
from api.console.templating import url
from api.service import Service
from risk.facts.strict_json import canonical_json
from risk.history.connection.page_rows import PageOf
from risk.webhooks import file_fetches, inbox_rows
from risk.webhooks.inbox_rows import STATES

PAGE = 50

router = page_router()


@router.get("/inbox")
def show(context: Administrator, state: str = "", before: str = "") -> Response:
    wanted = state if state in STATES else ""
    with context.resources.history.read() as connection:
        found = inbox_rows.page(connection, PageOf.at_or_newest(before, PAGE), state=wanted or None)
    return context.page(
        "inbox.html",
        messages=found.rows,
        state=wanted,
        states=STATES,
        before=found.following or "",
        later=bool(before),
    )


@router.get("/inbox/message")
def message(context: Administrator, id: str = "") -> Response:  # noqa: A002
    """One message with its body."""
    service: Service = context.request.app.state.service
    with context.resources.history.read() as connection:
        row = inbox_rows.find(connection, id)
        files = file_fetches.of_messages(connection, [id]).get(id, [])
    kept = row.message(service.cipher)
    body = "" if kept is None else _readable(canonical_json(kept.payload))
    return context.page("inbox_message.html", message=row, body=body, files=files)


@router.post("/inbox/replay")
def replay(context: Administrator, form: VerifiedForm) -> Response:
    """Take in a message again."""
    service: Service = context.request.app.state.service
    row = service.inbox.replay(form.get("id", ""))
    return redirect(url("inbox/message", id=row.message_id, done="replayed"))


def _readable(raw: bytes) -> str:
    return json.dumps(json.loads(raw), indent=2, ensure_ascii=False)
