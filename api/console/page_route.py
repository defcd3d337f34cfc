"""The route class of every page: errors become pages too, and nobody is left at a dead end."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api.console.form_draft import Held, again, held_by
from api.console.login_form import door
from api.console.session import HEADERS, LoggedOut, Stale, Visit, anybody
from api.console.templating import url
from api.logs import whereabouts
from risk.errors import BadInput, Conflict, Forbidden, NotFound, Problem, Unavailable

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_STATUS: dict[type[Exception], int] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    BadInput: 422,
    Unavailable: 503,
}


class Page(APIRoute):
    """A route that answers with a page, whatever happens."""

    def get_route_handler(self) -> Handler:
        plain = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await plain(request)
            except LoggedOut as out:
                return await run_in_threadpool(_out, request, out, await held_by(request))
            except Stale:
                return await run_in_threadpool(_stale, request, await held_by(request))
            except Exception as error:
                _remember(request, error)
                return await run_in_threadpool(sorry, request, error)

        return handle


def _out(request: Request, out: LoggedOut, held: Held | None) -> Response:
    """To the door, and back to the page afterwards; what was being sent waits behind the door."""
    back = held.back if held else out.back
    if held and held.written:
        return door(anybody(request), back, "login_held", held=held)
    return RedirectResponse(url("login", back=back, why="over" if out.over else None), 303, HEADERS)


def _stale(request: Request, held: Held | None) -> Response:
    """A form of an earlier session of somebody who is logged in is shown again, to be sent anew."""
    visit = anybody(request)
    if held and held.written and visit.session is not None:
        return again(visit, held)
    return RedirectResponse(url("login", why="stale"), 303, HEADERS)


def pages() -> APIRouter:
    """A router of pages; they are no part of the API's description."""
    return APIRouter(prefix="/console", route_class=Page, include_in_schema=False)


def _remember(request: Request, error: Exception) -> None:
    """Let the log say what failed where; errors of our own are answers, not failures."""
    about = getattr(request.state, "about", None)
    if isinstance(about, dict) and _status(error) == 500:
        about.update(error=type(error).__name__, where=whereabouts(error))


def sorry(request: Request, error: Exception) -> Response:
    """The page that says what did not work, in the reader's language."""
    visit = anybody(request)
    status = _status(error)
    return visit.page("error.html", status, status=status, lines=lines(visit, error))


def lines(visit: Visit, error: Exception) -> list[str]:
    """What is at fault: each field of bad input, what a conflict says, else a calm sentence."""
    if isinstance(error, BadInput):
        return [_said(visit, problem) for problem in error.problems]
    if isinstance(error, Conflict):
        return [str(error)]
    return [visit.words(f"error_{_status(error)}_lead")]


def _said(visit: Visit, problem: Problem) -> str:
    return visit.words("problem", field=problem.field or "–", expected=problem.expected)


def _status(error: Exception) -> int:
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
