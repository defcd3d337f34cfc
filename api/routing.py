"""Routes whose OpenAPI entry follows from what they depend on: their body and their problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from api.dependencies.body import JsonBody
from api.direct_handler import Handler, direct_handler
from api.schemas.problems import problem_answers

ELSEWHERE = (params.Path, params.Header, params.Cookie)
"""Parameters that do not stand behind the `?`."""

ALWAYS = (500, 503)
"""Problems that any call may end in."""


class ApiRoute(APIRoute):
    """A route that documents the `problems` and `parameters` of its dependencies, and its body.

    `query_names` are the parameters it takes behind the `?`. An address that fits one of the
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
        self.responses = {**problem_answers(statuses), **self.responses}
        if named:
            refs = [{"$ref": f"#/components/parameters/{name}"} for name in named]
            self.openapi_extra = {**(self.openapi_extra or {}), "parameters": refs}

    def get_route_handler(self) -> Handler:
        """The handler of the framework, which is asked only where it takes one."""
        return direct_handler(self.dependant, super().get_route_handler())

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
