"""The caller: a working key with the scope of the call, within its rate."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Request, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase

from api.authentication import require_scope, require_unbound
from api.json_pointer import in_query
from api.merchant_scope import caller_of
from api.problems import ProblemError, invalid
from api.service import Service
from api.thread_pool import Pool
from risk.access.keys import Key
from risk.cases.actor import Actor
from risk.errors import BadInput, Problem
from risk.facts.validation import MAX_PROBLEMS
from risk.history.intake import MAX_AHEAD_MS
from risk.history.tenants.caller import Caller

T = TypeVar("T")

NUL = "\x00"
MARGIN_MS = 5
DESCRIPTION = "A key made with `refund-risk keys create`, with scopes of its own."


def service_of(request: Request) -> Service:
    """The service that answers the request."""
    service: Service = request.app.state.service
    return service


@dataclass(frozen=True, slots=True)
class RequestContext:
    """A call that was let in: by which key, to which service; `pool` does it, by default the one
    that decides."""

    service: Service
    key: Key
    request: Request
    pool: Pool | None = None

    @property
    def may_backdate(self) -> bool:
        """Whether facts may bring a `known_at` of their own."""
        return "backdate" in self.key.scopes

    @property
    def actor(self) -> Actor:
        """Who acts on cases and lists: the key, under a name no person can have."""
        return Actor(f"key:{self.key.key_id}", (self.key.says,))

    def caller(self, merchant: str | None) -> Caller:
        """For whom the call speaks, where it names this merchant. Raises Forbidden."""
        return caller_of(self.key, merchant)

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, done by a thread of the pool. Raises Unavailable when it is full."""
        pool = self.pool or self.service.pool
        return await wait_for_clock(lambda: pool.run(work))


async def wait_for_clock(call: Callable[[], Awaitable[T]]) -> T:
    """What `call` returns; where the times it was given are a moment ahead of our clock, which is
    all that is wrong, it is called again once they have passed."""
    try:
        return await call()
    except BadInput as bad:
        if not 0 < bad.ahead_ms <= MAX_AHEAD_MS:
            raise
        await asyncio.sleep((bad.ahead_ms + MARGIN_MS) / 1000)
    return await call()


class ApiKey(SecurityBase):
    """Dependency: `Authorization: Bearer KEY` with the scopes of the route.

    Raises ProblemError: 401 for no working key, 429 beyond its rate, 403 without a scope, 404 or
    422 for a NUL character in the address, which no store can search for, and 422 for a query
    parameter that the call does not have.
    """

    problems = (401, 403, 422, 429)

    def __init__(self) -> None:
        self.model = HTTPBearer(description=DESCRIPTION)
        self.scheme_name = "key"

    async def __call__(self, request: Request, scopes: SecurityScopes) -> RequestContext:
        service = service_of(request)
        key = await service.authenticator.authenticate(request.headers.get("authorization"))
        request.state.about["key"] = key.key_id
        service.rate_limiter.take(key.key_id, key.rate, time.monotonic())
        for scope in scopes.scopes:
            require_scope(key, scope)
        _refuse_nul(request)
        _refuse_unknown(request)
        return RequestContext(service, key, request)


class ServiceKey(ApiKey):
    """Dependency: a key for what belongs to the whole service. Raises ProblemError (403) for one
    that is bound to merchants too."""

    async def __call__(self, request: Request, scopes: SecurityScopes) -> RequestContext:
        context = await super().__call__(request, scopes)
        require_unbound(context.key)
        return context


def _refuse_nul(request: Request) -> None:
    if any(NUL in part for part in request.path_params.values()):
        raise ProblemError("not-found", "no name has a NUL character in it")
    if not request.scope["query_string"]:
        return
    for name, value in request.query_params.items():
        if NUL in name + value:
            problem = Problem("query", None, name, "text without NUL characters", "one")
            raise invalid([problem], in_query)


def _refuse_unknown(request: Request) -> None:
    if not request.scope["query_string"]:
        return
    known = request.scope["route"].query_names
    expected = "one of " + ", ".join(sorted(known)) if known else "no parameters"
    unknown = [name for name in request.query_params if name not in known]
    problems = [Problem("query", None, name[:80], expected, "unknown") for name in unknown]
    if problems:
        raise invalid(problems[:MAX_PROBLEMS], in_query)


api_key = ApiKey()
Scorer = Annotated[RequestContext, Security(api_key, scopes=["score"])]
Reviewer = Annotated[RequestContext, Security(api_key, scopes=["review"])]
ServiceReviewer = Annotated[RequestContext, Security(ServiceKey(), scopes=["review"])]
"""Who reviews for the whole service: never a key bound to merchants."""
Admin = Annotated[RequestContext, Security(ServiceKey(), scopes=["admin"])]
"""Who sets up and sees what belongs to the whole service: never a key bound to merchants."""
