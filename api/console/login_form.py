"""The door: the form for logging in, with what another form held behind it."""

from __future__ import annotations

import hmac
import secrets

from fastapi.responses import Response

from api.console.form_draft import Held
from api.console.session import Visit
from risk.access.sessions import LONGEST_MS

DOOR_COOKIE = "refund_risk_door"


def door(
    visit: Visit, back: str, said: str, status: int = 200, held: Held | None = None
) -> Response:
    """The form, with a guard that only a browser which was given it can send back."""
    guard = secrets.token_urlsafe(24)
    written = held if held and held.written else None
    answer = visit.page("login.html", status, back=back, said=said, door=guard, held=written)
    keep(visit, answer, DOOR_COOKIE, guard)
    return answer


def from_here(visit: Visit, guard: str) -> bool:
    """Whether a login was sent by the browser that was given its form."""
    kept = visit.request.cookies.get(DOOR_COOKIE, "")
    return bool(kept) and hmac.compare_digest(kept.encode(), guard.encode())


def keep(visit: Visit, answer: Response, name: str, value: str) -> None:
    """Let the browser keep a cookie of the console."""
    answer.set_cookie(
        name,
        value,
        max_age=LONGEST_MS // 1000,
        path="/console",
        httponly=True,
        samesite="lax",
        secure=visit.request.url.scheme == "https",
    )
