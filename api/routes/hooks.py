"""What other systems push, and the endpoints they push to."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import json_body as bodies
from api.calls import NUL, Ask, Call, Said, Sent
from api.hooks.system import Push, System, refuse
from api.hooks.systems import SYSTEMS
from api.hooks.table import Table, read_table
from api.hooks.taking import take_all
from api.problems import Trouble
from api.response import Answer, answer
from api.service import Service
from api.wire.facts import ref
from api.wire.problems import problem_answers
from risk.errors import BadInput, NotFound, Problem
from risk.facts.format import iso
from risk.facts.parse import shown
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import endpoints

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
        "secret": {"type": "string", "minLength": endpoints.SHORTEST, "maxLength": 1_000},
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
    pushed = Push(raw, {n.lower(): v for n, v in request.headers.items()}, time.time())
    done = await service.pool.run(lambda: _take(service, system, endpoint, pushed))
    return done.response()


def _take(service: Service, system_name: str, name: str, pushed: Push) -> Answer:
    system = SYSTEMS.get(system_name)
    if system is None or NUL in name:
        raise refuse()
    with service.history.read() as connection:
        endpoint = endpoints.find(connection, service.cipher, system_name, name)
    if endpoint is None:
        raise refuse()
    table = _table(system, endpoint.mapping)
    system.verify(pushed, endpoint, table)
    messages = system.messages(pushed, bodies.parse(pushed.raw) if pushed.raw else None)
    digest = hashlib.blake2b(pushed.raw, digest_size=16).hexdigest()
    return system.says(take_all(service, endpoint, table, messages, digest).content())


@lru_cache(maxsize=64)
def _table(system: System, mapping: str) -> Table:
    return read_table(mapping, system.table())


def _set_up(ask: Ask) -> Answer:
    system, name = ask.path["system"], ask.path["endpoint"]
    at = set_up(ask.service.history, ask.service.cipher, system, name, ask.json())
    return answer({"system": system, "endpoint": name, "set_at": iso(at)})


def set_up(history: History, cipher: SecretCipher, system: str, name: str, body: Any) -> int:
    """Set an endpoint up, or anew, with the secret and mapping in `body`; answers when (ms).

    Raises NotFound for an unknown system, BadInput, or Trouble for a name that cannot be one.
    """
    if system not in SYSTEMS:
        raise NotFound(f"no system {system}")
    secret, mapping = _asked(body, name)
    _table(SYSTEMS[system], mapping)
    with history.write() as write:
        endpoints.put(write, cipher, system, name, secret, mapping)
        return write.at


def _asked(body: Any, name: str) -> tuple[str, str]:
    if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum() or len(name) > 64:
        raise Trouble("invalid", "an endpoint's name has 1 to 64 letters, digits, - and _")
    if not isinstance(body, Mapping):
        raise BadInput([Problem("endpoint", None, None, "an object", shown(body))])
    problems = [
        Problem("endpoint", None, str(field)[:80], "secret or mapping", "unknown")
        for field in body
        if field not in ("secret", "mapping")
    ]
    secret, mapping = body.get("secret"), body.get("mapping")
    mapping = "" if mapping is None else mapping
    if not isinstance(secret, str) or len(secret) > 1_000:
        problems.append(Problem("endpoint", None, "secret", "a string", shown(secret)))
    if not isinstance(mapping, str) or len(mapping) > 200_000:
        problems.append(Problem("endpoint", None, "mapping", "a table in TOML", shown(mapping)))
    if problems:
        raise BadInput(problems)
    return secret, mapping


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
