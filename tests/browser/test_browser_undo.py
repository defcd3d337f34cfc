"""Bars by which findings that are not stored yet are undone: on every page, by key, without script,
several at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from risk.access import people
from risk.cases import Actor, ReviewFinding, hold_finding, undo_finding
from risk.cases.acts.pending_rows import pending_finding
from tests.api.console_visits import PASSWORD, new_case
from tests.api.serving import Running, running, small_bundle
from tests.browser.acting import verdicts
from tests.browser.browsing import LOOKS, Look, Reader, read_as

pytestmark = pytest.mark.browser
FOUND = (
    ReviewFinding("legitimate", "refunded"),
    ReviewFinding("abuse", "refused", note="a brick came back"),
    ReviewFinding("fraud", "partly_refunded", "20.00", "two accounts sent one film"),
)
LONG_S = 900
"""Longer than any test, so that no clock decides one."""


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("undo"), undo_seconds=LONG_S) as served:
        served.promote("suspicious", small_bundle(0, 5.0))
        people.add_person(served.service.history, "leo", PASSWORD)
        yield served


@pytest.fixture
def held(patient: Running) -> Iterator[list[str]]:
    """The cases of three findings that leo just made and that wait, the latest last."""
    history, leo = patient.service.history, Actor("leo")
    names = []
    with patient.client() as client:
        for n, finding in enumerate(FOUND):
            names.append(new_case(client, amount="300.00"))
            hold_finding(history, names[-1], leo, finding, LONG_S * 1000 + n)
    yield names
    for name in names:
        if not verdicts(patient, name) and _waits(patient, name):
            undo_finding(history, name, leo)


def _waits(patient: Running, name: str) -> bool:
    with patient.service.history.read() as connection:
        return pending_finding(connection, name) is not None


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("look", LOOKS)
def test_the_bars_fit_every_page(
    browser: Browser, patient: Running, held: list[str], look: str, script: bool, tmp_path: Path
) -> None:
    how: Look = {**LOOKS[look], "script": script}
    leo = read_as(browser, patient.url, "leo", PASSWORD, **how)
    for address in ("", f"/case?id={held[0]}", "/overview", "/findings"):
        leo.go(address)
        bars = leo.page.locator("form.undo")
        assert bars.count() == len(held)
        assert bars.nth(0).is_visible()
        assert held[-1] in bars.nth(0).inner_text(), "the latest stands open"
        leo.page.locator("details.more-undo > summary").click()
        assert held[0] in bars.nth(2).inner_text()
        assert all(one.get_by_role("button").is_visible() for one in bars.all())
        assert leo.overflows() <= 0
        assert leo.cut() == []
        if script:
            assert leo.faults() == []
    leo.go()
    leo.page.locator("details.more-undo > summary").click()
    leo.page.screenshot(path=tmp_path / f"{look}-{'script' if script else 'plain'}.png")
    leo.page.context.close()


def test_a_key_undoes_the_latest_and_brings_back_what_was_entered(
    browser: Browser, patient: Running, held: list[str]
) -> None:
    leo = read_as(browser, patient.url, "leo", PASSWORD)
    leo.go()
    bar = leo.page.locator(".undo").first.inner_text()
    assert "Fraud, Partly refunded CN¥20.00" in bar
    assert "stored in " in bar
    leo.follow("z")
    _entered(leo, held[-1], "fraud", "two accounts sent one film")
    assert leo.page.locator("#finding input[name=amount]").input_value() == "20.00"
    assert leo.page.locator("form.undo").count() == len(held) - 1
    assert verdicts(patient, held[-1]) == []
    leo.page.context.close()


def test_an_earlier_one_is_undone_without_script(
    browser: Browser, patient: Running, held: list[str]
) -> None:
    leo = read_as(browser, patient.url, "leo", PASSWORD, script=False)
    leo.go("/overview")
    leo.page.locator("details.more-undo > summary").click()
    bar = leo.page.locator("form.undo", has_text=held[1])
    assert "is stored at" in bar.inner_text()
    leo.follow(bar.get_by_role("button", name="Undo"))
    _entered(leo, held[1], "abuse", "a brick came back")
    assert leo.page.locator("form.undo").count() == len(held) - 1
    leo.page.context.close()


def test_nobody_else_sees_or_undoes_them(
    browser: Browser, patient: Running, held: list[str]
) -> None:
    people.add_person(patient.service.history, "ann", PASSWORD)
    ann = read_as(browser, patient.url, "ann", PASSWORD)
    ann.go(f"/case?id={held[0]}")
    assert ann.page.locator("form.undo").count() == 0
    ann.page.context.close()


def _entered(someone: Reader, case: str, verdict: str, note: str) -> None:
    """The case stands open again, with what was entered in its form."""
    someone.page.get_by_text("Undone: nothing was stored.").wait_for()
    assert someone.case_id() == case
    chosen = someone.page.locator("#finding input[name=verdict]:checked")
    assert chosen.get_attribute("value") == verdict
    assert someone.page.locator("#finding textarea").input_value() == note
