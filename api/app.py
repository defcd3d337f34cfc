"""The service as an ASGI application: `uvicorn --factory api.app:create_app`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import parent_process

from fastapi import FastAPI

from api import console, docs
from api.calls import router_of
from api.fast_path import Straight, known
from api.limits import Limits
from api.middleware import Edge
from api.problems import handle_all
from api.routes import cases, decisions, deliveries, facts, health, hooks, model, receivers, score
from api.service import Service
from api.wire import openapi
from api.worker_folder import leave_with
from risk.settings import Settings

CALLS = (
    *score.CALLS,
    *decisions.CALLS,
    *facts.CALLS,
    *cases.CALLS,
    *hooks.CALLS,
    *receivers.CALLS,
    *deliveries.CALLS,
    *model.CALLS,
)
_QUIET = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}
"""The framework's own telemetry writes down what errors say, which may be what was sent."""


def create_app(settings: Settings | None = None, limits: Limits | None = None) -> FastAPI:
    """Wire the service; it opens its store here and closes it when it is told to stop."""
    service = Service.open(settings or Settings.from_env(), limits or Limits())
    app = FastAPI(
        title=openapi.TITLE, docs_url=None, redoc_url=None, telemetry=_QUIET, lifespan=_lifespan
    )
    app.state.service = service
    app.openapi = lambda: openapi.describe(app, CALLS)
    router = router_of(CALLS)
    app.include_router(router)
    app.include_router(hooks.router)
    app.include_router(health.router)
    app.include_router(docs.router)
    console.mount(app, service.history)
    app.add_middleware(Straight, calls=known(CALLS, router))
    app.add_middleware(Edge, service=service)
    handle_all(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    await service.start()
    parent = parent_process()
    watching = asyncio.create_task(leave_with(parent.pid)) if parent and parent.pid else None
    try:
        yield
    finally:
        if watching is not None:
            watching.cancel()
        await service.stop()
