"""Static files, the language switch, and the page of keyboard shortcuts."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.session import LANGUAGE_COOKIE, LoggedIn, redirect, safe_address
from api.console.templating import STATIC, ConsoleResources
from risk.errors import NotFound
from risk.facts.localised import LANGUAGES

YEAR_S = 365 * 24 * 3600

router = page_router()


@router.get("/static/{name}")
def static(name: str, request: Request) -> Response:
    resources: ConsoleResources = request.app.state.console
    if name not in resources.static:
        raise NotFound(name)
    headers = {
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
    }
    return Response(resources.static[name], 200, headers, STATIC[name])


@router.get("/language")
def language(request: Request, to: str = "", back: str = "") -> Response:
    answer = redirect(back)
    if to in LANGUAGES:
        secure = request.url.scheme == "https"
        answer.set_cookie(
            LANGUAGE_COOKIE,
            to,
            YEAR_S,
            path="/console",
            samesite="lax",
            secure=secure,
            httponly=True,
        )
    return answer


@router.get("/keys")
def shortcuts(context: LoggedIn, back: str = "") -> Response:
    return context.page("shortcuts.html", back=safe_address(back))
