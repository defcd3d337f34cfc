"""The OpenAPI page for people, at `/docs`: drawn here, from the schema alone, with no script."""

from __future__ import annotations

from importlib.resources import files

import orjson
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from api.docs.page import render_page
from api.openapi import for_generators
from api.response import json_response

_CONTENT = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
router = APIRouter(include_in_schema=False)


@router.get("/")
def front(request: Request) -> Response:
    """Redirects the bare address to the documentation."""
    return RedirectResponse(f"{_root(request)}/docs")


@router.get("/docs")
def docs(request: Request) -> Response:
    """The page, drawn once."""
    app: FastAPI = request.app
    if not hasattr(app.state, "docs"):
        app.state.docs = render_page(app.openapi(), _root(request))
    headers = {"content-security-policy": _CONTENT, "cache-control": "no-cache"}
    return Response(app.state.docs, headers=headers, media_type="text/html")


def _root(request: Request) -> str:
    """What a proxy took off the path before it passed the call on."""
    return str(request.scope.get("root_path", "")).rstrip("/")


@router.get("/openapi.json")
def openapi(request: Request, webhooks: bool = True) -> Response:
    """The OpenAPI document; without webhooks it is the one for generators of clients."""
    app: FastAPI = request.app
    root = _root(request)
    page = app.openapi() if webhooks else for_generators(app.openapi())
    named = {"servers": [{"url": root}]} if root else {}
    return json_response(orjson.dumps({**page, **named}))


@router.get("/docs/style.css")
def style() -> Response:
    """How it looks, light and dark."""
    sheet = files("api.docs").joinpath("style.css").read_bytes()
    return Response(sheet, headers={"cache-control": "no-cache"}, media_type="text/css")
