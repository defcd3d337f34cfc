"""Logging in and out."""

from __future__ import annotations

import hmac
import secrets

from fastapi.responses import Response

from api.console.page import pages
from api.console.visit import SESSION_COOKIE, Anybody, Fields, Here, Sent, Visit, go, safe_back
from risk.history.people import TooMany, recognise
from risk.history.sessions import LONGEST_MS, close_session, open_session

DOOR_COOKIE = "refund_risk_door"
_WHY = {"over": "login_over", "stale": "login_stale"}

router = pages()


@router.get("/login")
def ask(visit: Anybody, back: str = "", why: str = "") -> Response:
    if visit.session is not None:
        return go(back)
    return _form(visit, safe_back(back), _WHY.get(why, ""))


@router.post("/login")
def enter(visit: Anybody, fields: Fields) -> Response:
    back = safe_back(fields.get("back", ""))
    if not _from_here(visit, fields.get("guard", "")):
        return _form(visit, back, "login_stale", 403)
    request = visit.request
    address = request.client.host if request.client else "unknown"
    name, password = fields.get("name", ""), fields.get("password", "")
    try:
        person = recognise(visit.desk.history, name[:200], password, address)
    except TooMany:
        return _form(visit, back, "login_many", 429)
    if person is None:
        return _form(visit, back, "login_wrong", 401)
    answer = go(back)
    _keep(visit, answer, SESSION_COOKIE, open_session(visit.desk.history, person))
    answer.delete_cookie(DOOR_COOKIE, path="/console")
    return answer


@router.post("/logout")
def leave(visit: Here, _: Sent) -> Response:
    close_session(visit.desk.history, visit.request.cookies.get(SESSION_COOKIE, ""))
    answer = go("")
    answer.delete_cookie(SESSION_COOKIE, path="/console")
    return answer


def _form(visit: Visit, back: str, said: str, status: int = 200) -> Response:
    """The form, with a guard that only a browser which was given it can send back."""
    door = secrets.token_urlsafe(24)
    answer = visit.page("login.html", status, back=back, said=said, door=door)
    _keep(visit, answer, DOOR_COOKIE, door)
    return answer


def _from_here(visit: Visit, guard: str) -> bool:
    kept = visit.request.cookies.get(DOOR_COOKIE, "")
    return bool(kept) and hmac.compare_digest(kept.encode(), guard.encode())


def _keep(visit: Visit, answer: Response, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=LONGEST_MS // 1000,
        path="/console",
        httponly=True,
        samesite="lax",
        secure=visit.request.url.scheme == "https",
    )
