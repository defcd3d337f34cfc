"""A service with cases in it, and real browsers before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Unpack

import pytest
from playwright.sync_api import Browser, sync_playwright

from risk.access import people
from tests.api.console_visits import PASSWORD, new_case
from tests.api.serving import Running, running
from tests.browser.browsing import CHROMIUM, FLAGS, Look, Reader, read_as
from tests.deciders import bundle

CASES = 14
STAFF: dict[str, people.Role] = {
    "mei": "administrator", "leo": "reviewer", "ann": "reviewer",
}  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service whose model suspects everybody, with people and cases."""
    with running(tmp_path_factory.mktemp("browsed")) as run:
        run.promote("suspicious", bundle(0, 5.0))
        for name, role in STAFF.items():
            people.add_person(run.service.history, name, PASSWORD, role=role)
        with run.client() as client:
            for n in range(CASES):
                new_case(client, amount=f"{900 + 10 * n}.00")
        yield run


@pytest.fixture
def reader(browser: Browser, served: Running) -> Iterator[Callable[..., Reader]]:
    """Opens a browser window and logs somebody in; it fails when the page complained."""
    opened: list[Reader] = []

    def start(name: str, **look: Unpack[Look]) -> Reader:
        opened.append(read_as(browser, served.url, name, PASSWORD, **look))
        return opened[-1]

    yield start
    for one in opened:
        complaints = one.complaints
        one.page.context.close()
        assert complaints == []


@pytest.fixture
def case(served: Running) -> str:
    """A case of nobody's."""
    with served.client() as client:
        return new_case(client, amount="50.00")
