"""A case with six files: sent by call, by import and in the console, decided, shown to a reviewer,
and forgotten with its customer."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from risk.evidence.object_store import FolderStore
from risk.privacy import forget
from tests.api.console_visits import logged_in
from tests.api.serving import Running, running, small_bundle
from tests.api.test_evidence_files import put
from tests.api.test_scoring import body
from tests.evidence_pictures import objects_in
from tests.hostile_files import good_files
from tests.pictures import camera_record, saved, scene
from training.facts.import_folder import ImportOptions, import_folder

AT = "2026-03-06T10:00:00+08:00"


def six_files() -> dict[str, tuple[str, bytes]]:
    """By evidence id: the kind of evidence and the file."""
    good = good_files()
    record = camera_record()
    return {
        "E-lid": ("photo", saved(scene(31, (1200, 900)), exif=record)),
        "E-screen": ("photo", good["png"]),
        "E-side": ("photo", good["webp"]),
        "E-phone": ("photo", good["heic"]),
        "E-invoice": ("document", good["pdf"]),
        "E-film": ("video", good["mp4"]),
    }


TYPES = {
    "E-lid": "image/jpeg", "E-screen": "image/png", "E-side": "image/webp",
    "E-phone": "image/heic", "E-invoice": "application/pdf", "E-film": "video/mp4",
}  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Any:
    with running(tmp_path) as started:
        started.promote("suspicious", small_bundle(0, 5.0))
        yield started


def test_six_files_from_upload_to_forgetting(run: Running, tmp_path: Path) -> None:
    asked = body("walk")
    refund = asked["refund"]["refund_id"]
    customer = asked["order"][0]["customer_id"]
    files = six_files()
    asked["evidence"] = [
        {"evidence_id": name, "refund_id": refund, "kind": kind, "submitted_at": AT}
        for name, (kind, _) in files.items()
        if name != "E-side"
    ]
    by_call = {name: files[name] for name in files if name not in ("E-side", "E-invoice")}
    with run.client() as client:
        for name, (_, content) in by_call.items():
            sent = put(client, name, content, TYPES[name])
            assert sent.status_code == 201, sent.text
            assert sent.json()["media_type"] == TYPES[name]
        assert put(client, "E-film", files["E-film"][1], "video/mp4").json()["length_s"] == 2
        decision = client.post("/v1/refunds/score", json=asked).json()
        assert decision["refund_id"] == refund
        assert client.post("/v1/refunds/score", json=asked).json() == decision
        given = client.post(f"/v1/refunds/{refund}/score").json()
        assert given["tier"] == decision["tier"]
    _imported(run, tmp_path / "in", files["E-invoice"][1])
    side = files.pop("E-side")
    files[_added(run, refund, side[1])] = side
    _nothing_lies_open(tmp_path, files)
    _the_reviewer_sees_all(run, refund, files)
    _nothing_is_left(run, tmp_path, customer)


def _imported(run: Running, folder: Path, content: bytes) -> None:
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "E-invoice.pdf").write_bytes(content)
    feedback = "refund_id,answered_at,satisfaction\nR-none,2026-03-07T10:00:00+08:00,3\n"
    (folder / "feedback.csv").write_text(feedback)
    options = ImportOptions(evidence=run.service.files)
    assert import_folder(run.service.history, folder, options).new["files"] == 1


def _added(run: Running, refund: str, content: bytes) -> str:
    """Added by a reviewer; answers the id of the item that this makes."""
    reviewer = logged_in(run, "rita")
    form = {"csrf_token": reviewer.csrf_token, "id": refund, "from": "customer"}
    sent = {"file": ("side.webp", content)}
    answer = reviewer.http.post("/console/case/files", data=form, files=sent)
    assert answer.status_code == 303, answer.text
    page = reviewer.read("case", id=refund).text
    found = re.search(r'src="/console/evidence-file\?id=(console-[^"&]+)"', page)
    assert found
    return found[1]


def _nothing_lies_open(folder: Path, files: dict[str, tuple[str, bytes]]) -> None:
    """Neither the files nor the position of the one that has it are anywhere on the disk."""
    kept = objects_in(folder / "files")
    assert len(kept) == 6
    at_rest = b"".join(file.read_bytes() for file in [*kept, *folder.glob("store.db*")])
    for name, (_, content) in files.items():
        assert content[-80:-40] not in at_rest, name
    assert b"GPS" not in at_rest


def _the_reviewer_sees_all(run: Running, refund: str, files: dict[str, tuple[str, bytes]]) -> None:
    reviewer = logged_in(run, "rita")
    page = reviewer.read("case", id=refund).text
    page = page[page.index('id="evidence"') :]
    shown = re.findall(r'src="/console/evidence-file\?id=([^"&]+)"', page)
    assert sorted(shown) == sorted(files)
    for said in ("MP4 film, opened it plays without sound, 2 s", "PDF, page 1 of 1",
                 "a camera made it", "the same as an earlier item of this case"):  # fmt: skip
        assert said in page
    for name in files:
        picture = reviewer.read("evidence-file", id=name, size="large").content
        with Image.open(io.BytesIO(picture)) as opened:
            assert opened.format == ("WEBP" if name == "E-film" else "JPEG"), name
            assert getattr(opened, "n_frames", 1) == (8 if name == "E-film" else 1)
            assert dict(opened.getexif()) == {}


def _nothing_is_left(run: Running, folder: Path, customer: str) -> None:
    objects = FolderStore(folder / "files")
    report = forget(run.service.history, customer, settle_s=0, objects=objects)
    assert (report.counts["files"], report.counts["originals"]) == (6, 6)
    assert objects_in(folder / "files") == []
    reviewer = logged_in(run, "rita")
    for name in TYPES:
        assert reviewer.read("evidence-file", id=name).status_code == 404
    with run.client() as client:
        again = put(client, "E-lid", six_files()["E-lid"][1])
        assert again.status_code == 200
    assert objects_in(folder / "files") == []
