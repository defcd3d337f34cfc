"""Single sign-on by OpenID Connect, against a real provider on a socket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from risk.access import people
from risk.settings import Settings, SignOnSettings
from tests.api.console_visits import PASSWORD
from tests.api.identity_provider import CLIENT, CLIENT_SECRET, Provider, identity_provider
from tests.api.serving import TRUSTS_NOBODY, Running, plain_client, running

MEI = "mei@example.com"


@dataclass
class Desk:
    """The service, its provider, and a browser."""

    run: Running
    provider: Provider
    browser: httpx.Client

    def log_in(self, back: str = "/console/overview") -> httpx.Response:
        """Through the provider and back; the answer to what the provider sent the browser to."""
        begun = self.browser.get("/console/sign-on", params={"back": back})
        assert begun.status_code == 303
        return self.browser.get(self.answer(begun))

    def answer(self, begun: httpx.Response) -> str:
        """Where the provider sends the browser."""
        sent = httpx.get(begun.headers["location"], verify=TRUSTS_NOBODY)
        assert sent.status_code == 302, sent.text
        return str(sent.headers["location"])

    def add(self, name: str = MEI, role: Any = "administrator") -> None:
        people.add_person(self.run.service.history, name, PASSWORD, role=role)


def settings(provider: Provider, **more: Any) -> SignOnSettings:
    return SignOnSettings(provider.url, CLIENT, CLIENT_SECRET, **more)


@pytest.fixture
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    more = getattr(request, "param", {})
    with (
        identity_provider() as provider,
        running(tmp_path, sign_on=settings(provider, **more), second_factor=True) as run,
        plain_client(run.url) as browser,
    ):
        yield Desk(run, provider, browser)


def test_who_has_an_account_is_logged_in_and_led_back(desk: Desk) -> None:
    desk.add()
    assert "/console/sign-on" in desk.browser.get("/console/login").text
    answer = desk.log_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/overview")
    assert desk.browser.get("/console/people").status_code == 200
    [asked] = desk.provider.asked
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) > 30
    assert len(asked["nonce"]) > 30


def test_a_password_works_beside_it(desk: Desk) -> None:
    desk.add()
    page = desk.browser.get("/console/login").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"name": MEI, "password": PASSWORD, "csrf_token": token, "back": ""}
    assert desk.browser.post("/console/login", data=form).status_code == 303


WRONG: dict[str, dict[str, Any]] = {
    "another issuer": {"replaced": {"iss": "https://elsewhere.example"}},
    "another audience": {"replaced": {"aud": "another client"}},
    "for another client among several": {"replaced": {"aud": [CLIENT, "x"], "azp": "x"}},
    "another nonce": {"replaced": {"nonce": "of another login"}},
    "no nonce": {"replaced": {"nonce": None}},
    "over": {"replaced": {"exp": 1_700_000_000}},
    "of tomorrow": {"replaced": {"iat": 4_000_000_000}},
    "another key": {"another_key": True},
    "signed with the client's secret": {"algorithm": "HS256"},
    "not signed": {"algorithm": "none"},
    "an address that is not verified": {"replaced": {"email_verified": False}},
    "no address": {"replaced": {"email": None}},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_proves_nothing_is_refused(desk: Desk, wrong: str) -> None:
    desk.add()
    for name, value in WRONG[wrong].items():
        setattr(desk.provider, name, value)
    assert desk.log_in().status_code == 403
    assert desk.browser.get("/console/overview").status_code == 303


def test_an_answer_to_another_browser_is_refused(desk: Desk) -> None:
    desk.add()
    begun = desk.browser.get("/console/sign-on")
    address = desk.answer(begun)
    with plain_client(desk.run.url) as victim:
        assert victim.get(address).status_code == 403
        victim.get("/console/sign-on")
        assert victim.get(address).status_code == 403
    assert desk.browser.get(address).status_code == 303
    assert desk.browser.get(address).status_code == 403, "an answer counts once"


def test_a_code_without_its_verifier_is_refused(desk: Desk) -> None:
    """A code that was stolen on the way is worth nothing in another login (PKCE)."""
    desk.add()
    stolen = parse_qs(urlsplit(desk.answer(desk.browser.get("/console/sign-on"))).query)["code"]
    with plain_client(desk.run.url) as thief:
        own = desk.answer(thief.get("/console/sign-on"))
        state = parse_qs(urlsplit(own).query)["state"][0]
        answer = thief.get("/console/sign-on/answer", params={"state": state, "code": stolen[0]})
        assert answer.status_code == 403


def test_a_stranger_has_no_account(desk: Desk) -> None:
    assert desk.log_in().status_code == 403


@pytest.mark.parametrize("desk", [{"provision": True}], indirect=True)
def test_a_stranger_becomes_a_reviewer_where_the_settings_say_so(desk: Desk) -> None:
    assert desk.log_in().status_code == 303
    with desk.run.service.history.read() as connection:
        made = people.person_of(connection, MEI)
    assert made is not None
    assert (made.role, made.display_name) == ("reviewer", "Mei")


def test_who_left_is_not_let_in(desk: Desk) -> None:
    desk.add()
    people.deactivate(desk.run.service.history, MEI)
    assert desk.log_in().status_code == 403


def test_an_account_stays_its_first_identitys(desk: Desk) -> None:
    """Whoever is given the address later at the provider does not get the account with it."""
    desk.add()
    assert desk.log_in().status_code == 303
    desk.provider.person = {**desk.provider.person, "sub": "u-2"}
    assert desk.log_in().status_code == 403
    desk.provider.person = {**desk.provider.person, "sub": "u-1", "email": "new@example.com"}
    assert desk.log_in().status_code == 303


def test_keys_that_changed_are_read_again(desk: Desk) -> None:
    desk.add()
    assert desk.log_in().status_code == 303
    desk.provider.key = type(desk.provider.key).generate_key(2048, {"kid": "one"}, private=True)
    assert desk.log_in().status_code == 303


def test_a_provider_that_is_down_leaves_the_password(tmp_path: Path) -> None:
    gone = SignOnSettings("http://127.0.0.1:9", CLIENT, CLIENT_SECRET)
    with running(tmp_path, sign_on=gone) as run, plain_client(run.url) as browser:
        answer = browser.get("/console/sign-on")
        assert answer.status_code == 503
        assert 'name="password"' in answer.text


def test_without_a_provider_there_is_no_such_page(served: Running) -> None:
    assert httpx.get(f"{served.url}/console/sign-on").status_code == 404


ISSUERS = (
    "http://idp.example",
    "http://localhost.evil.example",
    "http://localhost@evil.example",
    "http://127.0.0.1.evil.example/",
    "http://127.0.0.1:80@evil.example",
    "https://",
    "https://user:password@idp.example",
    "HTTPS//idp.example",
    "ftp://localhost",
    "http://[::1",
)


@pytest.mark.parametrize("issuer", ISSUERS)
def test_an_issuer_that_others_may_speak_for_is_refused(issuer: str) -> None:
    with pytest.raises(ValueError, match="REFUND_RISK_OIDC_ISSUER"):
        SignOnSettings.from_env(
            {"REFUND_RISK_OIDC_ISSUER": issuer, "REFUND_RISK_OIDC_CLIENT_ID": CLIENT}
        )


@pytest.mark.parametrize(
    "issuer",
    ["https://idp.example/realm", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:9"],
)
def test_an_issuer_by_https_or_on_this_machine_is_taken(issuer: str) -> None:
    env = {"REFUND_RISK_OIDC_ISSUER": issuer, "REFUND_RISK_OIDC_CLIENT_ID": CLIENT}
    assert SignOnSettings.from_env(env) == SignOnSettings(issuer, CLIENT, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"REFUND_RISK_OIDC_ISSUER": "https://idp.example"},
        {"REFUND_RISK_OIDC_ISSUER": "https://idp.example", "REFUND_RISK_OIDC_CLIENT_ID": "c",
         "REFUND_RISK_OIDC_PROVISION": "administrator"},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="REFUND_RISK_OIDC"):
        Settings.from_env({"REFUND_RISK_SECRET": "s", **wrong})
