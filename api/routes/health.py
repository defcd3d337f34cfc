"""Alive, ready, and the numbers."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.authentication import from_here, require
from api.response import answer
from api.service import Service
from api.wire.problems import problem_answers
from risk.errors import RefundRiskError
from risk.history.driver_errors import UNREACHABLE
from risk.history.waiting_counts import backlog

router = APIRouter(tags=["service"])
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def _page(example: Any, *problems: int) -> dict[int | str, dict[str, Any]]:
    said = {"schema": {"type": "object"}, "example": example}
    yes = {"description": "yes", "content": {"application/json": said}}
    return {200: yes, **problem_answers(problems)}


@router.get(
    "/healthz",
    summary="Alive",
    operation_id="healthz",
    response_class=Response,
    responses=_page({"status": "alive"}),
)
async def healthz() -> Response:
    """Answers as long as the process does."""
    return answer({"status": "alive"}).response()


@router.get(
    "/readyz",
    summary="Ready to score",
    operation_id="readyz",
    response_class=Response,
    responses=_page({"status": "ready", "model": "7", "policy": "5d1c0a9b7e42"}, 503),
)
async def readyz(request: Request) -> Response:
    """Answers 200 only when a score would succeed: a model, a policy, and a store that answers."""
    service: Service = request.app.state.service
    return answer(await service.chores.run(service.ready)).response()


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    operation_id="metrics",
    response_class=Response,
    openapi_extra={"security": [{}, {"key": ["admin"]}]},
    responses={
        200: {
            "description": "Prometheus's text format",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **problem_answers((401, 403)),
    },
)
async def metrics(request: Request) -> Response:
    """Without a key from this machine only, elsewhere with the scope `admin`. Whichever process is
    asked answers for all of them; what waits in the store is left out while that is away."""
    service: Service = request.app.state.service
    if not from_here(request):
        require(await service.gate.admit(request.headers.get("authorization")), "admin")
    service.metrics.inside.set(service.pool.inside)
    try:
        waiting = await service.chores.run(lambda: _waiting(service))
    except (RefundRiskError, *UNREACHABLE):
        waiting = {}
    return Response(service.metrics.text(waiting), media_type=_METRICS_TYPE)


def _waiting(service: Service) -> dict[str, int]:
    with service.history.read() as connection:
        return backlog(connection)
