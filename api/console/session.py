"""Who is at the door: session, language, and forms that carry the guard of their session."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.console.localisation import Locale
from api.console.templating import ROOT, Desk, url
from api.console.words import word
from risk.access.people import ZONE, Person
from risk.access.sessions import Session, session_of
from risk.cases import Actor
from risk.errors import Forbidden, NotFound
from risk.facts.localised import LANGUAGES, Language

SESSION_COOKIE = "refund_risk_session"
LANGUAGE_COOKIE = "refund_risk_language"
LARGEST_FORM = 64 * 1024
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "cache-control": "no-store",
}


class LoggedOut(Exception):
    """Nobody is logged in here; carries the page to come back to."""

    def __init__(self, back: str, *, over: bool) -> None:
        self.back = back
        self.over = over
        super().__init__(back)


class Stale(Exception):
    """A form without the guard of its session: grown old, or not from here."""


@dataclass(frozen=True)
class Visit:
    """One request to the console: what it may use, and how its reader sees things."""

    request: Request
    desk: Desk
    session: Session | None
    locale: Locale

    @property
    def person(self) -> Person:
        """Who is logged in. Raises LoggedOut."""
        if self.session is None:
            raise LoggedOut(url(), over=False)
        return self.session.person

    @property
    def actor(self) -> Actor:
        return Actor(self.person.name)

    def words(self, key: str, **values: object) -> str:
        return word(key, self.locale.language, **values)

    def page(self, template: str, status: int = 200, /, **context: Any) -> HTMLResponse:
        """A page from its template."""
        html = self.desk.templates.get_template(template).render(
            visit=self,
            locale=self.locale,
            language=self.locale.language,
            t=self.words,
            label=self.locale.label,
            person=self.session.person if self.session else None,
            guard=self.session.csrf_token if self.session else "",
            here=here(self.request),
            done=self.request.query_params.get("done", ""),
            **context,
        )
        return HTMLResponse(html, status, HEADERS)


def here(request: Request) -> str:
    """The address of the present page, to come back to; of a form, the page it stood on."""
    if request.method != "GET":
        return url()
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query


def safe_back(address: str) -> str:
    """An address within the console, whatever was given."""
    within = address == ROOT or address.startswith((f"{ROOT}/", f"{ROOT}?"))
    plain = not any(c in address for c in "\\\r\n\t") and "//" not in address.partition("?")[0]
    return address if within and plain else ROOT


def language_of(request: Request) -> Language:
    """What was chosen, else what the browser prefers."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    for language in LANGUAGES:
        if chosen == language:
            return language
    preferred = request.headers.get("accept-language", "").lower()
    return "zh" if preferred.startswith("zh") else "en"


def anybody(request: Request) -> Visit:
    """A visit by whoever it is, logged in or not."""
    desk: Desk = request.app.state.console
    if any("\x00" in name + value for name, value in request.query_params.items()):
        raise NotFound("no page has a NUL character in its address")
    token = request.cookies.get(SESSION_COOKIE)
    session = session_of(desk.history, token) if token else None
    zone = session.person.zone if session else ZONE
    return Visit(request, desk, session, Locale(language_of(request), zone))


def visitor(request: Request) -> Visit:
    """A visit by somebody logged in. Raises LoggedOut."""
    visit = anybody(request)
    if visit.session is None:
        raise LoggedOut(here(request), over=SESSION_COOKIE in request.cookies)
    return visit


def administrator(request: Request) -> Visit:
    """A visit by an administrator. Raises LoggedOut or Forbidden."""
    visit = visitor(request)
    if visit.person.role != "administrator":
        raise Forbidden("this page is for administrators")
    return visit


async def form(request: Request) -> Mapping[str, str]:
    """The fields of a posted form; the last value of a name counts. Raises Stale when too large.

    They are read once and kept with the request.
    """
    read: Mapping[str, str] | None = getattr(request.state, "fields", None)
    if read is None:
        read = request.state.fields = await _read(request)
    return read


async def _read(request: Request) -> Mapping[str, str]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise Stale
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=60)
    except ValueError:
        raise Stale from None
    if any("\x00" in name + value for name, value in fields):
        raise Stale
    return {name: value.replace("\r\n", "\n") for name, value in fields}


Fields = Annotated[Mapping[str, str], Depends(form)]
Anybody = Annotated[Visit, Depends(anybody)]
Here = Annotated[Visit, Depends(visitor)]
Admin = Annotated[Visit, Depends(administrator)]


def guarded(visit: Here, fields: Fields) -> Mapping[str, str]:
    """The fields of a form that carries the guard of its session. Raises Stale for any other."""
    guard = visit.session.csrf_token if visit.session else ""
    if not hmac.compare_digest(fields.get("guard", "").encode(), guard.encode()):
        raise Stale
    return fields


Sent = Annotated[Mapping[str, str], Depends(guarded)]


def go(address: str) -> Response:
    """Send the browser on, to see the page that a form led to."""
    return RedirectResponse(safe_back(address), 303, HEADERS)
