"""Addresses that people type or shorten, and the pages that are meant."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.session import redirect
from api.console.templating import url
from risk.errors import NotFound

_PAGES = {
    "": "", "cases": "", "queue": "", "search": "find", "records": "findings", "users": "people",
    "shortcuts": "keys", "webhooks": "deliveries",
}  # fmt: skip
_OF_ONE = {
    "case": "case", "cases": "case", "customer": "customer", "customers": "customer",
    "dossier": "dossier",
}  # fmt: skip
"""Pages of one thing, whose id may stand in the path."""

router = page_router()


@router.get("/{rest:path}")
def lead(rest: str, request: Request) -> Response:
    """The page that an address means. Raises NotFound for others."""
    path = rest.strip("/")
    first, _, name = path.partition("/")
    if first in _OF_ONE and name:
        return redirect(url(_OF_ONE[first], id=name))
    if path not in _PAGES and (path == rest or "//" in rest):
        raise NotFound(rest)
    query = f"?{request.url.query}" if request.url.query else ""
    return redirect(url(_PAGES.get(path, path)) + query)
