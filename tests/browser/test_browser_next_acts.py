"""The acts of one press, the search field, periods, teams: by keyboard, narrow, without script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from api.console import overview_page
from risk.access import people
from risk.cases import view_case
from risk.history.schema.schema_decisions import decisions
from risk.policy.next_step_sentences import TEXTS
from tests.api.console_visits import new_case
from tests.api.serving import Running
from tests.browser.acting import Open, verdicts
from tests.browser.browsing import LOOKS, NARROW

pytestmark = pytest.mark.browser


def recommending(served: Running, step: str, action: str, **more: object) -> str:
    """A case whose decision recommends a step and asks nothing itself."""
    with served.client() as client:
        name = new_case(client, amount="50.00")
    with served.service.history.write() as write:
        mine = decisions.c.refund_id == name
        row = write.connection.execute(sa.select(decisions.c.body).where(mine)).scalar_one()
        step_ = {"action": action, "text": TEXTS[step]}
        bare = {"required_evidence": [], "suggestions": [], "recommended": step_}
        body = {**json.loads(row), **bare, **more}
        changed = sa.update(decisions).where(mine).values(body=json.dumps(body))
        write.connection.execute(changed)
    return name


@pytest.fixture(scope="module")
def parcels(served: Running) -> Iterator[str]:
    """A team with somebody in it."""
    people.change_team(served.service.history, "leo", "Parcels")
    yield "Parcels"
    people.change_team(served.service.history, "leo", "")


def test_the_courier_is_asked_by_keyboard_with_words_ready(served: Running, reader: Open) -> None:
    name = recommending(served, "record", "ask_courier")
    ann = reader("ann")
    ann.go(f"/case?id={name}")
    ann.press("e")
    words = ann.page.locator(".next-act textarea").first.input_value()
    until = r"(the end of today|\d+ \w{3} \d{4} \d\d:\d\d)"
    assert re.search(rf"\. Where is the parcel of order \S+\? .* by {until}", words)
    assert "no system takes these by push" in ann.text()
    ann.follow("Control+Enter")
    event = view_case(served.service.history, name).events[-1]
    assert (event["action"], event["body"]["from"], event["body"]["text"]) == (
        "ask", "courier", words,
    )  # fmt: skip
    assert ann.page.locator(".next-act").count() == 0, "it is asked once"


def test_a_case_is_settled_as_asked_once_somebody_says_what_was_found(
    served: Running, reader: Open
) -> None:
    name = recommending(served, "pay", "pay")
    leo = reader("leo")
    leo.go(f"/case?id={name}")
    leo.follow("c")
    form = leo.page.locator("form.next-act")
    assert form.locator("input:checked").count() == 0, "nothing is chosen for anybody"
    button = form.get_by_role("button", name="Settle: Refunded CN¥50.00")
    button.click()
    assert verdicts(served, name) == [], "what was found is wanted first"
    form.get_by_text("Merchant at fault", exact=True).click()
    leo.follow(button)
    assert "The verdict was recorded." in leo.page.locator("body").inner_text()
    assert verdicts(served, name) == [("reviewer", "merchant_fault")]
    assert "Merchant at fault, Refunded, CN¥50.00" in leo.text()


@pytest.mark.parametrize("script", [True, False])
def test_a_part_is_offered_with_an_amount(served: Running, reader: Open, script: bool) -> None:
    name = recommending(served, "offer", "offer", suggestions=["partial_refund", "exchange"])
    ann = reader("ann", script=script, locale="zh-CN", size=NARROW)
    ann.go(f"/case?id={name}")
    form = ann.page.locator("form.next-act", has_text="向客户提议：部分退款")
    form.locator("input[name=amount]").fill("70")
    ann.follow(form.get_by_role("button"))
    assert "¥" not in ann.page.locator(".acted").inner_text(), "more than is asked is refused"
    form = ann.page.locator("form.next-act", has_text="向客户提议：部分退款")
    form.locator("input[name=amount]").fill("12.5")
    ann.follow(form.get_by_role("button"))
    ann.page.get_by_text("已提出替代方案。").wait_for()
    assert "¥12.50" in ann.page.locator(".acted").inner_text()
    assert ann.overflows() <= 0


@pytest.mark.parametrize("look", LOOKS)
def test_every_act_is_there_without_faults(served: Running, reader: Open, look: str) -> None:
    name = recommending(served, "call", "call", suggestions=["voucher"])
    someone = reader("ann", **LOOKS[look])
    someone.go(f"/case?id={name}")
    someone.page.locator(".actions details").first.locator("summary").click()
    assert someone.page.locator("form.next-act").count() == 2
    assert someone.faults() == []
    assert someone.overflows() <= 0


def test_the_search_field_completes_by_keyboard(reader: Open, case: str) -> None:
    ann = reader("ann")
    ann.press("/")
    ann.page.keyboard.type(case.lower()[:4])
    ann.page.locator("#suggestions li").first.wait_for()
    assert ann.faults() == []
    ann.page.keyboard.press("Escape")
    assert ann.page.locator("#suggestions").is_hidden()
    ann.page.keyboard.press("Control+a")
    ann.page.keyboard.type(case)
    ann.page.locator("#suggestions li", has_text=case).first.wait_for()
    ann.page.keyboard.press("ArrowDown")
    assert ann.page.locator("#suggestions [aria-selected=true]").inner_text().startswith(case)
    ann.follow("Enter")
    assert ann.case_id() == case


def test_without_script_a_search_is_a_page(reader: Open, case: str) -> None:
    ann = reader("ann", script=False)
    ann.page.locator("input[type=search]").fill(case[:-1] + "~")
    ann.page.locator("input[type=search]").focus()
    ann.follow("Enter")
    assert "These begin with" in ann.text()
    assert ann.page.get_by_role("link", name=case).count() >= 1


def test_a_team_gets_a_case_and_its_clock_stands_while_somebody_is_asked(
    served: Running, reader: Open, parcels: str
) -> None:
    name = recommending(served, "record", "ask_courier")
    mei, leo = reader("mei"), reader("leo")
    mei.go(f"/case?id={name}")
    mei.follow("c")
    mei.page.get_by_text("Hand over", exact=True).first.click()
    mei.page.locator("select[name=to]").select_option(f"team:{parcels}")
    mei.follow(mei.page.locator("form[action*='case/assign'] button"))
    mei.page.get_by_text("The case was handed over.").wait_for()
    leo.go("?team=mine")
    row = leo.page.locator("tr", has_text=name)
    assert "Parcels: 7 h 59 min left" in row.inner_text()
    assert leo.faults() == []
    leo.go(f"/case?id={name}")
    leo.follow("c")
    leo.press("e")
    leo.follow("Control+Enter")
    summary = leo.page.locator(".summary")
    assert "Parcels: stands, 7 h 59 min left" in summary.inner_text()
    assert summary.locator(".due").first.get_attribute("data-due"), "the deadline goes on"


def test_the_overview_takes_any_days_and_new_numbers_by_itself(
    served: Running, reader: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview_page, "CACHE_S", 0.0)
    ann = reader("ann", size=NARROW)
    ann.page.clock.install()
    ann.go("/overview?days=7")
    shown = ann.page.locator(".figures dd").first
    before = shown.inner_text()
    with served.client() as client:
        new_case(client, amount="64.00")
    ann.page.evaluate("scrollTo(0, 400)")
    at = ann.page.evaluate("scrollY")
    assert at > 0
    with ann.page.expect_response(lambda answer: "/overview" in answer.url):
        ann.page.clock.run_for(31_000)
    expect(shown).not_to_have_text(re.compile("^" + re.escape(before.split()[0])))
    assert ann.page.evaluate("scrollY") == at, "nothing jumps"
    ann.go("/overview")
    ann.page.locator("input[name=first]").fill("2026-01-01")
    ann.page.locator("input[name=last]").fill("2026-01-31")
    ann.follow(ann.page.get_by_role("button", name="Show"))
    assert "From 1 Jan 2026 to 31 Jan 2026." in ann.text()
    assert ann.page.locator(".figures dd").first.inner_text().startswith("0")
    ann.go("/overview?first=2026-02-01&last=2026-01-01")
    assert "the earlier one first" in ann.text()
    assert ann.faults() == []
