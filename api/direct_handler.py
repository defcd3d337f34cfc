"""Answers calls without the framework's resolver where their dependencies stand alone.

The resolver finds out anew at every call what each dependency takes, and takes a third of the time
around a decision for it. What is declared stays the framework's: documentation, and every call that
says something behind the `?`.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.security import SecurityScopes

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
"""What answers a request of one route."""

Given = Callable[[Request], Awaitable[Any]]
"""What gives one argument of an endpoint."""


def direct_handler(dependant: Dependant, by_framework: Handler) -> Handler:
    """A handler that asks the dependencies of an endpoint one after the other, as declared; the
    framework's own where an endpoint takes anything else."""
    endpoint: Any = dependant.call
    if not _stands_alone(dependant):
        return by_framework
    defaults = {field.name: field.get_default() for field in dependant.query_params}
    arguments = [(str(one.name), _asked(one)) for one in dependant.dependencies]

    async def answer(request: Request) -> Response:
        if request.scope["query_string"]:
            return await by_framework(request)
        values = {name: await ask(request) for name, ask in arguments}
        answered: Response = await endpoint(**defaults, **values)
        return answered

    return answer


def _stands_alone(dependant: Dependant) -> bool:
    """Whether an endpoint takes dependencies that need the request only, and parameters that may be
    left out, and answers a response as it is."""
    endpoint: Any = dependant.call
    others = (
        dependant.path_params, dependant.header_params, dependant.cookie_params,
        dependant.body_params, dependant.request_param_name, dependant.response_param_name,
    )  # fmt: skip
    answers = inspect.iscoroutinefunction(endpoint) and get_type_hints(endpoint)["return"]
    optional = not any(field.field_info.is_required() for field in dependant.query_params)
    asked = all(map(_needs_request_only, dependant.dependencies))
    return answers is Response and optional and asked and not any(others)


def _needs_request_only(dependency: Dependant) -> bool:
    """Whether a dependency takes the request, and perhaps its scopes, and nothing else."""
    call: Any = type(dependency.call).__call__
    takes = {dependency.request_param_name, dependency.security_scopes_param_name} - {None}
    same = takes == set(list(inspect.signature(call).parameters)[1:])
    return inspect.iscoroutinefunction(call) and same and dependency.request_param_name is not None


def _asked(dependency: Dependant) -> Given:
    """The dependency as a function of the request alone."""
    call: Any = dependency.call
    if dependency.security_scopes_param_name is None:
        alone: Given = call
        return alone
    given = (*(dependency.parent_oauth_scopes or ()), *(dependency.own_oauth_scopes or ()))
    scopes = SecurityScopes(list(dict.fromkeys(given)))

    async def with_scopes(request: Request) -> Any:
        return await call(request, scopes)

    return with_scopes
