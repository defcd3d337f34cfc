"""Approvals that leave something to be done, in a browser: found from the queue, asked by key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from risk.access import people
from risk.cases import view_case
from tests.api.console_visits import PASSWORD
from tests.api.serving import Running, running, small_bundle
from tests.api.test_console_approvals import DUTIES, told
from tests.browser.browsing import LOOKS, read_as

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def approving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, list[str]]]:
    """A service that approves, and a request for each thing that is left to be done."""
    with running(tmp_path_factory.mktemp("approving")) as served:
        served.promote("trusting", small_bundle(0, -6.0))
        people.add_person(served.service.history, "leo", PASSWORD)
        with served.client(says="platform") as client:
            large = [duty.story.but(order={"amount": "1278.00"}) for duty in DUTIES.values()]
            yield served, [told(client, f"left-{n}", one)[0] for n, one in enumerate(large)]


@pytest.mark.parametrize("look", LOOKS)
def test_list_and_case_fit_and_have_no_faults(
    browser: Browser, approving: tuple[Running, list[str]], look: str
) -> None:
    served, names = approving
    leo = read_as(browser, served.url, "leo", PASSWORD, **LOOKS[look])
    for address in ("/approvals", *(f"/case?id={name}" for name in names)):
        leo.go(address)
        assert leo.overflows() <= 0, address
        assert leo.cut() == [], address
        assert leo.faults() == [], address
    leo.page.context.close()


def test_the_shop_is_asked_by_keyboard_from_the_list(
    browser: Browser, approving: tuple[Running, list[str]]
) -> None:
    served, _ = approving
    leo = read_as(browser, served.url, "leo", PASSWORD)
    leo.go()
    leo.follow(leo.page.get_by_role("link", name="Approved, to do"))
    leo.follow(leo.page.get_by_role("link", name="Shop"))
    leo.press("j")
    leo.follow("Enter")
    name = leo.case_id()
    leo.press("e")
    words = leo.page.locator(".next-act textarea").first.input_value()
    leo.follow("Control+Enter")
    event = view_case(served.service.history, name).events[-1]
    assert (event["action"], event["body"]["from"]) == ("ask", "merchant")
    assert event["body"]["text"] == words
    assert leo.page.locator(".next-act").count() == 0, "it is asked once"
    leo.go("/approvals?whom=merchant")
    assert "Asked" in leo.page.locator("tr", has_text=name).inner_text()
    leo.page.context.close()
