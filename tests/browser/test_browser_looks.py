"""How pages look: no faults by WCAG AA, nothing wider than its window, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from risk.cases import Actor, ReviewFinding, record_finding
from risk.history.schema import requests
from tests.api.console_visits import new_case
from tests.api.serving import Running
from tests.browser.browsing import LOOKS, NARROW, Reader

pytestmark = pytest.mark.browser
Open = Callable[..., Reader]
PAGES = ("", "/case?id={open}", "/case?id={closed}", "/dossier?id={closed}", "/decisions",
         "/facts?id={open}&reason={reason}",
         "/findings", "/lists", "/policy",
         "/overview", "/people", "/deliveries", "/inbox", "/log", "/keys", "?state=closed",
         "?tier=approve&ring=3", "?order=customer&reason=late", "/account", "/find?q=R-",
         "/customer?id={customer}", "/overview?merchant=M-77", "/nowhere")  # fmt: skip


COLOURS = """Object.fromEntries([...document.styleSheets[0].cssRules[0].style]
  .filter((name) => name.startsWith("--"))
  .map((name) => [name, getComputedStyle(document.documentElement).getPropertyValue(name)]))"""


@pytest.fixture(scope="module")
def ids(served: Running) -> dict[str, str]:
    with served.client() as client:
        made = {name: new_case(client) for name in ("open", "closed")}
        decided = client.get(f"/v1/refunds/{made['open']}/decisions").json()[-1]
    made["reason"] = decided["reasons"][0]["feature"]
    with served.service.history.read() as connection:
        asked = sa.select(requests.c.customer_id).where(requests.c.refund_id == made["open"])
        made["customer"] = connection.execute(asked).scalar_one()
    record_finding(
        served.service.history, made["closed"], Actor("leo"), ReviewFinding("abuse", "refused")
    )
    return made


@pytest.mark.parametrize("look", LOOKS)
def test_pages_have_no_faults_and_fit(reader: Open, ids: dict[str, str], look: str) -> None:
    someone = reader("mei", **LOOKS[look])
    for page in PAGES:
        someone.go(page.format(**ids))
        assert someone.overflows() <= 0, page
        assert someone.faults() == [], page
        if LOOKS[look].get("size") == NARROW:
            for closed in someone.page.locator("main summary:visible").all():
                closed.click()
            assert someone.cut() == [], page


def test_a_case_being_worked_on_has_no_faults(reader: Open, ids: dict[str, str]) -> None:
    someone = reader("mei", size=NARROW)
    someone.go(f"/case?id={ids['open']}")
    someone.follow("c")
    for summary in someone.page.locator("summary").all():
        summary.click()
    assert someone.faults() == []
    assert someone.overflows() <= 0
    someone.page.screenshot()
    someone.follow("c")


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_narrow_window_has_its_menu_in_one_row_and_the_step_before_the_why(
    reader: Open, ids: dict[str, str], locale: str
) -> None:
    someone = reader("mei", size=NARROW, locale=locale)
    for page in ("", f"/case?id={ids['open']}", "/inbox"):
        someone.go(page)
        tops = someone.page.eval_on_selector_all(
            ".top nav a", "(all) => all.map((one) => Math.round(one.getBoundingClientRect().top))"
        )
        assert len(tops) > 2
        assert len(set(tops)) == 1, page
    someone.go(f"/case?id={ids['open']}")
    tops = [someone.page.locator(name).first.bounding_box() for name in (".next-step", ".lead")]
    assert tops[0] is not None
    assert tops[1] is not None
    assert tops[0]["y"] < tops[1]["y"]
    assert someone.page.locator(".summary .on").first.is_visible(), "the day of the deadline"


@pytest.mark.parametrize("size", [NARROW, (1440, 900)])
def test_words_to_send_are_not_cut(
    reader: Open, ids: dict[str, str], size: tuple[int, int]
) -> None:
    someone = reader("leo", size=size)
    someone.go(f"/case?id={ids['open']}")
    cut = someone.page.eval_on_selector_all(
        ".next-act textarea, .copy textarea",
        "(all) => all.map((one) => one.scrollHeight - one.clientHeight)",
    )
    assert cut
    assert max(cut) <= 2


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_narrow_case_shows_claim_and_step_before_anybody_scrolls(
    reader: Open, ids: dict[str, str], locale: str
) -> None:
    someone = reader("leo", size=NARROW, locale=locale)
    someone.go(f"/case?id={ids['open']}")
    boxes = {
        name: someone.page.locator(name).first.bounding_box()
        for name in (".summary", ".claim", ".next-step")
    }
    ends = {name: box["y"] + box["height"] for name, box in boxes.items() if box is not None}
    assert ends[".summary"] <= NARROW[1] / 3, ends
    assert max(ends[".claim"], ends[".next-step"]) <= NARROW[1], ends


def test_both_sides_have_the_same_size(reader: Open, ids: dict[str, str]) -> None:
    someone = reader("mei")
    someone.go(f"/case?id={ids['open']}")
    against, in_favour = (
        someone.page.locator(f".sides > .{side}").bounding_box() for side in ("raises", "lowers")
    )
    assert against is not None
    assert in_favour is not None
    assert (against["width"], against["height"]) == (in_favour["width"], in_favour["height"])


def test_the_door_has_no_faults(served: Running, reader: Open) -> None:
    someone = reader("mei")
    someone.follow(someone.page.get_by_role("button", name="Log out"))
    someone.go("/login?why=over")
    assert someone.faults() == []


def test_a_printed_case_leaves_the_buttons_out(reader: Open, ids: dict[str, str]) -> None:
    someone = reader("mei")
    someone.go(f"/case?id={ids['closed']}")
    someone.page.emulate_media(media="print")
    for hidden in (".top", ".side", ".case-nav"):
        assert not someone.page.locator(hidden).first.is_visible()
    assert someone.page.locator(".sides").is_visible()


def test_print_has_the_same_colours_by_day_and_by_night(reader: Open, ids: dict[str, str]) -> None:
    printed = []
    for scheme in ("light", "dark"):
        someone = reader("mei", scheme=scheme)
        someone.go(f"/case?id={ids['closed']}")
        someone.page.emulate_media(media="print")
        printed.append(someone.page.evaluate(COLOURS))
    assert "--wash" in printed[0]
    assert printed[0] == printed[1]
