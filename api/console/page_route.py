"""The route class of every page: errors become HTML pages, expired sessions lead to the login."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.console.form_draft import FormDraft, draft_of, draft_page
from api.console.login_form import login_form
from api.console.problem_words import conflict_words, problem_words
from api.console.session import (
    SECURITY_HEADERS,
    FactorNeeded,
    LoggedOut,
    PageContext,
    RejectedForm,
    any_visitor,
    redirect,
)
from api.console.templating import url
from api.logs import whereabouts
from api.problems import ProblemError
from risk.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_STATUS: dict[type[Exception], int] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    BadInput: 422,
    Unavailable: 503,
    ProblemError: 408,
}


class PageRoute(APIRoute):
    """A route whose errors become pages."""

    def get_route_handler(self) -> Handler:
        plain = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await plain(request)
            except LoggedOut as out:
                return await run_in_threadpool(_to_login, request, out, await draft_of(request))
            except RejectedForm:
                return await run_in_threadpool(_rejected, request, await draft_of(request))
            except FactorNeeded:
                return redirect(url("account", done="factor"))
            except ClientDisconnect:
                raise
            except Exception as error:
                _log_failure(request, error)
                return await run_in_threadpool(error_page, request, error)

        return handle


def _to_login(request: Request, out: LoggedOut, draft: FormDraft | None) -> Response:
    """To the login, and back to the page afterwards; a form being sent becomes a draft."""
    back = draft.back if draft else out.back
    if draft and draft.entered:
        return login_form(any_visitor(request), back, "login_draft", draft=draft)
    return RedirectResponse(
        url("login", back=back, why="over" if out.expired else None), 303, SECURITY_HEADERS
    )


def _rejected(request: Request, draft: FormDraft | None) -> Response:
    """A form of an earlier session of a person logged in becomes a draft, to be sent again."""
    context = any_visitor(request)
    if draft and draft.entered and context.session is not None:
        return draft_page(context, draft)
    return RedirectResponse(url("login", why="stale"), 303, SECURITY_HEADERS)


def page_router() -> APIRouter:
    """A router of pages; they are not in the OpenAPI document."""
    return APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)


def _log_failure(request: Request, error: Exception) -> None:
    """Add an unexpected error and its place to the log line; expected errors are not failures."""
    about = getattr(request.state, "about", None)
    if isinstance(about, dict) and _status(error) == 500:
        about.update(error=type(error).__name__, where=whereabouts(error))


def error_page(request: Request, error: Exception) -> Response:
    """The page of an error, in the reader's language."""
    context = any_visitor(request)
    status = _status(error)
    page = context.page(
        "error.html", status, status=status, messages=error_messages(context, error)
    )
    page.headers.update(error.headers if isinstance(error, ProblemError) else {})
    return page


def error_messages(context: PageContext, error: Exception) -> list[str]:
    """One message for each invalid field, the text of a conflict, else a general sentence."""
    if isinstance(error, BadInput):
        return [problem_words(context.locale, problem) for problem in error.problems]
    if isinstance(error, Conflict):
        return [conflict_words(context.locale, error)]
    return [context.translate(f"error_{_status(error)}_lead")]


def _status(error: Exception) -> int:
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
