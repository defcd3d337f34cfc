"""The account of whoever is logged in: their own password."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.login_form import set_cookie
from api.console.page_route import error_messages, page_router
from api.console.session import SESSION_COOKIE, LoggedIn, PageContext, VerifiedForm, redirect
from api.console.templating import url
from risk.access.login_limits import TooManyAttempts
from risk.access.people import change_own_password
from risk.access.sessions import open_session
from risk.errors import BadInput

router = page_router()


@router.get("/account")
def show(context: LoggedIn) -> Response:
    return context.page("account.html", errors=[])


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
    response = redirect(url("account", done="saved"))
    set_cookie(context, response, SESSION_COOKIE, open_session(history, context.person))
    return response


def _refused(context: PageContext, errors: list[str], status: int = 422) -> Response:
    return context.page("account.html", status, errors=errors)
