"""Logging in by an identity provider: to it, and back from it."""

from __future__ import annotations

import base64
from dataclasses import asdict
from functools import partial

import orjson
from fastapi.responses import RedirectResponse, Response

from api.console.login_form import login_form, set_cookie
from api.console.page_route import page_router
from api.console.session import (
    SECURITY_HEADERS,
    SESSION_COOKIE,
    AnyVisitor,
    PageContext,
    redirect,
    safe_address,
)
from risk.access.linked_people import person_for
from risk.access.sessions import open_session
from risk.access.sign_on import Attempt, SignOn
from risk.errors import Forbidden, NotFound, Unavailable
from risk.history.envelope import SecretCipher

ATTEMPT_COOKIE = "refund_risk_sign_on"
ATTEMPT_S = 600
_CONTEXT = "sign-on attempt"

router = page_router()


@router.get("/sign-on")
def begin(context: AnyVisitor, back: str = "") -> Response:
    """Send the browser to the provider; it keeps what the answer must fit, encrypted."""
    try:
        address, attempt = _sign_on(context).begin(_own_address(context), safe_address(back))
    except Unavailable:
        return login_form(context, safe_address(back), "sign_on_down", 503)
    response = RedirectResponse(address, 303, SECURITY_HEADERS)
    sealed = _cipher(context).encrypt(orjson.dumps(asdict(attempt)).decode(), _CONTEXT)
    kept = base64.urlsafe_b64encode(sealed).decode()
    set_cookie(context, response, ATTEMPT_COOKIE, kept, ATTEMPT_S)
    return response


@router.get("/sign-on/answer")
def finish(context: AnyVisitor, state: str = "") -> Response:
    """Log in whom the provider's answer proves, where they have an account."""
    sign_on, history = _sign_on(context), context.resources.history
    try:
        attempt = _attempt(context)
        answer = str(context.request.url)
        identity = sign_on.finish(_own_address(context), attempt, answer, state)
        person = person_for(history, identity, provision=sign_on.settings.provision)
    except Forbidden as error:
        context.request.state.about = {"sign_on": str(error)}
        failed = partial(login_form, context, "", "sign_on_refused", 403)
    except Unavailable:
        failed = partial(login_form, context, "", "sign_on_down", 503)
    else:
        response = redirect(attempt.back)
        token = open_session(history, person, proved=True)
        set_cookie(context, response, SESSION_COOKIE, token)
        response.delete_cookie(ATTEMPT_COOKIE, path="/console")
        return response
    response = failed()
    response.delete_cookie(ATTEMPT_COOKIE, path="/console")
    return response


def _sign_on(context: PageContext) -> SignOn:
    if context.resources.sign_on is None:
        raise NotFound("no identity provider is set")
    return context.resources.sign_on


def _own_address(context: PageContext) -> str:
    return f"{str(context.request.base_url).rstrip('/')}/console/sign-on/answer"


def _cipher(context: PageContext) -> SecretCipher:
    return SecretCipher(context.resources.history.envelope_key)


def _attempt(context: PageContext) -> Attempt:
    """What this browser began with. Raises Forbidden where it is not there, or not ours."""
    kept = context.request.cookies.get(ATTEMPT_COOKIE, "")
    try:
        opened = _cipher(context).decrypt(base64.urlsafe_b64decode(kept.encode()), _CONTEXT)
        return Attempt(**orjson.loads(opened))
    except (Forbidden, TypeError, ValueError):
        raise Forbidden("this login was not begun in this browser") from None
