"""Reviewers at work in a real browser: by keyboard, in both languages, two at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from risk.access import people
from risk.cases import Actor, claim, view_case
from risk.history.schema import FACTS
from risk.history.schema_cases import cases, sessions
from tests.api.console_visits import PASSWORD, new_case
from tests.api.serving import Running, running, small_bundle
from tests.browser.browsing import NARROW, Reader, read_as

pytestmark = pytest.mark.browser
Open = Callable[..., Reader]


def verdicts(served: Running, refund_id: str) -> list[tuple[str, str]]:
    table = FACTS["outcomes"]
    query = sa.select(table.c.decided_by, table.c.verdict).where(table.c.refund_id == refund_id)
    with served.service.history.read() as connection:
        return [(by, verdict) for by, verdict in connection.execute(query)]


@pytest.fixture
def case(served: Running) -> str:
    """A case of nobody's."""
    with served.client() as client:
        return new_case(client, amount="50.00")


def refuse(someone: Reader, verdict: int) -> None:
    """Fill in a finding of abuse (4) or fraud (5): what is done with the money, and why."""
    someone.press("f", str(verdict), "Tab", *["ArrowDown"] * 3, "Tab", "Tab")
    someone.page.keyboard.type("a brick came back")


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
            someone.press("f", str(1 + n % 5), "Tab")
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
    someone.follow("?")
    assert someone.page.locator("kbd").count() > 10


def test_two_on_one_case(served: Running, reader: Open, case: str) -> None:
    leo, ann = reader("leo"), reader("ann")
    for someone in (leo, ann):
        someone.go(f"/case?id={case}")
    leo.follow("c")
    ann.follow("c")
    assert "leo is working on this case" in ann.text()
    assert ann.page.locator("#finding").count() == 0
    leo.follow("c")
    ann.go(f"/case?id={case}")
    ann.follow("c")
    refuse(ann, 5)
    ann.page.locator("#finding").get_by_role("button", name="Submit", exact=True).focus()
    ann.follow("Enter")
    assert verdicts(served, case) == [("reviewer", "fraud")]
    assert "Closed: Fraud" in ann.text()


def test_an_appeal_by_keyboard_before_another(served: Running, reader: Open, case: str) -> None:
    leo, ann = reader("leo"), reader("ann", locale="zh-CN")
    leo.go(f"/case?id={case}")
    leo.follow("c")
    refuse(leo, 4)
    leo.follow("Control+Enter")
    ann.go(f"/case?id={case}")
    ann.page.get_by_text("发起申诉", exact=True).first.focus()
    ann.press("Enter", "Tab")
    ann.page.keyboard.type("客户补充了视频")
    ann.press("Tab")
    ann.follow("Enter")
    leo.go(f"/case?id={case}")
    assert "another reviewer must decide" in leo.text()
    assert leo.page.locator("[data-key=c]").count() == 0
    ann.follow("c")
    ann.press("f", "1", "Tab")
    ann.follow("Control+Enter")
    assert verdicts(served, case) == [
        ("reviewer", "abuse"), ("appeal", "undetermined"), ("appeal", "legitimate"),
    ]  # fmt: skip


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


def test_from_a_reason_to_its_facts_and_back(reader: Open, case: str) -> None:
    someone = reader("ann")
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
    someone.page.get_by_role("button", name="Claim").click()
    form = someone.page.locator("#finding")
    form.get_by_text("Fraud", exact=True).click()
    form.locator("[name=resolution]").select_option("refused")
    form.locator("[name=note]").fill("a brick came back")
    someone.page.get_by_role("button", name="Submit", exact=True).click()
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
    someone.page.get_by_role("link", name="Next page").click()
    assert someone.page.locator("a.open").count() == 50
    with served.service.history.write() as write:
        write.connection.execute(sa.delete(cases).where(cases.c.refund_id.startswith("N-")))


def test_nothing_answers_to_a_form_from_another_site(served: Running) -> None:
    answer = httpx.post(f"{served.url}/console/next", headers={"origin": "https://evil.example"})
    assert answer.headers["location"].startswith("/console/login")


def test_the_next_question_has_its_words_ready(served: Running, reader: Open, case: str) -> None:
    ann, leo = reader("ann"), reader("leo", locale="zh-CN")
    ann.go(f"/case?id={case}")
    decision = view_case(served.service.history, case).decision
    assert decision is not None
    wanted = decision["required_evidence"]
    assert wanted, "a case that asks nothing shows no question"
    ann.press("e")
    first = wanted[0]
    written = ann.page.locator(".next-act textarea").first
    words = f"Please send us: {first['text']['en'].rstrip('.')}."
    assert written.input_value() == words
    ann.follow("Control+Enter")
    event = view_case(served.service.history, case).events[-1]
    assert (event["action"], event["who"]) == ("ask", "ann")
    assert (event["body"]["kind"], event["body"]["from"]) == (first["kind"], first["from"])
    assert event["body"]["text"] == words
    assert ann.page.locator(".next-act").count() == len(wanted) - 1, "it is asked once"
    ann.press("n")
    ann.page.keyboard.type("@leo, have you seen this parcel?")
    ann.press("Tab")
    ann.follow("Enter")
    leo.go()
    assert "have you seen this parcel?" in leo.text()
    ann.page.get_by_text("Hand over", exact=True).first.click()
    ann.page.locator("select[name=to]").select_option("leo")
    ann.page.locator("form[action*='case/assign'] button").click()
    leo.page.locator(".notice a", has_text=case).click()
    assert "至" in leo.page.locator(".holder").inner_text()
    assert "您" in leo.page.locator(".holder").inner_text()
    leo.go()
    assert "have you seen this parcel?" not in leo.text(), "read"
    ann.go(f"/case?id={case}")
    assert "leo is working on this case" in ann.text()


def test_a_finding_can_be_undone_for_some_seconds(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path, undo_seconds=4) as served:
        served.promote("suspicious", small_bundle(0, 5.0))
        people.add_person(served.service.history, "leo", PASSWORD)
        with served.client() as client:
            first, second = (new_case(client, amount=f"{n}00.00") for n in (3, 5))
        leo = read_as(browser, served.url, "leo", PASSWORD)
        leo.go(f"/case?id={first}")
        leo.follow("c")
        refuse(leo, 4)
        leo.follow("Control+Enter")
        assert leo.case_id() == second, "the next case is there at once"
        bar = leo.page.locator(".undo")
        assert first in bar.inner_text()
        assert "Abuse, Refused" in bar.inner_text()
        leo.follow("z")
        assert leo.case_id() == first
        assert "Undone" in leo.text()
        assert leo.page.locator("textarea[name=note]").first.input_value() == "a brick came back"
        leo.page.locator("label", has_text="Legitimate").click()
        leo.page.locator("select[name=resolution]").first.select_option("")
        leo.page.locator("#finding textarea").fill("")
        leo.follow("Control+Enter")
        leo.page.locator(".undo .when", has_text="is stored").wait_for()
        assert leo.page.locator(".undo button").count() == 0
        leo.page.wait_for_timeout(1500)
        assert verdicts(served, first) == [("reviewer", "legitimate")]
        leo.go(f"/case?id={first}")
        assert "Closed: Legitimate" in leo.text()
        leo.page.get_by_text("Correct the verdict", exact=True).first.click()
        form = leo.page.locator("form[action*='case/correct']")
        form.locator("label", has_text="Courier at fault").click()
        form.locator("textarea").fill("the courier found the parcel")
        form.locator("button").click()
        assert "Closed: Courier at fault" in leo.text()
        assert "Legitimate → Courier at fault" in leo.text()
        assert leo.faults() == []
        assert leo.complaints == []
        leo.page.context.close()


def test_many_at_once_and_what_comes_meanwhile(
    served: Running, reader: Open, browser: Browser
) -> None:
    leo = reader("leo")
    leo.page.clock.install()
    leo.go("?order=newest")
    before = leo.page.locator("a.open").all_inner_texts()
    with served.client() as client:
        names = [new_case(client, amount=f"{n}.00") for n in (61, 62, 63)]
    with leo.page.expect_response(lambda answer: "/news" in answer.url):
        leo.page.clock.run_for(11_000)
    leo.page.locator(".news a").wait_for()
    assert "new or changed" in leo.page.locator(".news").inner_text()
    assert leo.page.locator("a.open").all_inner_texts() == before, "nothing moved by itself"
    leo.page.locator(".news a").click()
    claim(served.service.history, names[2], Actor("ann"))
    for name in names:
        leo.page.get_by_label(f"Pick {name}").check()
    assert leo.faults() == []
    leo.page.get_by_role("button", name="Close as legitimate").click()
    assert f"{names[2]}: ann is working on this case" in leo.text()
    assert [verdicts(served, name) for name in names] == [
        [("reviewer", "legitimate")], [("reviewer", "legitimate")], [],
    ]  # fmt: skip


def test_on_a_narrow_screen_the_acts_come_before_the_reasons(reader: Open, case: str) -> None:
    ann = reader("ann", size=NARROW)
    ann.go(f"/case?id={case}")
    acts, reasons = (ann.page.locator(one).bounding_box() for one in (".actions", ".sides"))
    assert acts is not None
    assert reasons is not None
    assert acts["y"] < reasons["y"]
    assert ann.overflows() <= 0
