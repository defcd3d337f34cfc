"""The OpenAPI page for people, at `/docs`: drawn here, from the schema alone, with no script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.resources import files

import orjson
from fastapi import APIRouter, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from api.docs.page import render_page
from api.openapi import for_generators
from api.response import json_response

_CONTENT = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
router = APIRouter(include_in_schema=False)


@router.get("/")
async def front(request: Request) -> Response:
    """Redirects the bare address to the documentation."""
    return RedirectResponse(f"{_root(request)}/docs")


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The page, drawn once."""
    root = _root(request)
    page = await _once(request.app, f"page {root}", lambda app: render_page(app.openapi(), root))
    headers = {"content-security-policy": _CONTENT, "cache-control": "no-cache"}
    return Response(page, headers=headers, media_type="text/html")


def _root(request: Request) -> str:
    """What a proxy took off the path before it passed the call on."""
    return str(request.scope.get("root_path", "")).rstrip("/")


async def _once(app: FastAPI, name: str, write: Callable[[FastAPI], bytes]) -> bytes:
    """What needs no key is written once, whoever asks meanwhile, and then given without one of the
    threads of pages: writing it costs a hundred times what asking for it costs."""
    written: dict[str, asyncio.Task[bytes]] = app.state.documents
    if name not in written:
        written[name] = asyncio.create_task(run_in_threadpool(write, app))
    return await asyncio.shield(written[name])


@router.get("/openapi.json")
async def openapi(request: Request, webhooks: bool = True) -> Response:
    """The OpenAPI document; without webhooks it is the one for generators of clients."""
    root = _root(request)
    named = {"servers": [{"url": root}]} if root else {}

    def write(app: FastAPI) -> bytes:
        page = app.openapi() if webhooks else for_generators(app.openapi())
        return orjson.dumps({**page, **named})

    return json_response(await _once(request.app, f"document {webhooks} {root}", write))


@router.get("/docs/style.css")
async def style() -> Response:
    """How it looks, light and dark."""
    sheet = files("api.docs").joinpath("style.css").read_bytes()
    return Response(sheet, headers={"cache-control": "no-cache"}, media_type="text/css")
