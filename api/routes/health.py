"""Alive, ready, and the numbers."""

from fastapi import Request
from fastapi.responses import Response

from api.authentication import is_local, require_scope, require_unbound
from api.dependencies.context import service_of
from api.routing import answers, api_router
from api.schemas.common import JsonObject
from api.schemas.problems import problem_answers
from api.service import Service
from risk.errors import RefundRiskError
from risk.history.connection.driver_errors import UNREACHABLE
from risk.history.waiting_counts import backlog

router = api_router("service")
_AWAY: tuple[type[Exception], ...] = (RefundRiskError, *UNREACHABLE)
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get(
    "/healthz",
    operation_id="healthz",
    summary="Alive",
    responses=answers({"status": "alive"}, "yes"),
)
async def healthz() -> JsonObject:
    """Answers as long as the process does."""
    return {"status": "alive"}


@router.get(
    "/readyz",
    operation_id="readyz",
    summary="Ready to score",
    responses=answers({"status": "ready", "model": "7", "policy": "5d1c0a9b7e42"}, "yes"),
)
async def readyz(request: Request) -> JsonObject:
    """Answers 200 only when a score would succeed: a model, a policy, and a store that answers."""
    service = service_of(request)
    return await service.chores.run(service.ready)


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="Numbers for Prometheus",
    response_class=Response,
    openapi_extra={"security": [{}, {"key": ["admin"]}]},
    responses={
        200: {
            "description": "Prometheus's text format",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **problem_answers([401, 403]),
    },
)
async def metrics(request: Request) -> Response:
    """Without a key from this machine only, elsewhere with the scope `admin`. Whichever process is
    asked answers for all of them; what waits in the store is left out while that is away."""
    service = service_of(request)
    if not is_local(request):
        key = await service.authenticator.authenticate(request.headers.get("authorization"))
        require_scope(key, "admin")
        require_unbound(key)
    service.metrics.in_flight.set(service.pool.in_flight)
    try:
        waiting = await service.chores.run(lambda: _waiting(service))
    except _AWAY:
        waiting = {}
    return Response(service.metrics.text(waiting), media_type=_METRICS_TYPE)


def _waiting(service: Service) -> dict[str, int]:
    with service.history.read() as connection:
        return backlog(connection)
