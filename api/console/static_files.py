"""What belongs to no page in particular: files, language, keys, addresses that lead nowhere."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from api.console.page_route import pages
from api.console.session import LANGUAGE_COOKIE, Here, go
from api.console.templating import STATIC, Desk
from risk.errors import NotFound
from risk.facts.localised import LANGUAGES

YEAR_S = 365 * 24 * 3600

router = pages()
nowhere = pages()


@router.get("/static/{name}")
def static(name: str, request: Request) -> Response:
    desk: Desk = request.app.state.console
    if name not in desk.static:
        raise NotFound(name)
    headers = {
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
    }
    return Response(desk.static[name], 200, headers, STATIC[name])


@router.get("/language")
def language(request: Request, to: str = "", back: str = "") -> Response:
    answer = go(back)
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
def keys(visit: Here) -> Response:
    return visit.page("keys.html")


@nowhere.get("/{rest:path}")
def not_here(rest: str) -> Response:
    raise NotFound(rest)
