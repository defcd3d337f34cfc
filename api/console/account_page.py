"""The account of whoever is logged in: their own password and second factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from fastapi.responses import Response

from api.console.login_form import set_cookie
from api.console.page_route import error_messages, page_router
from api.console.session import SESSION_COOKIE, LoggedIn, PageContext, VerifiedForm, redirect
from api.console.templating import url
from risk.access import second_factor
from risk.access.login_limits import TooManyAttempts
from risk.access.people import change_own_password
from risk.access.sessions import close_sessions, open_session, session_of
from risk.errors import BadInput

router = page_router()


@router.get("/account")
def show(context: LoggedIn) -> Response:
    return _page(context)


@router.post("/account/factor")
def set_up_factor(context: LoggedIn, _: VerifiedForm) -> Response:
    """Show a new secret, to be confirmed by a code."""
    address = second_factor.set_up(context.resources.history, context.person.name)
    return _page(context, address=address)


@router.post("/account/factor/confirm")
def confirm_factor(context: LoggedIn, form: VerifiedForm) -> Response:
    """Put it in force; other browsers are logged out, this one has proved itself."""
    history = context.resources.history
    try:
        codes = second_factor.confirm(history, context.person.name, form.get("code", "")[:40])
    except BadInput as error:
        return _refused(context, error_messages(context, error))
    close_sessions(history, context.person.name)
    token = open_session(history, context.person, proved=True)
    page = _page(replace(context, session=session_of(history, token)), codes=codes)
    set_cookie(context, page, SESSION_COOKIE, token)
    return page


@router.post("/account/password")
def password(context: LoggedIn, form: VerifiedForm) -> Response:
    """Change it: every session of theirs ends, and this browser gets a new one."""
    history, new = context.resources.history, form.get("password", "")
    if new != form.get("again", ""):
        return _refused(context, [context.translate("account_differ")])
    try:
        change_own_password(history, context.person, form.get("old", ""), new, context.address)
    except TooManyAttempts:
        return _refused(context, [context.translate("login_many")], 429)
    except BadInput as error:
        return _refused(context, error_messages(context, error))
    proved = bool(context.session and context.session.proved)
    response = redirect(url("account", done="saved"))
    set_cookie(
        context, response, SESSION_COOKIE, open_session(history, context.person, proved=proved)
    )
    return response


def _refused(context: PageContext, errors: list[str], status: int = 422) -> Response:
    return _page(context, status, errors=errors)


def _page(
    context: PageContext,
    status: int = 200,
    *,
    errors: Sequence[str] = (),
    address: str = "",
    codes: Sequence[str] = (),
) -> Response:
    with context.resources.history.read() as connection:
        in_force = second_factor.is_in_force(connection, context.person.name)
    secret = dict(parse_qsl(urlsplit(address).query)).get("secret", "")
    return context.page(
        "account.html",
        status,
        errors=errors,
        factor=in_force,
        factor_address=address,
        factor_secret=secret,
        recovery_codes=codes,
    )
