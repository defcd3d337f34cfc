"""Draws every page of a console in both languages, light, dark and narrow: `screenshots.py URL
NAME PASSWORD FOLDER`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.browsing import CHROMIUM, FLAGS, NARROW, WIDE, Reader, read_as

PAGES = {
    "queue": "", "closed": "?state=closed", "nothing": "?q=nothing-of-this-name",
    "filtered": "?due=overdue&order=money", "findings": "/findings", "lists": "/lists",
    "approvals": "/approvals",
    "policy": "/policy", "decisions": "/decisions", "overview": "/overview", "find": "/find?q=R0",
    "account": "/account", "shortcuts": "/keys", "people": "/people", "log": "/log",
    "deliveries": "/deliveries", "inbox": "/inbox", "error": "/nowhere",
}  # fmt: skip
LOOKS: dict[str, dict[str, Any]] = {
    "-".join(("zh" if locale == "zh-CN" else "en", scheme, name)): {
        "locale": locale, "scheme": scheme, "size": size,
    }
    for locale in ("en-GB", "zh-CN")
    for scheme in ("light", "dark")
    for name, size in (("wide", WIDE), ("narrow", NARROW))
}  # fmt: skip
CASES = 3


def found_pages(reader: Reader) -> dict[str, str]:
    """Pages that are found on others: cases, open and closed, a dossier, facts, a customer, a
    shared thing, the overview of a merchant."""
    pages = {}
    for state, name in (("open", "case"), ("closed", "closed")):
        reader.go(f"?state={state}")
        links = reader.page.locator("a.open")
        for n in range(min(CASES, links.count())):
            pages[f"{name}-{n}"] = links.nth(n).get_attribute("href") or ""
    cases = list(pages.values())
    reader.go("/overview")
    merchant = reader.page.locator("td a[href*='merchant=']").first
    if merchant.count():
        pages["overview-merchant"] = merchant.get_attribute("href") or ""
    for address in cases:
        reader.page.goto(reader.url + address)
        html = reader.page.content()
        for name in ("dossier", "facts", "customer", "thing"):
            link = re.search(rf'href="(/console/{name}\?[^"]+)"', html)
            if link and name not in pages:
                pages[name] = link[1].replace("&amp;", "&")
    return {name: address.removeprefix("/console") for name, address in pages.items()}


def draw(url: str, name: str, password: str, folder: Path) -> None:
    """Save a picture of each page in each look."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        pages: dict[str, str] = {}
        for look, how in LOOKS.items():
            reader = read_as(browser, url, name, password, **how)
            pages = pages or {**PAGES, **found_pages(reader)}
            for page, address in pages.items():
                reader.go(address)
                reader.page.screenshot(path=folder / f"{look}-{page}.png", full_page=True)
                if wide := reader.overflows():
                    sys.stderr.write(f"{look}-{page} is {wide} px too wide\n")
            reader.page.context.close()
        browser.close()


if __name__ == "__main__":
    at, name, password, folder = sys.argv[1:]
    draw(at, name, password, Path(folder))
