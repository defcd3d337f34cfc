"""The login form, its CSRF token, and the draft of a form sent after the session expired."""

from __future__ import annotations

import hmac
import secrets

from fastapi.responses import Response

from api.console.form_draft import FormDraft
from api.console.session import PageContext
from risk.access.sessions import LONGEST_MS

CSRF_COOKIE = "refund_risk_door"


def login_form(
    context: PageContext, back: str, message: str, status: int = 200, draft: FormDraft | None = None
) -> Response:
    """The login page; its CSRF token is also in a cookie, and both must match (double submit)."""
    token = secrets.token_urlsafe(24)
    entered = draft if draft and draft.entered else None
    response = context.page(
        "login.html", status, back=back, message=message, login_csrf_token=token, draft=entered
    )
    set_cookie(context, response, CSRF_COOKIE, token)
    return response


def csrf_matches(context: PageContext, token: str) -> bool:
    """Whether the token of a login form equals the browser's cookie."""
    cookie = context.request.cookies.get(CSRF_COOKIE, "")
    return bool(cookie) and hmac.compare_digest(cookie.encode(), token.encode())


def set_cookie(
    context: PageContext,
    response: Response,
    name: str,
    value: str,
    max_age_s: int = LONGEST_MS // 1000,
) -> None:
    """Set a cookie for the console's pages only, unreadable by scripts."""
    response.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path="/console",
        httponly=True,
        samesite="lax",
        secure=context.request.url.scheme == "https",
    )
