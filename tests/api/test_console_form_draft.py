"""What somebody wrote is not lost when their session ends: it waits behind the door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.console.form_draft import unpack
from risk.cases import view_case
from risk.history.schema.schema_cases import sessions
from tests.api.console_visits import PASSWORD, Visitor, hidden, logged_in, new_case, visitor
from tests.api.serving import Running, small_bundle

WORDS = "Spoke with the courier: <b>left</b> at the gate & signed.\nNothing else."


@pytest.fixture
def case(served: Running, client: httpx.Client) -> str:
    served.promote("suspicious", small_bundle(0, 5.0))
    return new_case(client)


@pytest.fixture
def mei(served: Running) -> Iterator[Visitor]:
    someone = logged_in(served, "mei")
    yield someone
    someone.http.close()


def end_sessions(served: Running) -> None:
    with served.service.history.write() as write:
        write.connection.execute(sa.delete(sessions))


def send(someone: Visitor, served: Running, page: str, **fields: Any) -> httpx.Response:
    """As a browser sends a form of our own page."""
    form = {"csrf_token": someone.csrf_token, **fields}
    return someone.http.post(f"/console/{page}", data=form, headers={"origin": served.url})


def inputs(html: str) -> dict[str, str]:
    """The hidden fields of the form that matters, in a page with one."""
    form = html[html.index("<main") :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def notes(served: Running, refund_id: str) -> list[str]:
    return [event["body"]["text"] for event in view_case(served.service.history, refund_id).events]


def test_a_note_waits_behind_the_door(served: Running, mei: Visitor, case: str) -> None:
    end_sessions(served)
    door = send(mei, served, "case/note", id=case, text=WORDS)
    assert "review and send the form you submitted" in door.text
    assert notes(served, case) == []
    login = {**inputs(door.text), "name": "mei"}
    refused = mei.http.post("/console/login", data={**login, "password": "wrong password"})
    assert refused.status_code == 401
    login = {**inputs(refused.text), "name": "mei"}
    inside = mei.http.post("/console/login", data={**login, "password": PASSWORD})
    assert inside.status_code == 200
    assert "left&lt;/b&gt; at the gate &amp; signed." in inside.text
    assert notes(served, case) == [], "nothing is done before somebody says so"
    again = inputs(inside.text)
    assert again.pop("csrf_token") != mei.csrf_token
    assert (again["id"], again["text"]) == (case, WORDS)
    to = re.search(r'action="(/console/case/note[^"]*)"', inside.text)
    assert to
    mei.csrf_token = hidden(inside.text)
    done = send(mei, served, to[1].removeprefix("/console/"), **again)
    assert done.status_code == 303
    assert notes(served, case) == [WORDS]


def test_a_form_of_an_earlier_session_is_shown_again(
    served: Running, mei: Visitor, case: str
) -> None:
    page = send(mei, served, "case/note", id=case, text=WORDS, csrf_token="of yesterday")
    assert page.status_code == 200
    assert inputs(page.text)["text"] == WORDS
    assert inputs(page.text)["csrf_token"] == mei.csrf_token
    assert notes(served, case) == []


def test_a_button_alone_leads_back_to_its_case(served: Running, mei: Visitor, case: str) -> None:
    end_sessions(served)
    answer = send(mei, served, "case/claim", id=case)
    assert answer.status_code == 303
    assert f"back=%2Fconsole%2Fcase%3Fid%3D{case}" in answer.headers["location"]


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
def test_what_another_site_sends_is_not_kept(
    served: Running, mei: Visitor, case: str, origin: str | None
) -> None:
    headers = {"origin": origin} if origin else {}
    form = {"id": case, "text": WORDS, "csrf_token": "made up"}
    for end in (False, True):
        if end:
            end_sessions(served)
        answer = mei.http.post("/console/case/note", data=form, headers=headers)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/console/login")


def test_passwords_do_not_wait(served: Running) -> None:
    boss = logged_in(served, "boss", role="administrator")
    end_sessions(served)
    door = send(boss, served, "people/add", name="friend", password="a secret of theirs")
    assert "friend" in inputs(door.text)["draft"]
    assert "secret" not in door.text
    boss.http.close()


@pytest.mark.parametrize(
    ("to", "draft"),
    [
        ("https://evil.example/console/case/note", "text=x"),
        ("//evil.example", "text=x"),
        ("/v1/outcomes", "text=x"),
        ("/console/logout", "text=x"),
        ("/console/case/note", "id=R-1"),
        ("", ""),
    ],
)
def test_only_forms_of_the_console_wait(to: str, draft: str) -> None:
    assert unpack(to, draft) is None


def test_a_login_cannot_bring_a_form_for_elsewhere(served: Running, mei: Visitor) -> None:
    someone = visitor(served)
    page = someone.http.get("/console/login")
    form = {"name": "mei", "password": PASSWORD, "csrf_token": hidden(page.text),
            "to": "https://evil.example/", "draft": "text=x"}  # fmt: skip
    answer = someone.http.post("/console/login", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    someone.http.close()
