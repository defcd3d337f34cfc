"""The list of shortcuts stands over the page, and leads back to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Reader

pytestmark = pytest.mark.browser
Open = Callable[..., Reader]


@pytest.mark.parametrize("closing", ["?", "Escape", "button"])
def test_the_shortcuts_stand_over_the_page(reader: Open, case: str, closing: str) -> None:
    someone = reader("ann")
    someone.go(f"/case?id={case}")
    someone.follow("c")
    note = someone.page.locator("#finding textarea")
    note.fill("half a sentence")
    note.blur()
    address = someone.page.url
    someone.press("?")
    dialog = someone.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("claim or release the case")
    assert someone.faults() == []
    someone.press("c")
    if closing == "button":
        dialog.get_by_role("button", name="Close").click()
    else:
        someone.press(closing)
    expect(dialog).to_be_hidden()
    assert someone.page.url == address
    expect(note).to_have_value("half a sentence")
    someone.press("?")
    expect(dialog).to_be_visible()


def test_without_script_a_page_leads_back(reader: Open, case: str) -> None:
    someone = reader("ann", script=False)
    someone.go(f"/case?id={case}")
    someone.follow(someone.page.get_by_role("link", name="Shortcuts"))
    someone.follow(someone.page.get_by_role("link", name="Back to where you were"))
    assert someone.page.url.endswith(f"/case?id={case}")
