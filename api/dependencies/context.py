"""The caller: a working key with the scope of the call, within its rate."""

import time
from collections.abc import Callable
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
from risk.access.keys import Key
from risk.errors import Problem
from risk.history.caller import Caller

T = TypeVar("T")

NUL = "\x00"
DESCRIPTION = "A key made with `refund-risk keys create`, with scopes of its own."


def service_of(request: Request) -> Service:
    """The service that answers the request."""
    service: Service = request.app.state.service
    return service


@dataclass(frozen=True, slots=True)
class RequestContext:
    """A call that was let in: by which key, to which service."""

    service: Service
    key: Key
    request: Request

    @property
    def may_backdate(self) -> bool:
        """Whether facts may bring a `known_at` of their own."""
        return "backdate" in self.key.scopes

    def caller(self, merchant: str | None) -> Caller:
        """For whom the call speaks, where it names this merchant. Raises Forbidden."""
        return caller_of(self.key, merchant)

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, done by a thread of the pool. Raises Unavailable when it is full."""
        return await self.service.pool.run(work)


class ApiKey(SecurityBase):
    """Dependency: `Authorization: Bearer KEY` with the scopes of the route.

    Raises ProblemError: 401 for no working key, 429 beyond its rate, 403 without a scope, and 404
    or 422 for a NUL character in the address, which no store can search for.
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


api_key = ApiKey()
Scorer = Annotated[RequestContext, Security(api_key, scopes=["score"])]
Reviewer = Annotated[RequestContext, Security(api_key, scopes=["review"])]
ServiceReviewer = Annotated[RequestContext, Security(ServiceKey(), scopes=["review"])]
"""Who reviews for the whole service: never a key bound to merchants."""
Admin = Annotated[RequestContext, Security(ServiceKey(), scopes=["admin"])]
"""Who sets up and sees what belongs to the whole service: never a key bound to merchants."""
