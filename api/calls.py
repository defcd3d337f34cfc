"""A call of the contract: what it needs, what it does, what it answers, and its page in OpenAPI."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api import json_body as bodies
from api.authentication import require
from api.idempotency_key import named
from api.problems import Trouble, invalid
from api.response import Answer
from api.service import Service
from api.wire.problems import problem_answers
from risk.access.keys import Key
from risk.errors import Problem
from risk.facts.strict_json import parse_json

NUL = "\x00"


@dataclass(frozen=True, slots=True)
class Ask:
    """A call that was let in: by which key, with what in its address and body."""

    service: Service
    key: Key
    request: Request
    raw: bytes

    @property
    def path(self) -> Mapping[str, str]:
        """The variable parts of the address."""
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the `?`. Raises Trouble (422) for what no store can look for."""
        for name, value in self.request.query_params.items():
            if NUL in name + value:
                problem = Problem("query", None, name, "text without NUL characters", "one")
                raise invalid([problem], lambda found: f"?{found.field}")
        return self.request.query_params

    def json(self) -> Any:
        """The body as strict JSON. Raises Malformed."""
        return parse_json(self.raw)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in OpenAPI: its schema by name, what it means, an example."""

    schema: Mapping[str, Any]
    text: str
    example: Any


@dataclass(frozen=True, slots=True)
class Sent:
    """The body in OpenAPI: its schema, examples by name, and whether it may be as big as a list."""

    schema: Mapping[str, Any]
    examples: Mapping[str, Any]
    size: Literal["single", "list"] = "single"


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `work` runs in the pool of threads; `problems` are the statuses it alone can give.

    `name` becomes the method's name in a generated client.
    """

    method: str
    path: str
    name: str
    scope: str
    tag: str
    summary: str
    text: str
    work: Callable[[Ask], Answer]
    says: Mapping[int, Said]
    sent: Sent | None = None
    problems: Sequence[int] = ()
    parameters: Sequence[Mapping[str, Any]] = field(default=())

    async def answer(self, request: Request) -> Response:
        """Let the caller in or not, then do the work."""
        service: Service = request.app.state.service
        key = await service.gate.admit(request.headers.get("authorization"))
        request.state.about["key"] = key.key_id
        service.rates.take(key.key_id, key.rate, time.monotonic())
        require(key, self.scope)
        if any(NUL in part for part in request.path_params.values()):
            raise Trouble("not-found", "no name has a NUL character in it")
        raw = await self._read(request, service)
        ask = Ask(service, key, request, raw)
        once = named(request, key.key_id, raw) if self.method == "POST" else None
        if once is None:
            return (await service.pool.run(lambda: self.work(ask))).response()
        async with service.turns.of(once):
            done = await service.pool.run(
                lambda: once.before(service.history) or once.after(service.history, self.work(ask))
            )
        return done.response()

    async def _read(self, request: Request, service: Service) -> bytes:
        """The body; a call that takes none reads what was sent along and makes nothing of it."""
        if self.method in ("GET", "DELETE"):
            return b""
        if self.sent:
            bodies.must_be_json(request)
        limits = service.limits
        limit = limits.list if self.sent and self.sent.size == "list" else limits.single
        return await bodies.read(request, limit, limits.body_seconds)


class _Lean(APIRoute):
    """A route that hands the request over as it is: its call reads and answers by itself."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        return self.endpoint


def router_of(calls: Sequence[Call]) -> APIRouter:
    """The calls as routes, each with its whole page in OpenAPI."""
    router = APIRouter(route_class=_Lean)
    for call in calls:
        _add(router, call)
    return router


def _add(router: APIRouter, call: Call) -> None:
    async def endpoint(request: Request) -> Response:
        return await call.answer(request)

    first, *_ = call.says
    router.add_api_route(
        call.path,
        endpoint,
        methods=[call.method],
        name=call.name,
        operation_id=call.name,
        tags=[call.tag],
        summary=call.summary,
        description=call.text,
        status_code=first,
        response_class=Response,
    )


def page_of(call: Call) -> dict[str, Any]:
    """What OpenAPI says of a call beyond its name: parameters, body, answers, problems."""
    page: dict[str, Any] = {"security": [{"key": [call.scope]}], "responses": _responses(call)}
    parameters = [*call.parameters, *_path_parameters(call.path)]
    if call.method == "POST":
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if parameters:
        page["parameters"] = parameters
    if call.sent:
        examples = {name: {"value": value} for name, value in call.sent.examples.items()}
        content = {"schema": dict(call.sent.schema), "examples": examples}
        page["requestBody"] = {"required": True, "content": {"application/json": content}}
    return page


def _responses(call: Call) -> dict[str, dict[str, Any]]:
    said: dict[str, dict[str, Any]] = {
        str(status): {
            "description": answer.text,
            "content": {
                "application/json": {
                    "schema": dict(answer.schema),
                    "examples": {"example": {"value": answer.example}},
                }
            },
        }
        for status, answer in call.says.items()
    }
    statuses = {401, 403, 429, 500, 503, *call.problems}
    if call.method in ("POST", "PUT"):
        statuses |= {400, 408, 413, 422}
    if call.sent:
        statuses.add(415)
    return said | problem_answers(sorted(statuses))


_EXAMPLES = {
    "refund_id": "R-2001",
    "decision_id": "7f0c6c1e8a5b4a0f9d3e2b1c0a998877",
    "system": "shopify",
    "endpoint": "main",
}


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "minLength": 1},
            "example": _EXAMPLES.get(name, name),
        }
        for name in names
    ]
