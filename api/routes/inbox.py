"""The inbox: what other systems pushed, what became of it, and taking it in again."""

from typing import Annotated

import orjson
from fastapi import Query
from fastapi.responses import Response

from api.dependencies.context import Admin, RequestContext
from api.dependencies.idempotency_key import Idempotent
from api.json_pointer import in_message
from api.response import json_response
from api.routes.paths import MessageId
from api.routing import answers, api_router
from api.schemas.inbox import (
    BODY_EXAMPLE,
    EXAMPLE,
    InboxFilters,
    InboxPage,
    MessageBody,
    PushedMessage,
)
from risk.errors import Conflict
from risk.facts.strict_json import canonical_json
from risk.history.connection.page_rows import PageOf
from risk.webhooks import file_fetches, inbox_rows

router = api_router("hooks")


@router.get(
    "/v1/hooks/inbox",
    operation_id="inbox",
    summary="See what was pushed to us",
    responses=answers({"messages": [EXAMPLE], "next": None}, "a page"),
)
async def inbox(context: Admin, filters: Annotated[InboxFilters, Query()]) -> InboxPage:
    """What became of every message and why, the newest first; kept for
    `REFUND_RISK_KEEP_INBOX_DAYS` (7)."""
    return await context.run(lambda: _page(context, filters))


@router.get(
    "/v1/hooks/inbox/{message_id}",
    operation_id="inbox_message",
    summary="Read the body of a message",
    response_model=MessageBody,
    responses=answers(BODY_EXAMPLE, "as it was pushed", 404, 409),
)
async def inbox_message(context: Admin, message_id: MessageId) -> Response:
    """409 where it is not kept: it was erased, or is about somebody who was forgotten."""
    return await context.run(lambda: _body(context, message_id))


@router.post(
    "/v1/hooks/inbox/{message_id}/replay",
    operation_id="replay_message",
    summary="Take in a message again",
    response_model=PushedMessage,
    responses=answers({**EXAMPLE, "state": "accepted", "why": []}, "what became of it", 404, 409),
)
async def replay_message(context: Admin, message_id: MessageId, once: Idempotent) -> Response:
    """By the mapping table of now, whatever became of it before."""
    context.request.state.pointer = in_message
    return await once.run(context, lambda: _replay(context, message_id))


def _page(context: RequestContext, filters: InboxFilters) -> InboxPage:
    wanted = PageOf.at(filters.cursor, filters.limit, "inbox")
    which = {"state": filters.state, "system": filters.system, "name": filters.endpoint}
    with context.service.history.read() as connection:
        found = inbox_rows.page(connection, wanted, **which)
        files = file_fetches.of_messages(connection, [row.message_id for row in found.rows])
    shown = [PushedMessage.of(row, files.get(row.message_id, ())) for row in found.rows]
    return InboxPage(messages=shown, next=found.following)


def _body(context: RequestContext, message_id: str) -> Response:
    service = context.service
    with service.history.read() as connection:
        row = inbox_rows.find(connection, message_id)
    message = row.message(service.cipher)
    if message is None:
        raise Conflict("the body of this message is not kept")
    body = orjson.Fragment(canonical_json(message.payload))
    content = {"message_id": row.message_id, "topic": row.topic, "body": body}
    return json_response(orjson.dumps(content))


def _replay(context: RequestContext, message_id: str) -> Response:
    service = context.service
    row = service.inbox.replay(message_id)
    with service.history.read() as connection:
        files = file_fetches.of_messages(connection, [message_id])
    return json_response(PushedMessage.of(row, files.get(message_id, ())))
