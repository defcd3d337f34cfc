"""Several reviewers on one queue: claims, appeals, questions, mentions, many cases at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from risk.access import people
from risk.cases import Actor, claim, view_case
from tests.api.console_visits import PASSWORD, new_case
from tests.api.serving import Running, running, small_bundle
from tests.browser.acting import Open, refuse, stored, verdicts
from tests.browser.browsing import read_as

pytestmark = pytest.mark.browser


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
    ann.press("f", "1", "Tab", "ArrowDown")
    ann.follow("Control+Enter")
    assert verdicts(served, case) == [
        ("reviewer", "abuse"), ("appeal", "undetermined"), ("appeal", "legitimate"),
    ]  # fmt: skip


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
    sent = written.input_value()
    assert (sent[:6], sent.endswith(f". {words}")) == ("Order ", True)
    ann.follow("Control+Enter")
    event = view_case(served.service.history, case).events[-1]
    assert (event["action"], event["who"]) == ("ask", "ann")
    assert (event["body"]["kind"], event["body"]["from"]) == (first["kind"], first["from"])
    assert event["body"]["text"] == sent
    assert ann.page.locator(".next-act").count() == len(wanted) - 1, "it is asked once"
    ann.press("n")
    ann.page.keyboard.type("@leo, have you seen this parcel?")
    ann.press("Tab")
    ann.follow("Enter")
    leo.go()
    assert "have you seen this parcel?" in leo.text()
    ann.page.get_by_text("Hand over", exact=True).first.click()
    ann.page.locator("select[name=to]").select_option("leo")
    ann.follow(ann.page.locator("form[action*='case/assign'] button"))
    leo.follow(leo.page.locator(".notice a", has_text=case))
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
            first, _ = (new_case(client, amount=f"{n}00.00") for n in (3, 5))
        leo = read_as(browser, served.url, "leo", PASSWORD)
        leo.go(f"/case?id={first}")
        leo.follow("c")
        refuse(leo, 4)
        leo.follow("Control+Enter")
        assert leo.case_id() != first, "the next case is there at once, maybe one given blind"
        bar = leo.page.locator(".undo")
        assert first in bar.inner_text()
        assert "Abuse, Refused" in bar.inner_text()
        leo.follow("z")
        assert leo.case_id() == first
        assert "Undone" in leo.text()
        assert leo.page.locator("textarea[name=note]").first.input_value() == "a brick came back"
        leo.page.locator("label", has_text="Legitimate").click()
        leo.page.locator("select[name=resolution]").first.select_option("refunded")
        leo.page.locator("#finding textarea").fill("")
        leo.follow("Control+Enter")
        leo.page.locator(".undo .when", has_text="is stored").wait_for()
        assert leo.page.locator(".undo button").count() == 0
        assert stored(leo, served, first) == [("reviewer", "legitimate")]
        leo.go(f"/case?id={first}")
        assert "Closed: Legitimate" in leo.text()
        leo.page.get_by_text("Correct the verdict", exact=True).first.click()
        form = leo.page.locator("form[action*='case/correct']")
        form.locator("label", has_text="Courier at fault").click()
        form.locator("select").select_option("refunded")
        form.locator("textarea").fill("the courier found the parcel")
        leo.follow(form.locator("button"))
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
    leo.follow(leo.page.locator(".news a"))
    claim(served.service.history, names[2], Actor("ann"))
    for name in names:
        leo.page.get_by_label(f"Pick {name}").check()
    assert leo.faults() == []
    leo.follow(leo.page.get_by_role("button", name="Close as legitimate"))
    assert f"{names[2]}: ann is working on this case" in leo.text()
    assert [verdicts(served, name) for name in names] == [
        [("reviewer", "legitimate")], [("reviewer", "legitimate")], [],
    ]  # fmt: skip
