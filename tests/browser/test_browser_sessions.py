"""Sessions that end while somebody reads or writes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from risk.cases import view_case
from risk.history.schema.schema_cases import sessions
from tests.api.serving import Running
from tests.browser.acting import Open
from tests.browser.browsing import Reader

pytestmark = pytest.mark.browser


def end_session(served: Running, name: str) -> None:
    with served.service.history.write() as write:
        write.connection.execute(sa.delete(sessions).where(sessions.c.name == name))


def log_in_again(someone: Reader, name: str) -> None:
    assert "session has expired" in someone.text()
    someone.page.locator("input[name=name]").focus()
    someone.page.keyboard.type(name)
    someone.press("Tab")
    someone.page.keyboard.type("correct horse battery")
    someone.follow("Enter")


def test_a_session_that_ends_while_reading(served: Running, reader: Open, case: str) -> None:
    someone = reader("ann")
    someone.go(f"/case?id={case}")
    end_session(served, "ann")
    someone.follow("c")
    log_in_again(someone, "ann")
    assert someone.page.url == f"{someone.url}/console/case?id={case}"


def test_a_session_that_ends_while_writing_loses_nothing(
    served: Running, reader: Open, case: str
) -> None:
    someone = reader("ann")
    someone.go(f"/case?id={case}")
    someone.press("n")
    someone.page.keyboard.type("the courier called back")
    end_session(served, "ann")
    someone.follow("Control+Enter")
    log_in_again(someone, "ann")
    assert "the courier called back" in someone.text()
    assert someone.faults() == []
    assert events(served, case) == []
    someone.follow("Enter")
    assert events(served, case) == [("note", "the courier called back")]
    assert "The note was saved." in someone.text()


def events(served: Running, refund_id: str) -> list[tuple[str, str]]:
    found = view_case(served.service.history, refund_id).events
    return [(event["action"], event["body"].get("text", "")) for event in found]
