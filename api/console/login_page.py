"""Logging in and out."""

from __future__ import annotations

from dataclasses import replace

from fastapi.responses import Response

from api.console.form_draft import again, unpacked
from api.console.login_form import DOOR_COOKIE, door, from_here, keep
from api.console.page_route import pages
from api.console.session import SESSION_COOKIE, Anybody, Fields, Here, Sent, go, safe_back
from risk.access.people import TooManyAttempts, authenticate
from risk.access.sessions import close_session, open_session, session_of

_WHY = {"over": "login_over", "stale": "login_stale"}

router = pages()


@router.get("/login")
def ask(visit: Anybody, back: str = "", why: str = "") -> Response:
    if visit.session is not None:
        return go(back)
    return door(visit, safe_back(back), _WHY.get(why, ""))


@router.post("/login")
def enter(visit: Anybody, fields: Fields) -> Response:
    """Let somebody in: back to where they were, or to the form they could not send."""
    back = safe_back(fields.get("back", ""))
    held = unpacked(fields.get("to", ""), fields.get("held", ""))
    if not from_here(visit, fields.get("guard", "")):
        return door(visit, back, "login_stale", 403, held)
    request = visit.request
    address = request.client.host if request.client else "unknown"
    name, password = fields.get("name", ""), fields.get("password", "")
    try:
        person = authenticate(visit.desk.history, name[:200], password, address)
    except TooManyAttempts:
        return door(visit, back, "login_many", 429, held)
    if person is None:
        return door(visit, back, "login_wrong", 401, held)
    token = open_session(visit.desk.history, person)
    inside = replace(visit, session=session_of(visit.desk.history, token))
    answer = again(inside, held) if held else go(back)
    keep(visit, answer, SESSION_COOKIE, token)
    answer.delete_cookie(DOOR_COOKIE, path="/console")
    return answer


@router.post("/logout")
def leave(visit: Here, _: Sent) -> Response:
    close_session(visit.desk.history, visit.request.cookies.get(SESSION_COOKIE, ""))
    answer = go("")
    answer.delete_cookie(SESSION_COOKIE, path="/console")
    return answer
