"""Sessions of the console: login cookies, CSRF tokens of forms, language, security headers."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.console.localisation import Locale
from api.console.system_words import system_words
from api.console.templating import ROOT, ConsoleResources, url
from api.console.translations import translate
from api.dependencies.body import read_body
from api.dependencies.context import service_of
from api.problems import ProblemError
from risk.access.people import ZONE, Person
from risk.access.sessions import Session, session_of
from risk.cases import Actor
from risk.cases.acts.pending_rows import PendingFinding, pending_of
from risk.errors import Forbidden, NotFound
from risk.explain.rule_sources import source_in
from risk.facts.localised import COMMA, LANGUAGES, Language
from risk.history.connection.connect import now_ms

UNWATCHED = frozenset({f"{ROOT}/news", f"{ROOT}/case/pending"})
"""What pages ask for by themselves: it keeps no session alive."""

SESSION_COOKIE = "refund_risk_session"
LANGUAGE_COOKIE = "refund_risk_language"
SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "cache-control": "no-store",
}


class LoggedOut(Exception):
    """Nobody is logged in, or the session has expired; `back` is the page to return to."""

    def __init__(self, back: str, *, expired: bool) -> None:
        self.back = back
        self.expired = expired
        super().__init__(back)


class FactorNeeded(Exception):
    """An administrator logged in by a password alone, where more is needed."""


class RejectedForm(Exception):
    """A form without the CSRF token of its session (expired, from another site), or too large."""


@dataclass(frozen=True)
class PageContext:
    """The context of one request to the console: resources, session and locale."""

    request: Request
    resources: ConsoleResources
    session: Session | None
    locale: Locale

    @property
    def person(self) -> Person:
        """The person logged in. Raises LoggedOut."""
        if self.session is None:
            raise LoggedOut(url(), expired=False)
        return self.session.person

    @property
    def address(self) -> str:
        """Where the request came from, for the limits on failed logins."""
        return self.request.client.host if self.request.client else "unknown"

    @property
    def actor(self) -> Actor:
        return Actor(self.person.name)

    def translate(self, key: str, **values: object) -> str:
        """The text of a key in the reader's language; templates call it as `t`."""
        return translate(key, self.locale.language, **values)

    def _held_findings(self) -> list[PendingFinding]:
        """The reader's findings that can still be undone."""
        if self.session is None or not self.resources.undo_ms:
            return []
        with self.resources.history.read() as connection:
            return pending_of(connection, self.person.name)

    def page(self, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
        """The page of a template, filled with `values` and what every page needs."""
        html = self.resources.templates.get_template(template).render(
            locale=self.locale,
            language=self.locale.language,
            t=self.translate,
            colon="：" if self.locale.language == "zh" else ": ",
            comma=COMMA[self.locale.language],
            label=self.locale.label,
            said=self.locale.said,
            in_words=partial(system_words, self.locale),
            source_in=partial(source_in, self.locale.language),
            person=self.session.person if self.session else None,
            csrf_token=self.session.csrf_token if self.session else "",
            current_address=current_address(self.request),
            done=self.request.query_params.get("done", ""),
            about=self.request.query_params.get("about", ""),
            held_findings=self._held_findings(),
            now=now_ms(),
            searched=self.request.query_params.get("q", ""),
            **values,
        )
        return HTMLResponse(html, status, SECURITY_HEADERS)


def current_address(request: Request) -> str:
    """The address of this page, to return to; the queue for a posted form."""
    if request.method != "GET":
        return url()
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query


def safe_address(address: str) -> str:
    """The address itself where it is within the console, else the queue (no open redirect)."""
    within = address == ROOT or address.startswith((f"{ROOT}/", f"{ROOT}?"))
    path = address.partition("?")[0]
    upwards = any(unquote(part) in (".", "..") for part in path.split("/"))
    plain = not any(c in address for c in "\\\r\n\t") and "//" not in path and not upwards
    return address if within and plain else ROOT


def language_of(request: Request) -> Language:
    """The language chosen by cookie, else the one the browser prefers."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    for language in LANGUAGES:
        if chosen == language:
            return language
    preferred = request.headers.get("accept-language", "").lower()
    return "zh" if preferred.startswith("zh") else "en"


def any_visitor(request: Request) -> PageContext:
    """The context of any request, logged in or not."""
    resources: ConsoleResources = request.app.state.console
    if any("\x00" in name + value for name, value in request.query_params.items()):
        raise NotFound("no page has a NUL character in its address")
    token = request.cookies.get(SESSION_COOKIE)
    renew = request.url.path not in UNWATCHED
    session = session_of(resources.history, token, renew=renew) if token else None
    zone = session.person.zone if session else ZONE
    return PageContext(request, resources, session, Locale(language_of(request), zone))


def logged_in(request: Request) -> PageContext:
    """The context of a request with a session. Raises LoggedOut."""
    context = any_visitor(request)
    if context.session is None:
        raise LoggedOut(current_address(request), expired=SESSION_COOKIE in request.cookies)
    return context


def administrator(request: Request) -> PageContext:
    """The context of an administrator's request. Raises LoggedOut, Forbidden, FactorNeeded."""
    context = logged_in(request)
    if context.person.role != "administrator":
        raise Forbidden("this page is for administrators")
    if context.resources.second_factor and not (context.session and context.session.proved):
        raise FactorNeeded
    return context


async def form_fields(request: Request) -> Mapping[str, str]:
    """The fields of a posted form; the last value of a name counts. Cached on the request.

    Raises RejectedForm for a form that is too large or not decodable, ProblemError for a slow one.
    """
    read: Mapping[str, str] | None = getattr(request.state, "fields", None)
    if read is None:
        read = request.state.fields = await _read(request)
    return read


async def _read(request: Request) -> Mapping[str, str]:
    try:
        body = await read_body(request, service_of(request).limits, "form")
    except ProblemError as error:
        if error.type == "too-slow":
            raise
        raise RejectedForm from None
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=60)
    except ValueError:
        raise RejectedForm from None
    if any("\x00" in name + value for name, value in fields):
        raise RejectedForm
    return {name: value.replace("\r\n", "\n") for name, value in fields}


FormFields = Annotated[Mapping[str, str], Depends(form_fields)]
AnyVisitor = Annotated[PageContext, Depends(any_visitor)]
LoggedIn = Annotated[PageContext, Depends(logged_in)]
Administrator = Annotated[PageContext, Depends(administrator)]


def csrf_checked(context: LoggedIn, fields: FormFields) -> Mapping[str, str]:
    """The fields of a form with the CSRF token of its session. Raises RejectedForm for others."""
    check_token(context, fields.get("csrf_token", ""))
    return fields


def check_token(context: PageContext, given: str) -> None:
    """Raises RejectedForm where this is not the CSRF token of the session."""
    token = context.session.csrf_token if context.session else ""
    if not hmac.compare_digest(given.encode(), token.encode()):
        raise RejectedForm


VerifiedForm = Annotated[Mapping[str, str], Depends(csrf_checked)]


def redirect(address: str) -> Response:
    """Redirect to a page of the console with GET (303), as after a form."""
    return RedirectResponse(safe_address(address), 303, SECURITY_HEADERS)
