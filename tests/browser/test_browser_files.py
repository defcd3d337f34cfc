"""Files of a case in a browser: dropped in, enlarged by a key, played, beside the earlier one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import ImageOps

from tests.api.serving import Running
from tests.api.test_console_near_pictures import case
from tests.browser.browsing import LOOKS, Reader
from tests.hostile_files import good_files
from tests.pictures import scene

pytestmark = pytest.mark.browser
Open = Callable[..., Reader]
LOADED = "image => image.decode().then(() => image.naturalWidth)"
"""The width of a picture once it is there."""


@pytest.fixture(scope="module")
def refund(served: Running) -> str:
    """A case whose picture is the mirror image of an earlier customer's."""
    with served.client() as client:
        case(client, "seen-1", scene(51, (900, 675)), merchant_id="M-files")
        return case(client, "seen-2", ImageOps.mirror(scene(51, (900, 675))), merchant_id="M-files")


def chosen(folder: Path) -> list[str]:
    """Five more files, as somebody has them in a folder."""
    names = {"jpeg": "back.jpg", "png": "screen.png", "heic": "phone.heic", "pdf": "invoice.pdf",
             "mp4": "lid.mp4"}  # fmt: skip
    for kind, name in names.items():
        (folder / name).write_bytes(good_files()[kind])
    return [str(folder / name) for name in names.values()]


def test_six_files_are_added_shown_enlarged_and_played(
    reader: Open, refund: str, tmp_path: Path
) -> None:
    leo = reader("leo")
    leo.go(f"/case?id={refund}")
    leo.press("a")
    leo.page.locator("input[type=file]").set_input_files(chosen(tmp_path))
    leo.follow(leo.page.locator("form.drop button"))
    leo.page.locator("[data-pending]").wait_for(state="detached")  # a page renews itself until then
    shown = leo.page.locator("figure.picture:not(.near) img")
    assert shown.count() == 6
    for picture in shown.all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate(LOADED) > 0
    leo.press("v")
    large = leo.page.locator("dialog.enlarged img")
    large.wait_for()
    film = leo.page.locator("figure.picture", has_text="MP4").locator("a.picture")
    address = film.evaluate("link => link.href")
    for _ in range(8):
        if large.get_attribute("src") == address:
            break
        leo.press("ArrowRight")
    assert large.get_attribute("src") == address
    assert large.evaluate(LOADED) > 320
    played = leo.page.request.get(address)
    assert played.headers["content-type"] == "image/webp"
    leo.press("Escape")
    large.wait_for(state="hidden")


@pytest.mark.parametrize("look", LOOKS)
def test_pictures_fit_and_have_no_faults(
    reader: Open, refund: str, look: str, tmp_path: Path
) -> None:
    ann = reader("ann", **LOOKS[look])
    ann.go(f"/case?id={refund}")
    both = ann.page.locator("figure.picture").first, ann.page.locator("figure.picture.near").first
    for figure in both:
        figure.scroll_into_view_if_needed()
        assert figure.locator("img").is_visible()
        assert figure.locator("img").get_attribute("alt")
    assert ann.overflows() <= 0
    assert ann.faults() == []
    ann.page.locator("#evidence").screenshot(path=tmp_path / f"{look}.png")
