"""Routes whose OpenAPI entry follows from what they depend on: their body and their problems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from inspect import iscoroutinefunction, signature
from typing import Any, cast, get_type_hints
from urllib.parse import unquote

from fastapi import APIRouter, Request, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from fastapi.security import SecurityScopes
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from api.dependencies.body import JsonBody
from api.schemas.problems import problem_answers

ELSEWHERE = (params.Path, params.Header, params.Cookie)
"""Parameters that do not stand behind the `?`."""

Dependency = Callable[..., Awaitable[Any]]

ALWAYS = (500, 503)
"""Problems that any call may end in."""


class ApiRoute(APIRoute):
    """A route that documents the `problems` and `parameters` of its dependencies, and its body.

    `query_names` are the parameters it takes behind the `?`, `solved` is its application with all
    of it left to the framework's solver. An address that fits one of the
    `nearer` routes as well is theirs, with whatever method it is called.
    """

    body: JsonBody[Any] | None = None
    nearer: tuple[ApiRoute, ...] = ()

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        statuses = set(ALWAYS)
        named: list[str] = []
        for dependency in self.dependant.dependencies:
            statuses |= set(getattr(dependency.call, "problems", ()))
            named += getattr(dependency.call, "parameters", ())
            if isinstance(dependency.call, JsonBody):
                self.body = dependency.call
        self.query_names = frozenset(
            field.alias
            for field in get_flat_params(self.dependant)
            if not isinstance(field.field_info, ELSEWHERE)
        )
        self.solved = self.app
        self.app = self._without_solver(self.app)
        self.responses = {**problem_answers(statuses), **self.responses}
        if named:
            refs = [{"$ref": f"#/components/parameters/{name}"} for name in named]
            self.openapi_extra = {**(self.openapi_extra or {}), "parameters": refs}

    def _without_solver(self, usual: ASGIApp) -> ASGIApp:
        """The same application; of a call with nothing in its path and behind the `?`, dependencies
        that take the request alone are called one after the other.

        The framework's solver goes through path, query, headers and cookies for each of them, which
        took 4 to 5 % of a decision (`python -m tests.bench.solver`).
        """
        needs = self.dependant.dependencies
        steps = [(str(one.name), cast(Dependency, one.call), _scopes(one)) for one in needs]
        defaults = {field.name: field.default for field in self.dependant.query_params}
        given = {name for name, *_ in steps} | defaults.keys()
        known = given == signature(self.endpoint).parameters.keys()
        if not (known and all(map(_takes_request_alone, needs)) and _gives_response(self.endpoint)):
            return usual
        endpoint: Callable[..., Awaitable[Response]] = self.endpoint

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["query_string"]:
                await usual(scope, receive, send)
                return
            request, values = Request(scope, receive, send), defaults.copy()
            for name, call, scopes in steps:
                values[name] = await call(request, *scopes)
            response = await endpoint(**values)
            await response(scope, receive, send)

        return app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Matched as it was written where it has an encoded slash, which is part of an id."""
        raw: bytes = scope.get("raw_path") or b""
        if b"%2f" not in raw.lower():
            return self._matches(scope)
        match, child = self._matches({**scope, "path": raw.decode("latin-1")})
        if match != Match.NONE:
            child["path_params"] = {
                name: unquote(value) for name, value in child["path_params"].items()
            }
        return match, child

    def _matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child = super().matches(scope)
        if match == Match.NONE or all(r.matches(scope)[0] == Match.NONE for r in self.nearer):
            return match, child
        return Match.NONE, {}


def _takes_request_alone(one: Dependant) -> bool:
    """Whether a dependency is one of ours that reads all it needs from the request."""
    return hasattr(one.call, "problems") and iscoroutinefunction(type(one.call).__call__)


def _gives_response(endpoint: Callable[..., Any]) -> bool:
    """Whether an endpoint is awaited, and answers what is sent as it is."""
    answer = get_type_hints(endpoint)["return"]
    return iscoroutinefunction(endpoint) and issubclass(answer, Response)


def _scopes(one: Dependant) -> tuple[SecurityScopes, ...]:
    """What is passed beside the request: the scopes of a key."""
    takes = one.security_scopes_param_name is not None
    return (SecurityScopes(one.own_oauth_scopes or []),) if takes else ()


def api_router(tag: str) -> APIRouter:
    """A router for the calls of one tag."""
    return APIRouter(tags=[tag], route_class=ApiRoute)


def give_way_to_nearer(routers: Iterable[APIRouter]) -> None:
    """Let each route leave to another what the other's path names in fewer variables."""
    routes = [r for router in routers for r in router.routes if isinstance(r, ApiRoute)]
    for route in routes:
        route.nearer = tuple(other for other in routes if _nearer(other.path, route.path))


def _nearer(path: str, than: str) -> bool:
    """Whether every address of `path` is one of `than` too, but not the other way."""
    parts, others = path.split("/"), than.split("/")
    within = all(o.startswith("{") or o == p for p, o in zip(parts, others, strict=False))
    return len(parts) == len(others) and within and path.count("{") < than.count("{")


def answers(
    example: Any, text: str, *problems: int, status: int = 200
) -> dict[int | str, dict[str, Any]]:
    """The answers of a call in OpenAPI: what the good one means, an example of it, own problems."""
    content = {"application/json": {"examples": {"example": {"value": example}}}}
    return {status: {"description": text, "content": content}, **problem_answers(problems)}
