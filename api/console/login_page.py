"""Logging in and out."""

from __future__ import annotations

from dataclasses import replace

from fastapi.responses import Response

from api.console.form_draft import draft_page, unpack
from api.console.login_form import CSRF_COOKIE, csrf_matches, login_form, set_cookie
from api.console.page_route import page_router
from api.console.session import (
    SESSION_COOKIE,
    AnyVisitor,
    FormFields,
    LoggedIn,
    VerifiedForm,
    redirect,
    safe_address,
)
from risk.access.login_limits import TooManyAttempts
from risk.access.people import CodeNeeded, authenticate
from risk.access.second_factor import is_in_force
from risk.access.sessions import close_session, open_session, session_of

_MESSAGES = {"over": "login_expired", "stale": "login_stale"}

router = page_router()


@router.get("/login")
def show(context: AnyVisitor, back: str = "", why: str = "") -> Response:
    if context.session is not None:
        return redirect(back)
    return login_form(context, safe_address(back), _MESSAGES.get(why, ""))


@router.post("/login")
def log_in(context: AnyVisitor, fields: FormFields) -> Response:
    """Log in: back to the page they came from, or to the draft of a form they were sending."""
    back = safe_address(fields.get("back", ""))
    draft = unpack(fields.get("to", ""), fields.get("draft", ""))
    if not csrf_matches(context, fields.get("csrf_token", "")):
        return login_form(context, back, "login_stale", 403, draft)
    name, password = fields.get("name", ""), fields.get("password", "")
    try:
        person = authenticate(
            context.resources.history,
            name[:200],
            password,
            context.address,
            fields.get("code", "")[:40],
        )
    except CodeNeeded:
        return login_form(context, back, "login_code_needed", 401, draft)
    except TooManyAttempts:
        return login_form(context, back, "login_many", 429, draft)
    if person is None:
        return login_form(context, back, "login_wrong", 401, draft)
    with context.resources.history.read() as connection:
        proved = is_in_force(connection, person.name)
    token = open_session(context.resources.history, person, proved=proved)
    session_context = replace(context, session=session_of(context.resources.history, token))
    response = draft_page(session_context, draft) if draft else redirect(back)
    set_cookie(context, response, SESSION_COOKIE, token)
    response.delete_cookie(CSRF_COOKIE, path="/console")
    return response


@router.post("/logout")
def log_out(context: LoggedIn, _: VerifiedForm) -> Response:
    close_session(context.resources.history, context.request.cookies.get(SESSION_COOKIE, ""))
    response = redirect("")
    response.delete_cookie(SESSION_COOKIE, path="/console")
    return response
