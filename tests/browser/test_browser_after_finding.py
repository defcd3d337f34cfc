"""What becomes of a case by itself once somebody sent a verdict, columns that sort, a merchant's
overview, and whom a customer's page names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from risk.access import people
from risk.cases import Actor, add_note
from tests.api.console_visits import PASSWORD, new_case
from tests.api.serving import Running, running, small_bundle
from tests.browser.acting import Open, stored, verdicts
from tests.browser.browsing import Reader, read_as

pytestmark = pytest.mark.browser


@pytest.fixture
def delayed(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path, undo_seconds=3) as served:
        served.promote("suspicious", small_bundle(0, 5.0))
        people.add_person(served.service.history, "leo", PASSWORD)
        yield served


def sent(someone: Reader, served: Running) -> str:
    """A case whose verdict of abuse was just sent."""
    with served.client() as client:
        name = new_case(client, amount="300.00")
    someone.go(f"/case?id={name}")
    someone.follow(someone.page.get_by_role("button", name="Claim", exact=True))
    someone.page.locator("label", has_text="Abuse").click()
    someone.page.locator("select[name=resolution]").first.select_option("refused")
    someone.page.locator("#finding textarea").fill("a brick came back")
    someone.follow(someone.page.get_by_role("button", name="Submit", exact=True))
    return name


def test_a_case_that_waits_becomes_what_was_found_by_itself(
    browser: Browser, delayed: Running
) -> None:
    leo = read_as(browser, delayed.url, "leo", PASSWORD)
    name = sent(leo, delayed)
    waiting = leo.page.locator("[data-pending]").first
    assert "it is stored at" in waiting.inner_text()
    leo.page.locator(".lead", has_text="Found on").wait_for()
    assert verdicts(delayed, name) == [("reviewer", "abuse")]
    text = leo.text()
    assert "abuse, refused" in text
    assert "a brick came back" in leo.page.locator(".why").inner_text()
    assert "Closed: Abuse" in text
    leo.page.locator(".next-step", has_text="Tell the customer what was found").wait_for()
    message = leo.page.locator("#message-en").input_value()
    assert "what was found does not show" in message
    assert "accepted" not in message
    leo.go(f"/dossier?id={name}")
    assert "our message says what was found" in leo.text()
    leo.page.context.close()


def test_without_script_a_link_looks_again(browser: Browser, delayed: Running) -> None:
    leo = read_as(browser, delayed.url, "leo", PASSWORD, script=False)
    name = sent(leo, delayed)
    assert stored(leo, delayed, name) == [("reviewer", "abuse")]
    leo.follow(leo.page.get_by_role("link", name="Reload").first)
    assert "Closed: Abuse" in leo.text()
    leo.page.context.close()


def test_what_somebody_writes_meanwhile_is_kept(browser: Browser, delayed: Running) -> None:
    leo = read_as(browser, delayed.url, "leo", PASSWORD)
    sent(leo, delayed)
    leo.page.locator("summary", has_text="Add a note").click()
    leo.page.locator("form[action*='case/note'] textarea").type("the courier calls back")
    link = leo.page.get_by_role("link", name="The verdict is stored: show it")
    link.wait_for()
    note = leo.page.locator("form[action*='case/note'] textarea")
    assert note.input_value() == "the courier calls back"
    leo.follow(link)
    assert "Closed: Abuse" in leo.text()
    leo.page.context.close()


def test_the_queue_and_the_log_sort_by_their_columns(served: Running, reader: Open) -> None:
    mei = reader("mei")
    for address in ("", "/decisions"):
        mei.go(address)
        mei.follow(mei.page.get_by_role("link", name="Amount"))
        assert mei.page.locator("th[aria-sort=descending]").inner_text().startswith("Amount")
        told = mei.page.locator("td.money").all_inner_texts()
        amounts = [float(one.replace("CN¥", "").replace(",", "")) for one in told]
        assert amounts == sorted(amounts, reverse=True)
        assert mei.faults() == []


def test_the_overview_of_one_merchant(served: Running, reader: Open) -> None:
    mei = reader("mei")
    mei.go("/overview?days=7")
    table = mei.page.get_by_role("region", name="Where requests come from: Merchant")
    merchant = table.get_by_role("link").first
    name = merchant.inner_text()
    mei.follow(merchant)
    assert f"Only merchant {name}" in mei.text()
    assert "Targets" not in mei.page.locator("h2").all_inner_texts()
    assert mei.page.locator("input[name=merchant]:visible").input_value() == name
    assert mei.faults() == []
    mei.follow(mei.page.get_by_role("link", name="All merchants"))
    assert "Targets" in mei.page.locator("h2").all_inner_texts()


def test_a_customers_page_has_orders_and_notes(served: Running, reader: Open, case: str) -> None:
    add_note(served.service.history, case, Actor("ann"), "rang twice, nobody answers")
    leo = reader("leo")
    leo.go(f"/case?id={case}")
    leo.follow(leo.page.locator(".summary a", has_text="Customer "))
    text = leo.text()
    assert "Latest orders" in text
    assert "rang twice, nobody answers" in text
    assert leo.faults() == []


def test_who_is_alone_is_told_why_nobody_can_have_the_case(
    browser: Browser, delayed: Running
) -> None:
    leo = read_as(browser, delayed.url, "leo", PASSWORD)
    with delayed.client() as client:
        name = new_case(client, amount="310.00")
    leo.go(f"/case?id={name}")
    leo.follow("c")
    leo.page.locator("summary", has_text="Hand over").click()
    assert "There is nobody to hand over to" in leo.text()
    leo.page.context.close()


def test_many_are_settled_as_each_asks(served: Running, reader: Open) -> None:
    with served.client() as client:
        refund = new_case(client, amount="81.00")
        exchange = new_case(client, amount="0.00", postage="0.00", type="exchange")
    leo = reader("leo")
    leo.go("?order=newest")
    for name in (refund, exchange):
        leo.page.locator(f"input[name='case:{name}']").check()
    leo.follow(leo.page.get_by_role("button", name="Close as legitimate, settled as asked"))
    assert "Done with 2 cases." in leo.text()
    for name, said in ((refund, "refunded CN¥81.00"), (exchange, "exchanged")):
        leo.go(f"/case?id={name}")
        assert f"legitimate, {said}" in leo.page.locator(".lead").inner_text()
