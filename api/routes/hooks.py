"""What other systems push, and the endpoints they push to."""

import time
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from fastapi.responses import Response

from api.authentication import is_local
from api.dependencies.body import read_body
from api.dependencies.context import Admin, RequestContext, service_of, wait_for_clock
from api.json_pointer import in_message
from api.response import json_response
from api.routes.paths import EndpointName, SystemName
from api.routing import answers, api_router
from api.schemas.hooks import EXAMPLE, RECEIPT_EXAMPLE, Endpoint, EndpointSetUp, endpoint_body
from api.service import Service
from risk.facts.format import iso
from risk.webhooks import endpoints as rows
from risk.webhooks.endpoint_setup import set_up_endpoint
from risk.webhooks.inbox import VerifiedRequest
from risk.webhooks.receipt import Receipt
from risk.webhooks.systems import SYSTEMS
from risk.webhooks.systems.system import Message, WebhookRequest

router = api_router("hooks")
_ENDPOINT = answers(EXAMPLE, "the endpoint", 404)
_RECEIPT = answers(RECEIPT_EXAMPLE, "taken in", 400, 401, 408, 413, 422, 429)
_RECEIPT[200]["content"]["application/json"]["schema"] = {"type": "object"}


@router.post(
    "/v1/hooks/{system}/{endpoint}",
    operation_id="push",
    summary="Take in what another system pushes",
    response_class=Response,
    responses=_RECEIPT,
    openapi_extra={
        "security": [],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}},
    },
)
async def push(request: Request, system: SystemName, endpoint: EndpointName) -> Response:
    """Proved by the endpoint's own secret, in the system's own way. Ids get the prefix
    `system:endpoint:`. Each message is taken in by itself, once, and kept in the inbox with what
    became of it. 422 only where all messages were refused and their author reads the answer."""
    service = service_of(request)
    raw = await read_body(request, service.limits, "single")
    request.state.pointer = in_message
    headers = {name.lower(): value for name, value in request.headers.items()}
    given = WebhookRequest(raw, headers, time.time())
    verified = await service.pool.run(lambda: service.inbox.open(system, endpoint, given))
    service.rate_limiter.take(f"hook:{system}:{endpoint}", None, time.monotonic())
    receipt = Receipt()
    for message in verified.messages:
        await _take(service, verified, message, receipt)
    for decided in receipt.decisions:
        service.metrics.decided(decided)
    if receipt.errors and verified.must_say(receipt):
        raise receipt.errors[0]
    return json_response(orjson.dumps(verified.system.acknowledge(receipt.content())))


async def _take(
    service: Service, verified: VerifiedRequest, message: Message, receipt: Receipt
) -> None:
    inbox, pool = service.inbox, service.pool
    await wait_for_clock(lambda: pool.run(lambda: inbox.take(verified, message, receipt)))


@router.get(
    "/v1/hooks",
    operation_id="endpoints",
    summary="List the endpoints other systems push to",
    responses=answers([EXAMPLE], "all of them"),
)
async def endpoints(context: Admin) -> list[Endpoint]:
    """Their secrets stay here."""
    return await context.run(lambda: _all(context))


@router.put(
    "/v1/hooks/{system}/{endpoint}",
    operation_id="set_endpoint",
    summary="Create or replace an endpoint",
    description="Its secret is kept encrypted; the one before is taken too for a day, or for "
    "`overlap_hours`. Systems: " + ", ".join(SYSTEMS) + ".",
    responses=_ENDPOINT,
)
async def set_endpoint(
    context: Admin,
    system: SystemName,
    endpoint: EndpointName,
    settings: Annotated[EndpointSetUp, Depends(endpoint_body)],
) -> Endpoint:
    return await context.run(lambda: _set_up(context, system, endpoint, settings))


@router.delete(
    "/v1/hooks/{system}/{endpoint}",
    operation_id="remove_endpoint",
    summary="Take an endpoint away",
    responses=_ENDPOINT,
)
async def remove_endpoint(context: Admin, system: SystemName, endpoint: EndpointName) -> Endpoint:
    """What came through it stays."""
    return await context.run(lambda: _remove(context, system, endpoint))


def _all(context: RequestContext) -> list[Endpoint]:
    with context.service.history.read() as connection:
        return [_endpoint(*row) for row in rows.every(connection)]


def _set_up(context: RequestContext, system: str, name: str, settings: EndpointSetUp) -> Endpoint:
    service = context.service
    local = is_local(context.request)
    at = set_up_endpoint(service.history, service.cipher, system, name, settings, local=local)
    return _endpoint(system, name, at)


def _remove(context: RequestContext, system: str, name: str) -> Endpoint:
    with context.service.history.write() as write:
        rows.remove(write, system, name)
    return _endpoint(system, name, write.at)


def _endpoint(system: Any, name: str, at: int) -> Endpoint:
    return Endpoint(system=system, endpoint=name, set_at=iso(at))
