"""The service as an ASGI application: `uvicorn --factory api.app:create_app`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import parent_process
from typing import Any

from fastapi import FastAPI

from api import console, docs, openapi
from api.limits import Limits
from api.middleware import RequestMiddleware
from api.problems import add_problem_handlers
from api.routes import (
    cases,
    customers,
    decisions,
    deliveries,
    evidence_files,
    facts,
    health,
    hooks,
    inbox,
    model,
    receivers,
    score,
)
from api.routing import give_way_to_nearer
from api.service import Service
from api.worker_folder import end_within, exit_with_parent
from risk.settings import Settings

ROUTERS = tuple(
    area.router
    for area in (
        score,
        decisions,
        facts,
        evidence_files,
        cases,
        customers,
        inbox,
        hooks,
        receivers,
        deliveries,
        model,
        health,
    )
)
"""The calls of the contract, one router an area."""


class Api(FastAPI):
    """The framework's application, with the document of the contract."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = openapi.document(self.routes, ROUTERS)
        return self.openapi_schema


def create_app(settings: Settings | None = None, limits: Limits | None = None) -> FastAPI:
    """Wire the service; it opens its store here and closes it on shutdown."""
    settings = settings or Settings.from_env()
    service = Service.open(settings, limits or Limits())
    app = routed()
    app.state.service = service
    app.state.ends_within_s = None
    console.mount(app, service.history, settings)
    app.add_middleware(RequestMiddleware, service=service)
    add_problem_handlers(app)
    return app


def routed() -> FastAPI:
    """The application with its calls, before there is a service to answer them."""
    app = Api(
        title=openapi.TITLE,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        # the framework's telemetry writes down what errors say, which may be what was sent
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.documents = {}
    give_way_to_nearer(ROUTERS)
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(docs.router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    await service.start()
    parent = parent_process()
    watching = asyncio.create_task(exit_with_parent(parent.pid)) if parent and parent.pid else None
    try:
        yield
    finally:
        if watching is not None:
            watching.cancel()
        if app.state.ends_within_s is not None:
            end_within(app.state.ends_within_s)
        await service.stop()
