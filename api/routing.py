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
from api.schemas.problems import problem_answers

ELSEWHERE = (params.Path, params.Header, params.Cookie)
"""Parameters that do not stand behind the `?`."""

ALWAYS = (500, 503)
"""Problems that any call may end in."""


class ApiRoute(APIRoute):
    """A route that documents the `problems` and `parameters` of its dependencies, and its body.

    `query_names` are the parameters it takes behind the `?`.
    """

    body: JsonBody[Any] | None = None

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

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Matched as it was written where it has an encoded slash, which is part of an id."""
        raw: bytes = scope.get("raw_path") or b""
        if b"%2f" not in raw.lower():
            return super().matches(scope)
        match, child = super().matches({**scope, "path": raw.decode("latin-1")})
        if match != Match.NONE:
            child["path_params"] = {
                name: unquote(value) for name, value in child["path_params"].items()
            }
        return match, child


def api_router(tag: str) -> APIRouter:
    """A router for the calls of one tag."""
    return APIRouter(tags=[tag], route_class=ApiRoute)


def methods_by_path(routers: Iterable[APIRouter]) -> dict[str, set[str]]:
    """The methods of each path; GET answers HEAD too."""
    found: dict[str, set[str]] = {}
    for router in routers:
        for route in router.routes:
            if isinstance(route, ApiRoute):
                methods = set(route.methods or ())
                has = found.setdefault(route.path, set())
                has |= methods | ({"HEAD"} if "GET" in methods else set())
    return found


def answers(
    example: Any, text: str, *problems: int, status: int = 200
) -> dict[int | str, dict[str, Any]]:
    """The answers of a call in OpenAPI: what the good one means, an example of it, own problems."""
    content = {"application/json": {"examples": {"example": {"value": example}}}}
    return {status: {"description": text, "content": content}, **problem_answers(problems)}
