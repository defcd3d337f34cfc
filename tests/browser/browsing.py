"""A window of Chromium with somebody logged in, and what its page complained about."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypedDict, Unpack

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from tests.api.console_visits import hidden

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDE, NARROW = (1280, 900), (390, 844)


CUT = """[...document.querySelectorAll("main *")]
  .filter((one) => !one.closest("svg, pre, textarea, select, .skip, thead"))
  .filter((one) => !one.querySelector(":scope > svg.network"))
  .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 120))"""


class Look(TypedDict, total=False):
    """How a window is opened."""

    locale: str
    size: tuple[int, int]
    scheme: Literal["light", "dark"]
    script: bool


LOOKS: dict[str, Look] = {
    "light": {},
    "dark": {"scheme": "dark"},
    "narrow": {"size": NARROW},
    "chinese": {"locale": "zh-CN"},
    "narrow_dark_chinese": {"size": NARROW, "scheme": "dark", "locale": "zh-CN"},
}
"""How every page is looked at."""

AA = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}

VIOLATIONS = """(options) => axe.run(document, options).then((found) => found.violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`)))"""
"""Only what is wrong leaves the page: all that axe looked at takes longer to hand over than to
look at."""


@dataclass
class Reader:
    """Somebody before a window. `complaints` are errors and blocked things of their pages."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def go(self, address: str = "") -> None:
        self.page.goto(f"{self.url}/console{address}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def follow(self, way: str | Locator) -> None:
        """Press the key, or click what leads to another page, and wait until it is there: a key
        pressed before is lost."""
        with self.page.expect_navigation():
            if isinstance(way, str):
                self.page.keyboard.press(way)
            else:
                way.click()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def case_id(self) -> str:
        return self.page.locator(".summary .id").inner_text()

    def faults(self) -> list[str]:
        """What axe finds wrong with the page, by rule and element."""
        self.page.evaluate(Axe().axe_script)
        found: list[str] = self.page.evaluate(VIOLATIONS, AA)
        return found

    def cut(self) -> list[str]:
        """What is wider than its box: cells, forms, tabs. Drawings and messages of other systems
        scroll in their own box, whose edge shows it."""
        found: list[str] = self.page.evaluate(CUT)
        return found

    def overflows(self) -> int:
        """By how many pixels the page is wider than its window."""
        width: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width


def read_as(
    browser: Browser,
    url: str,
    name: str,
    password: str,
    **look: Unpack[Look],
) -> Reader:
    """Open a window for somebody who is logged in, on the first page that they see."""
    size = look.get("size", WIDE)
    context = browser.new_context(
        locale=look.get("locale", "en-GB"),
        viewport={"width": size[0], "height": size[1]},
        color_scheme=look.get("scheme", "light"),
        java_script_enabled=look.get("script", True),
    )
    token = hidden(context.request.get(f"{url}/console/login").text())
    context.request.post(
        f"{url}/console/login",
        form={"name": name, "password": password, "csrf_token": token, "back": ""},
    )
    reader = _listening(context.new_page(), url)
    reader.go()
    return reader


def _listening(page: Page, url: str) -> Reader:
    reader = Reader(page, url)
    page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    page.on("dialog", lambda dialog: reader.complaints.append(f"dialog: {dialog.message}"))
    page.on("console", lambda said: _listen(reader, said.type, said.text))
    page.on("request", lambda asked: _outside(reader, asked.url))
    return reader


def _listen(reader: Reader, kind: str, text: str) -> None:
    if kind == "error" and "status of 4" not in text:
        reader.complaints.append(text)


def _outside(reader: Reader, address: str) -> None:
    if not address.startswith((reader.url, "data:")):
        reader.complaints.append(f"asked {address}")
