"""A picture beside the near one of an earlier case: shown, or told of where it is another's."""

from __future__ import annotations

import re

import httpx
import pytest
from PIL import Image, ImageOps

from tests.api.console_visits import Visitor, logged_in
from tests.api.serving import Running, small_bundle
from tests.api.test_evidence_files import put
from tests.api.test_scoring import body
from tests.pictures import camera_record, saved, scene

AT = "2026-03-06T10:00:00+08:00"


@pytest.fixture(scope="module")
def reviewer(served: Running) -> Visitor:
    served.promote("suspicious", small_bundle(0, 5.0))
    return logged_in(served, "rita")


def case(
    client: httpx.Client, name: str, picture: Image.Image, exif: Image.Exif | None = None,
    **order: str,
) -> str:  # fmt: skip
    """A case of its own customer with one picture; answers the request."""
    one = body(name)
    for kind in ("order", "shipments"):
        for row in one.get(kind, ()):
            row["order_id"] = f"O-{name}"
    one["order"] = [{**one["order"][0], "customer_id": f"C-{name}", "sku": f"S-{name}", **order}]
    one["refund"] |= {"refund_id": f"R-{name}", "order_id": f"O-{name}"}
    one["evidence"] = [{"evidence_id": f"E-{name}", "refund_id": f"R-{name}", "kind": "photo",
                        "submitted_at": AT}]  # fmt: skip
    client.post("/v1/refunds/score", json=one).raise_for_status()
    content = saved(picture) if exif is None else saved(picture, exif=exif)
    put(client, f"E-{name}", content).raise_for_status()
    return f"R-{name}"


def shown(someone: Visitor, refund: str) -> tuple[list[str], str]:
    """The items whose pictures a case page shows, and its text."""
    page = someone.read("case", id=refund).text
    beside = page[page.index('id="evidence"') :]
    return re.findall(r'src="/console/evidence-file\?id=([^"&]+)"', beside), page


def test_the_near_picture_is_beside_with_what_differs(
    client: httpx.Client, reviewer: Visitor
) -> None:
    case(client, "near-1", scene(41), merchant_id="M-near")
    later = case(client, "near-2", ImageOps.mirror(scene(41)), merchant_id="M-near")
    items, page = shown(reviewer, later)
    assert items == ["E-near-2", "E-near-1"]
    for said in ("Near one given before, for", "R-near-1", "Given by another customer.",
                 "For another article.", "mirror image"):  # fmt: skip
        assert said in page
    items, page = shown(reviewer, "R-near-1")
    assert items == ["E-near-1"]
    assert "given before" not in page


def test_another_merchants_picture_is_told_of_and_not_shown(
    client: httpx.Client, reviewer: Visitor
) -> None:
    case(client, "near-3", scene(42), merchant_id="M-other")
    later = case(client, "near-4", scene(42), merchant_id="M-near")
    items, page = shown(reviewer, later)
    assert items == ["E-near-4"]
    assert "A picture near this one was seen before, at another merchant." in page
    assert "E-near-3" not in page
    assert "R-near-3" not in page


def test_a_cameras_clock_without_a_zone_is_shown_as_it_is_written(
    client: httpx.Client, reviewer: Visitor
) -> None:
    """Moved to the reader's zone, an honest picture would be of after it was given."""
    taken = "2026:03:06 09:40:00"
    own = case(client, "own-clock", scene(43), camera_record(taken, ""), merchant_id="M-clock")
    _, page = shown(reviewer, own)
    assert "made 6 Mar 2026 09:40 by the device" in page
    assert "6 Mar 2026 17:40" not in page
    zoned = case(client, "zone-clock", scene(44), camera_record(taken), merchant_id="M-clock")
    _, page = shown(reviewer, zoned)
    assert "Record: made 6 Mar 2026 09:40." in page
    copied = case(client, "hours-later", ImageOps.mirror(scene(43)),
                  camera_record("2026:03:06 18:00:00", ""), merchant_id="M-clock")  # fmt: skip
    _, page = shown(reviewer, copied)
    assert "Near one given before, for" in page
    assert "this one was made later" not in page, "two clocks may be hours apart"
