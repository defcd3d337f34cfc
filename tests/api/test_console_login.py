"""The door of the console: who gets in, for how long, and what a form must carry."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from risk.access.login_limits import FAILED_PER_NAME_THERE
from risk.access.sessions import IDLE_MS
from risk.history.schema.schema_cases import login_attempts, sessions
from tests.api.console_visits import PASSWORD, Visitor, hidden, logged_in, visitor
from tests.api.serving import Running

PAGES = (
    "",
    "case?id=R-1",
    "dossier?id=R-1",
    "decisions",
    "overview",
    "keys",
    "people",
    "log",
    "account",
)


@pytest.fixture
def mei(served: Running) -> Iterator[Visitor]:
    someone = logged_in(served, "mei", role="administrator")
    yield someone
    someone.http.close()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_asks_who_is_there(served: Running, page: str) -> None:
    answer = visitor(served).http.get(f"/console/{page}".rstrip("/"))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/console/login?back=%2Fconsole")


@pytest.mark.parametrize("page", ["next", "case/finding", "case/claim", "people/add", "logout"])
def test_no_form_works_logged_out(served: Running, page: str) -> None:
    answer = visitor(served).send(page, csrf_token="x", id="R-1")
    assert answer.headers["location"].startswith("/console/login")


def test_logging_in_leads_back_to_where_one_was(served: Running, mei: Visitor) -> None:
    someone = visitor(served)
    answer = someone.log_in("mei", back="/console/overview?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/overview?x=1")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/console//evil.example",
     "/consolery", "javascript:alert(1)", "/console/\r\nx: y", "/console/../docs",
     "/console/%2E./docs", "/console/.", "/console/x/.%2e?y"],
)  # fmt: skip
def test_logging_in_never_leads_away(served: Running, mei: Visitor, back: str) -> None:
    assert visitor(served).log_in("mei", back=back).headers["location"] == "/console"


def test_a_wrong_password_says_no_more_than_that(served: Running, mei: Visitor) -> None:
    known = visitor(served).log_in("mei", "a wrong password")
    unknown = visitor(served).log_in("no-such-person", "a wrong password")
    assert known.status_code == unknown.status_code == 401
    plain = [text.replace(hidden(text), "") for text in (known.text, unknown.text)]
    assert plain[0] == plain[1]


def test_guessing_ends_in_429(served: Running, mei: Visitor) -> None:
    for _ in range(FAILED_PER_NAME_THERE):
        assert visitor(served).log_in("guessed", "wrong again").status_code == 401
    assert visitor(served).log_in("guessed", PASSWORD).status_code == 429
    with served.service.history.write() as write:
        write.connection.execute(sa.delete(login_attempts))


def test_a_login_from_elsewhere_is_refused(served: Running, mei: Visitor) -> None:
    form = {"name": "mei", "password": PASSWORD}
    for csrf_token in ({}, {"csrf_token": "made up"}):
        answer = visitor(served).http.post("/console/login", data={**form, **csrf_token})
        assert answer.status_code == 403
        assert "refund_risk_session" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("csrf_token", ["", "made up"])
def test_a_form_without_its_guard_changes_nothing(
    served: Running, mei: Visitor, csrf_token: str
) -> None:
    answer = mei.send(
        "people/add", csrf_token=csrf_token, name="intruder", password="long enough indeed"
    )
    assert "why=stale" in answer.headers["location"]
    assert "intruder" not in mei.read("people").text


def test_another_ones_guard_is_no_guard(served: Running, mei: Visitor) -> None:
    leo = logged_in(served, "leo")
    answer = mei.send(
        "people/add", csrf_token=leo.csrf_token, name="intruder", password="long enough indeed"
    )
    assert "why=stale" in answer.headers["location"]


def test_a_session_that_is_over_leads_to_the_door(served: Running, mei: Visitor) -> None:
    with served.service.history.write() as write:
        ended = sa.update(sessions).values(seen_at=sessions.c.seen_at - IDLE_MS)
        write.connection.execute(ended)
    answer = mei.read("overview")
    assert answer.headers["location"] == "/console/login?back=%2Fconsole%2Foverview&why=over"
    assert "session has expired" in mei.http.get(answer.headers["location"]).text


def test_logging_out_ends_the_session_itself(served: Running, mei: Visitor) -> None:
    kept = dict(mei.http.cookies)
    assert mei.send("logout").status_code == 303
    again = httpx.get(f"{served.url}/console", cookies=kept)
    assert again.status_code == 303


def test_reviewers_are_no_administrators(served: Running) -> None:
    leo = logged_in(served, "leo")
    for page in ("people", "log"):
        assert leo.read(page).status_code == 403
    answer = leo.send("people/add", name="friend", password="long enough indeed")
    assert answer.status_code == 403


def test_administrators_let_people_in_and_out(served: Running, mei: Visitor) -> None:
    wrong = mei.send("people/add", name="new one", password="short", role="reviewer")
    assert wrong.status_code == 422
    assert "short" not in wrong.text
    added = mei.send("people/add", name="ann", shown="Ann", password=PASSWORD, role="reviewer")
    assert added.headers["location"] == "/console/people?done=saved"
    ann = logged_in(served, "ann")
    assert mei.send("people/password", name="ann", password="another long one").status_code == 303
    assert ann.read("").status_code == 303
    assert visitor(served).log_in("ann", "another long one").status_code == 303
    assert mei.send("people/deactivate", name="ann").status_code == 303
    assert visitor(served).log_in("ann", "another long one").status_code == 401
    assert mei.send("people/deactivate", name="mei").status_code == 403


def test_people_change_their_own_password(served: Running) -> None:
    nan, elsewhere = logged_in(served, "nan"), logged_in(served, "nan")
    new = {"password": "a new long pass phrase", "again": "a new long pass phrase"}
    for old in ("", PASSWORD + "x"):
        refused = nan.send("account/password", old=old, **new)
        assert refused.status_code == 422
        assert "expected the password of today" in refused.text
    differ = nan.send("account/password", old=PASSWORD, **{**new, "again": "another one here"})
    assert "The new passwords differ." in differ.text
    common = {"password": "password1234", "again": "password1234"}
    assert "harder to guess" in nan.send("account/password", old=PASSWORD, **common).text
    changed = nan.send("account/password", old=PASSWORD, **new)
    assert changed.headers["location"] == "/console/account?done=saved"
    assert "Your password was changed." in nan.read("account", done="saved").text
    assert elsewhere.read("").headers["location"].startswith("/console/login")
    assert visitor(served).log_in("nan", PASSWORD).status_code == 401
    assert visitor(served).log_in("nan", new["password"]).status_code == 303
