"""Files of evidence on the case page: added by a plain form, shown only to who is logged in."""

from __future__ import annotations

import io
import re

import httpx
import pytest
from PIL import Image

from risk.access.access_log import read_access_log
from tests.api.console_visits import Visitor, logged_in, new_case, visitor
from tests.api.serving import Running, small_bundle
from tests.evidence_pictures import picture


@pytest.fixture(scope="module")
def reviewer(served: Running) -> Visitor:
    served.promote("suspicious", small_bundle(0, 5.0))
    return logged_in(served, "rita")


@pytest.fixture
def case(client: httpx.Client, reviewer: Visitor) -> str:
    return new_case(client)


def add(someone: Visitor, case: str, *files: tuple[str, bytes], **fields: str) -> httpx.Response:
    form = {"csrf_token": someone.csrf_token, "id": case, "from": "customer", **fields}
    sent = [("file", file) for file in files]
    return someone.http.post("/console/case/files", data=form, files=sent)


def shown(someone: Visitor, case: str) -> list[str]:
    """The ids of the items whose pictures the case page shows."""
    page = someone.read("case", id=case).text
    beside = page[page.index('id="evidence"') :]
    return re.findall(r'src="/console/evidence-file\?id=([^"&]+)"', beside)


def test_several_files_are_added_at_once_and_shown(reviewer: Visitor, case: str) -> None:
    files = [("a.jpg", picture(1)), ("b.png", picture(2, "PNG")), ("c.webp", picture(3, "WEBP"))]
    answer = add(reviewer, case, *files)
    assert answer.status_code == 303, answer.text
    assert "done=files" in answer.headers["location"]
    items = shown(reviewer, case)
    assert len(items) == 3
    add(reviewer, case, *files)
    assert shown(reviewer, case) == items
    page = reviewer.read("case", id=case).text
    for said in ("JPEG picture", "PNG picture", "WebP picture", "never proof"):
        assert said in page


def test_a_picture_is_served_encoded_anew_and_never_as_it_came(
    reviewer: Visitor, case: str
) -> None:
    content = picture(4, size=900)
    add(reviewer, case, ("a.jpg", content))
    [item] = shown(reviewer, case)
    for size, width in (("small", 320), ("large", 900)):
        answer = reviewer.read("evidence-file", id=item, size=size)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.content != content
        assert Image.open(io.BytesIO(answer.content)).width == width


def test_what_is_hidden_behind_a_picture_is_not_served(reviewer: Visitor, case: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretMaker"
    exif[0x8825] = {1: "N", 2: (59.0, 20.0, 3.0)}
    made = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(made, "JPEG", exif=exif, comment=b"hidden words")
    add(reviewer, case, ("a.jpg", made.getvalue()))
    [item] = shown(reviewer, case)
    answer = reviewer.read("evidence-file", id=item, size="large").content
    for secret in (b"SecretMaker", b"hidden words", b"Exif"):
        assert secret in made.getvalue()
        assert secret not in answer


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_added(
    reviewer: Visitor, case: str
) -> None:
    answer = add(reviewer, case, ("good.jpg", picture(5)), ("bad<b>.jpg", b"\xff\xd8\xffnothing"))
    assert answer.status_code == 422
    assert "bad&lt;b&gt;.jpg was not added" in answer.text
    assert len(shown(reviewer, case)) == 1


@pytest.mark.parametrize("fields", [{"from": "nobody"}, {}])
def test_nothing_chosen_is_said(reviewer: Visitor, case: str, fields: dict[str, str]) -> None:
    files = [("a.jpg", picture(6))] if fields else [("", b"")]
    answer = add(reviewer, case, *files, **fields)
    assert answer.status_code == 422
    assert "Choose at least one file" in answer.text


def test_a_form_of_another_session_adds_nothing(reviewer: Visitor, case: str) -> None:
    answer = add(reviewer, case, ("a.jpg", picture(7)), csrf_token="another")
    assert answer.headers["location"].startswith("/console/login")
    assert shown(reviewer, case) == []


def test_only_who_is_logged_in_sees_a_picture(
    served: Running, reviewer: Visitor, case: str, client: httpx.Client
) -> None:
    add(reviewer, case, ("a.jpg", picture(8)))
    [item] = shown(reviewer, case)
    answer = visitor(served).read("evidence-file", id=item)
    assert (answer.status_code, answer.headers["location"][:14]) == (303, "/console/login")
    by_key = client.get("/console/evidence-file", params={"id": item})
    assert by_key.status_code == 303
    assert reviewer.read("evidence-file", id="no-such").status_code == 404


def test_opening_a_picture_large_is_noted(served: Running, reviewer: Visitor, case: str) -> None:
    add(reviewer, case, ("a.jpg", picture(9)))
    [item] = shown(reviewer, case)
    reviewer.read("evidence-file", id=item, size="large")
    with served.service.history.read() as connection:
        entries = read_access_log(connection, case)
    assert ("rita", "file") in {(entry["who"], entry["page"]) for entry in entries}
