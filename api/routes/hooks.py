"""What other systems push, and the endpoints they push to."""

from __future__ import annotations

import time
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import json_body as bodies
from api.calls import Ask, Call, Said, Sent
from api.problems import invalid
from api.response import Answer, answer
from api.service import Service
from api.wire.facts import ref
from api.wire.problems import problem_answers
from risk.errors import BadInput, Problem
from risk.facts.format import iso
from risk.facts.validation import validated
from risk.webhooks import endpoints
from risk.webhooks.endpoint_setup import MIN_SECRET, EndpointSettings, set_up_endpoint
from risk.webhooks.systems import SYSTEMS
from risk.webhooks.systems.system import WebhookRequest

TAKEN: dict[str, Any] = {
    "type": "object",
    "description": "What became of a push. Doudian is answered in words of its own.",
    "properties": {
        "stored": {"type": "integer", "description": "new facts"},
        "known": {"type": "integer", "description": "facts known already"},
        "repeated": {"type": "integer", "description": "messages taken in before"},
        "unheeded": {"type": "integer", "description": "messages no rule speaks of"},
        "contradicting": {
            "type": "array",
            "items": {"type": "string"},
            "description": "facts that stand with another content, and go on standing",
        },
        "decisions": {"type": "array", "items": {"type": "string"}},
    },
}
_TAKEN_EXAMPLE = {
    "stored": 2, "known": 0, "repeated": 0, "unheeded": 0, "contradicting": [],
    "decisions": ["7f0c6c1e8a5b4a0f9d3e2b1c0a998877"],
}  # fmt: skip
ENDPOINT: dict[str, Any] = {
    "type": "object",
    "required": ["system", "endpoint", "set_at"],
    "properties": {
        "system": {"type": "string", "enum": list(SYSTEMS)},
        "endpoint": {"type": "string"},
        "set_at": {"type": "string", "format": "date-time"},
    },
}
SET_UP: dict[str, Any] = {
    "type": "object",
    "required": ["secret"],
    "additionalProperties": False,
    "properties": {
        "secret": {"type": "string", "minLength": MIN_SECRET, "maxLength": 1_000},
        "mapping": {
            "type": ["string", "null"],
            "maxLength": 200_000,
            "description": "a mapping table in TOML that changes the one the system comes with",
        },
    },
}
_EXAMPLE = {"system": "shopify", "endpoint": "main", "set_at": "2026-03-01T02:00:00.000+00:00"}

router = APIRouter(tags=["hooks"])


@router.post(
    "/v1/hooks/{system}/{endpoint}",
    summary="Take in what another system pushes",
    operation_id="push",
    response_class=Response,
    responses={
        200: {
            "description": "taken in",
            "content": {
                "application/json": {"schema": {"type": "object"}, "example": _TAKEN_EXAMPLE}
            },
        },
        **problem_answers((400, 401, 408, 413, 422, 429, 500, 503)),
    },
    openapi_extra={
        "security": [],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}},
    },
)
async def push(request: Request, system: str, endpoint: str) -> Response:
    """Proved by the endpoint's own secret, in the system's own way. Ids get the prefix
    `system:endpoint:`. A message is taken in once for good, known by its id and its body."""
    service: Service = request.app.state.service
    raw = await bodies.read(request, service.limits.single, service.limits.body_seconds)
    service.rates.take(f"hook:{system}:{endpoint}", None, time.monotonic())
    pushed = WebhookRequest(raw, {n.lower(): v for n, v in request.headers.items()}, time.time())
    done = await service.pool.run(lambda: _take(service, system, endpoint, pushed))
    return done.response()


def _take(service: Service, system: str, name: str, request: WebhookRequest) -> Answer:
    try:
        receipt = service.inbox.receive(system, name, request)
    except BadInput as bad:
        raise invalid(bad.problems, _pointer) from bad
    for decided in receipt.decisions:
        service.metrics.decided(decided)
    return answer(SYSTEMS[system].acknowledge(receipt.content()))


def _pointer(problem: Problem) -> str:
    parts = [problem.kind, problem.row, problem.field]
    return "#" + "".join(f"/{part}" for part in parts if part is not None)


def _set_up(ask: Ask) -> Answer:
    system, name = ask.path["system"], ask.path["endpoint"]
    settings = validated(EndpointSettings, ask.json(), "endpoint")
    at = set_up_endpoint(ask.service.history, ask.service.cipher, system, name, settings)
    return answer({"system": system, "endpoint": name, "set_at": iso(at)})


def _listed(ask: Ask) -> Answer:
    with ask.service.history.read() as connection:
        every = endpoints.every(connection)
    return answer([{"system": s, "endpoint": n, "set_at": iso(at)} for s, n, at in every])


def _remove(ask: Ask) -> Answer:
    system, name = ask.path["system"], ask.path["endpoint"]
    with ask.service.history.write() as write:
        endpoints.remove(write, system, name)
    return answer({"system": system, "endpoint": name, "set_at": iso(write.at)})


_SAID = Said(ref("Endpoint"), "the endpoint", _EXAMPLE)
CALLS = (
    Call(
        method="GET",
        path="/v1/hooks",
        name="endpoints",
        scope="admin",
        tag="hooks",
        summary="List the endpoints other systems push to",
        text="Their secrets stay here.",
        work=_listed,
        says={200: Said({"type": "array", "items": ref("Endpoint")}, "all of them", [_EXAMPLE])},
    ),
    Call(
        method="PUT",
        path="/v1/hooks/{system}/{endpoint}",
        name="set_endpoint",
        scope="admin",
        tag="hooks",
        summary="Set up an endpoint, or set it up anew",
        text="Its secret is kept sealed. Systems: " + ", ".join(SYSTEMS) + ".",
        work=_set_up,
        says={200: _SAID},
        sent=Sent(
            ref("EndpointSetUp"),
            {
                "plain": {"secret": "a secret of your own, long"},
                "with a table": {
                    "secret": "a secret of your own, long",
                    "mapping": '[defaults.orders]\nmerchant_id = "M-3"\ncurrency = "USD"\n',
                },
            },
        ),
        problems=(404,),
    ),
    Call(
        method="DELETE",
        path="/v1/hooks/{system}/{endpoint}",
        name="remove_endpoint",
        scope="admin",
        tag="hooks",
        summary="Take an endpoint away",
        text="What came through it stays.",
        work=_remove,
        says={200: _SAID},
        problems=(404,),
    ),
)
