"""A reviewer at work in a real browser: by keyboard, in both languages, without script."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from risk.history.schema.schema_cases import cases
from tests.api.serving import Running
from tests.browser.acting import Open, buy_again, refuse, verdicts
from tests.browser.browsing import NARROW

pytestmark = pytest.mark.browser


def test_ten_cases_by_keyboard_in_both_languages(served: Running, reader: Open) -> None:
    someone = reader("mei")
    done: list[str] = []
    someone.follow("t")
    for n in range(10):
        if n == 5:
            someone.follow("l")
            assert "提高风险" in someone.text()
        here = someone.case_id()
        assert here not in done
        if n % 5 < 3:
            someone.press("f", str(1 + n % 5), "Tab", "ArrowDown")
        else:
            refuse(someone, 1 + n % 5)
        someone.follow("Control+Enter")
        done.append(here)
    assert all(len(verdicts(served, refund_id)) == 1 for refund_id in done)
    assert {verdicts(served, refund_id)[0][1] for refund_id in done} == {
        "legitimate", "merchant_fault", "courier_fault", "abuse", "fraud",
    }  # fmt: skip
    someone.press("Escape")
    someone.follow("c")
    someone.follow("u")
    assert someone.page.locator("h1").inner_text().startswith("待办")


def test_the_queue_by_keyboard(reader: Open, case: str) -> None:
    someone = reader("leo")
    rows = someone.page.locator("a.open")
    assert rows.count() >= 2
    someone.press("j", "j", "k")
    assert someone.page.evaluate("document.activeElement") is not None
    assert rows.first.evaluate("node => node === document.activeElement")
    someone.follow("Enter")
    assert someone.page.url.startswith(f"{someone.url}/console/case?id=")
    someone.follow("u")
    someone.press("/")
    someone.page.keyboard.type(case)
    someone.follow("Enter")
    assert someone.case_id() == case
    someone.press("Escape")
    someone.press("?")
    expect(someone.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_notes_and_questions_by_keyboard(reader: Open, case: str) -> None:
    someone = reader("ann")
    someone.go(f"/case?id={case}")
    someone.press("n")
    someone.page.keyboard.type("spoke with the courier")
    someone.follow("Control+Enter")
    someone.follow("c")
    someone.press("e", "Control+a")
    someone.page.keyboard.type("please film the seal")
    someone.follow("Control+Enter")
    assert "spoke with the courier" in someone.text()
    assert "please film the seal" in someone.text()
    someone.go()
    assert "Evidence requested" in someone.text()


def test_from_a_reason_to_its_facts_and_back(served: Running, reader: Open, case: str) -> None:
    someone = reader("ann")
    buy_again(served, case)
    someone.go(f"/case?id={case}")
    first = someone.page.locator(".sides a.fact").first
    said = first.inner_text()
    first.focus()
    someone.follow("Enter")
    assert someone.page.locator("h1").inner_text() == said
    someone.follow("u")
    assert someone.case_id() == case


def test_without_script_everything_still_works(served: Running, reader: Open, case: str) -> None:
    someone = reader("ann", script=False)
    someone.go(f"/case?id={case}")
    someone.follow(someone.page.get_by_role("button", name="Claim"))
    form = someone.page.locator("#finding")
    form.get_by_text("Fraud", exact=True).click()
    form.locator("[name=resolution]").select_option("refused")
    form.locator("[name=note]").fill("a brick came back")
    someone.follow(someone.page.get_by_role("button", name="Submit", exact=True))
    assert verdicts(served, case) == [("reviewer", "fraud")]


def test_the_clock_runs(reader: Open, case: str) -> None:
    someone = reader("ann")
    someone.page.clock.install()
    someone.go(f"/case?id={case}")
    before = someone.page.locator(".summary [data-due]").inner_text()
    someone.page.clock.fast_forward(2 * 3_600_000)
    assert someone.page.locator(".summary [data-due]").inner_text() != before


def test_ten_thousand_cases_are_drawn_fifty_at_a_time(served: Running, reader: Open) -> None:
    with served.service.history.read() as connection:
        one = dict(connection.execute(sa.select(cases).limit(1)).mappings().one())
    many = [
        {**one, "refund_id": f"N-{n:05}", "state": "open", "rank": 10**14 + n, "held_by": None}
        for n in range(10_000)
    ]
    with served.service.history.write() as write:
        write.connection.execute(sa.insert(cases), many)
    someone = reader("leo")
    assert "10,0" in someone.page.locator("h1").inner_text()
    assert someone.page.locator("a.open").count() == 50
    someone.follow(someone.page.get_by_role("link", name="Next page"))
    assert someone.page.locator("a.open").count() == 50
    with served.service.history.write() as write:
        write.connection.execute(sa.delete(cases).where(cases.c.refund_id.startswith("N-")))


def test_nothing_answers_to_a_form_from_another_site(served: Running) -> None:
    answer = httpx.post(f"{served.url}/console/next", headers={"origin": "https://evil.example"})
    assert answer.headers["location"].startswith("/console/login")


def test_on_a_narrow_screen_the_acts_come_before_the_reasons(reader: Open, case: str) -> None:
    ann = reader("ann", size=NARROW)
    ann.go(f"/case?id={case}")
    acts, reasons = (ann.page.locator(one).bounding_box() for one in (".actions", ".sides"))
    assert acts is not None
    assert reasons is not None
    assert acts["y"] < reasons["y"]
    assert ann.overflows() <= 0
