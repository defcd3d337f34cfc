"""The inbox of webhooks, for administrators: what was pushed, its body, taking it in again."""

from __future__ import annotations

import json

from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.session import Administrator, VerifiedForm, redirect
from api.console.templating import url
from api.service import Service
from risk.facts.strict_json import canonical_json
from risk.webhooks import inbox_rows
from risk.webhooks.inbox_rows import STATES, InboxMessage

PAGE = 50

router = page_router()


@router.get("/inbox")
def show(context: Administrator, state: str = "", before: str = "") -> Response:
    wanted = state if state in STATES else ""
    with context.resources.history.read() as connection:
        found = inbox_rows.page(
            connection, state=wanted or None, after=_cursor(before), limit=PAGE + 1
        )
    shown = found[:PAGE]
    return context.page(
        "inbox.html",
        messages=shown,
        state=wanted,
        states=STATES,
        before=_cursor_of(shown[-1]) if len(found) > PAGE else "",
        later=bool(before),
    )


@router.get("/inbox/message")
def message(context: Administrator, id: str = "") -> Response:  # noqa: A002
    """One message with its body."""
    service: Service = context.request.app.state.service
    with context.resources.history.read() as connection:
        row = inbox_rows.find(connection, id)
    kept = row.message(service.cipher)
    body = "" if kept is None else _readable(canonical_json(kept.payload))
    return context.page("inbox_message.html", message=row, body=body)


@router.post("/inbox/replay")
def replay(context: Administrator, form: VerifiedForm) -> Response:
    """Take in a message again."""
    service: Service = context.request.app.state.service
    row = service.inbox.replay(form.get("id", ""))
    return redirect(url("inbox/message", id=row.message_id, done="replayed"))


def _readable(raw: bytes) -> str:
    return json.dumps(json.loads(raw), indent=2, ensure_ascii=False)


def _cursor_of(row: InboxMessage) -> str:
    return f"{row.received_at}-{row.message_id}"


def _cursor(text: str) -> tuple[int, str] | None:
    at, _, message_id = text.partition("-")
    return (int(at), message_id) if at.isdecimal() and len(at) < 16 else None
