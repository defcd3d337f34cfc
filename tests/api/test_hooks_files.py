"""Files that pushed messages name by address: fetched, taken in, decided on, shown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from PIL import ImageOps

from risk.evidence.object_store import FolderStore
from risk.history.schema.schema_webhooks import file_fetches
from risk.privacy import forget
from tests.api.console_visits import logged_in
from tests.api.fetched_files import MAPPING, claim, decisions_on, endpoint, fetched_files, files_of
from tests.api.hook_senders import SECRET, prefix_of, push, rows, set_up
from tests.api.serving import Running, running, small_bundle
from tests.api.test_evidence_files import put
from tests.evidence_pictures import objects_in
from tests.file_server import redirected, serving_files, whole
from tests.pictures import saved, scene

AT = "2026-03-06T10:00:00+08:00"


def test_from_a_push_to_the_reviewer_and_to_forgetting(tmp_path: Path) -> None:
    with running(tmp_path) as run, run.client() as client, httpx.Client(base_url=run.url) as other:
        run.promote("suspicious", small_bundle(0, 5.0))
        place = endpoint(client, "walk")
        first = saved(scene(71, (1200, 900)))
        second = saved(ImageOps.mirror(scene(71, (1200, 900))), quality=70)
        with serving_files(a=whole(first), b=whole(second), c=redirected("/b?key=2")) as server:
            claim(other, place, "one", f"{server.url}/a")
            [file] = fetched_files(client, place, "fetched")
            assert (file["tries"], file["why"]) == (0, None)
            receipt = claim(other, place, "two", f"{server.url}/c?key=1")
            [file] = fetched_files(client, place, "fetched")
        assert server.asked == ["a", "c", "b"]
        request = f"{prefix_of(place)}R-two"
        [decided] = decisions_on(client, request)
        assert receipt["decisions"] == [], "decided once the picture is there"
        assert "fresh_picture" in [rule["id"] for rule in decided["rules"]]
        page = logged_in(run, "rita").read("case", id=request).text
        page = page[page.index('id="evidence"') :]
        shown = re.findall(r'src="/console/evidence-file\?id=([^"&]+)"', page)
        assert shown[0].replace("%3A", ":") == file["evidence_id"]
        assert len(shown) == 2, "beside it the earlier one"
        assert "mirror image" in page
        _nothing_is_left(run, tmp_path, f"{prefix_of(place)}C-two", str(server.url))


def _nothing_is_left(run: Running, folder: Path, customer: str, url: str) -> None:
    objects = FolderStore(folder / "files")
    assert len(objects_in(folder / "files")) == 2
    assert forget(run.service.history, customer, settle_s=0, objects=objects).counts["files"] == 1
    assert len(objects_in(folder / "files")) == 1
    with run.service.history.read() as connection:
        left = connection.execute(sa.select(file_fetches.c.evidence_id)).scalars().all()
    assert len(left) == 1
    stored = b"".join(file.read_bytes() for file in folder.glob("store.db*"))
    assert url.removeprefix("http://").encode() not in stored, "addresses are encrypted"


def test_several_files_are_decided_on_once(client: httpx.Client, stranger: httpx.Client) -> None:
    place = endpoint(client, "several")
    with serving_files(**{f"p{n}": whole(saved(scene(80 + n))) for n in range(4)}) as server:
        claim(stranger, place, "several", *(f"{server.url}/p{n}" for n in range(4)))
        assert len(fetched_files(client, place, "fetched")) == 4
    assert len(decisions_on(client, f"{prefix_of(place)}R-several")) == 1


def test_the_same_address_again_is_not_fetched_again(
    client: httpx.Client, stranger: httpx.Client
) -> None:
    place = endpoint(client, "again")
    with serving_files(a=whole(saved(scene(90)))) as server:
        for _ in range(2):
            claim(stranger, place, "again", f"{server.url}/a")
            fetched_files(client, place, "fetched")
        assert server.asked == ["a"]


def test_it_is_taken_in_as_one_that_is_sent(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = endpoint(client, "same")
    content = saved(scene(91))
    with serving_files(a=whole(content, "text/html")) as server:
        claim(stranger, place, "same", f"{server.url}/a")
        [file] = fetched_files(client, place, "fetched")
    again = put(client, file["evidence_id"], content)
    assert again.status_code == 200, "known already"
    assert put(client, file["evidence_id"], saved(scene(92))).status_code == 409
    [row] = rows(served, "files", file["evidence_id"])
    assert row.media_type == "image/jpeg"


def test_a_mended_table_fetches_what_was_refused(
    client: httpx.Client, stranger: httpx.Client
) -> None:
    elsewhere = MAPPING.replace('"127.0.0.1"', '"files.example.com"')
    place = set_up(client, "generic", "mended-files", elsewhere, private_files=True)
    with serving_files(a=whole(saved(scene(93)))) as server:
        message = claim(stranger, place, "mended", f"{server.url}/a")["messages"][0]
        [file] = fetched_files(client, place, "refused")
        assert "no host" in file["why"]
        set_up(client, "generic", "mended-files", MAPPING, private_files=True)
        client.post(f"/v1/hooks/inbox/{message}/replay").raise_for_status()
        assert fetched_files(client, place, "fetched")


def test_what_is_no_address_costs_the_file_alone(
    client: httpx.Client, stranger: httpx.Client
) -> None:
    place = endpoint(client, "none")
    assert claim(stranger, place, "none", {"a": 1}, 7, "ftp://127.0.0.1/a")["stored"] > 0
    files = fetched_files(client, place, "refused")
    assert len(files) >= 1


def test_only_this_machine_may_open_the_own_network(client: httpx.Client) -> None:
    settings = {"secret": "a secret of your own, long", "private_files": True}
    for header, status in ((None, 200), ("198.51.100.7", 403)):
        headers = {"x-forwarded-for": header} if header else {}
        answer = client.put("/v1/hooks/generic/own", json=settings, headers=headers)
        assert answer.status_code == status


def test_evidence_in_the_contracts_words(client: httpx.Client, stranger: httpx.Client) -> None:
    place = set_up(client, "freshdesk", "words", '[files]\nhosts = ["127.0.0.1"]',
                   private_files=True)  # fmt: skip
    with serving_files(a=whole(saved(scene(94)))) as server:
        item = {"evidence_id": "E-w", "refund_id": "R-w", "kind": "photo",
                "submitted_at": AT, "file_url": f"{server.url}/a"}  # fmt: skip
        raw = json.dumps({"evidence": [item]}).encode()
        answer = push(stranger, place, raw, {"x-refund-risk-secret": SECRET})
        assert answer.status_code == 200, answer.text
        [file] = fetched_files(client, place, "fetched")
    assert file["evidence_id"] == "freshdesk:words:E-w"


@pytest.mark.parametrize("private", [False, None])
def test_the_own_network_is_closed_by_default(
    client: httpx.Client, stranger: httpx.Client, private: bool | None
) -> None:
    place = set_up(client, "generic", f"closed-{private}", MAPPING, private_files=private)
    with serving_files(a=whole(saved(scene(95)))) as server:
        claim(stranger, place, "closed", f"{server.url}/a",
              server.url.replace("http", "https") + "/a", "https://127.0.0.1/a")  # fmt: skip
        files = fetched_files(client, place, "refused")
        assert len(files) == 3
        assert server.asked == []
    assert files_of(client, place) == files
