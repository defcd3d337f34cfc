"""Calls that depend on nothing but what we wrote ourselves, made without the framework's resolver.

The framework walks through all that a dependency may be for each call, which takes as long as a few
look-ups of a decision. What it would find is known when the route is made.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.security import SecurityScopes
from starlette.responses import Response

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Dependency = tuple[str, Callable[..., Awaitable[Any]], tuple[SecurityScopes, ...]]
"""The parameter of a call that a dependency fills, and what it is called with after the request."""


def direct(dependant: Dependant, usual: Handler) -> Handler:
    """A handler that does what `usual` does: where nothing stands behind the `?` by calling the
    dependencies in their order, and itself where any of them is of another sort than ours."""
    endpoint = dependant.call
    dependencies = [_own(each) for each in dependant.dependencies]
    known = [each for each in dependencies if each is not None]
    if endpoint is None or len(known) < len(dependencies) or not _is_plain(dependant, endpoint):
        return usual

    async def handle(request: Request) -> Response:
        if request.scope["query_string"]:
            return await usual(request)
        values = {name: await call(request, *more) for name, call, more in known}
        answer: Response = await endpoint(**values)
        return answer

    return handle


def _is_plain(dependant: Dependant, endpoint: Callable[..., Any]) -> bool:
    """Whether a call takes nothing but dependencies and what stands behind the `?`, each of which
    may be left out, and makes its answer itself."""
    signature = inspect.signature(endpoint)
    filled = {each.name for each in dependant.dependencies}
    left_out = all(
        parameter.default is not parameter.empty
        for name, parameter in signature.parameters.items()
        if name not in filled
    )
    answers = inspect.iscoroutinefunction(endpoint) and signature.return_annotation is Response
    return answers and left_out and not _takes(dependant, but_query=True)


def _takes(dependant: Dependant, *, but_query: bool = False) -> bool:
    """Whether a dependant reads parameters of a call by itself."""
    query = [] if but_query else dependant.query_params
    read = (dependant.path_params, query, dependant.header_params, dependant.cookie_params)
    given = (dependant.response_param_name, dependant.background_tasks_param_name)
    return any(read) or bool(dependant.body_params) or any(given)


def _own(dependant: Dependant) -> Dependency | None:
    """A dependency that is an object with an asynchronous `__call__` of the request, and of the
    scopes where it is one of security; None for any other."""
    call, name = dependant.call, dependant.name
    if call is None or name is None or dependant.dependencies or _takes(dependant):
        return None
    if not inspect.iscoroutinefunction(getattr(type(call), "__call__", None)):  # noqa: B004
        return None
    scopes = SecurityScopes(list(dependant.own_oauth_scopes or ()))
    taken = [dependant.request_param_name, dependant.security_scopes_param_name]
    wanted = list(inspect.signature(call).parameters)
    if wanted != [each for each in taken if each is not None]:
        return None
    return name, call, (scopes,) if len(wanted) > 1 else ()
