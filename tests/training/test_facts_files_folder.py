"""The folder `files/` beside the facts: taken in by evidence id, once, or refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.errors import BadInput
from risk.evidence.file_intake import EvidenceFiles
from risk.facts.parse import parse_time
from risk.history.schema import commits
from risk.history.store import History
from tests.evidence_pictures import evidence_files, objects_in, picture
from tests.training.test_facts_import_folder import ORDER, REFUND, stored, write
from training.facts.import_folder import ImportOptions, import_folder

AT = "2026-03-04T08:00:00+08:00"


@pytest.fixture
def files(history: History, tmp_path: Path) -> Iterator[EvidenceFiles]:
    with evidence_files(history, tmp_path / "kept") as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of facts with two items of evidence, and their files."""
    made = tmp_path / "in"
    write(made, "orders", ORDER)
    write(made, "refunds", REFUND)
    items = [{"evidence_id": name, "refund_id": "r1", "submitted_at": AT, "kind": "photo"}
             for name in ("E.1", "a:b/c")]  # fmt: skip
    write(made, "evidence", *items)
    (made / "files").mkdir()
    (made / "files" / "E.1.JPG").write_bytes(picture(1))
    (made / "files" / "a%3Ab%2Fc").write_bytes(picture(2, "PNG"))
    (made / "files" / ".DS_Store").write_bytes(b"no file of evidence")
    return made


def test_files_are_taken_in_with_their_evidence_and_once(
    history: History, files: EvidenceFiles, folder: Path
) -> None:
    options = ImportOptions(evidence=files)
    first, second = (import_folder(history, folder, options) for _ in range(2))
    assert (first.new["files"], first.same["files"], first.problems) == (2, 0, [])
    assert (second.new["files"], second.same["files"]) == (0, 2)
    rows = {row["evidence_id"]: row for row in stored(history, "files")}
    assert set(rows) == {"E.1", "a:b/c"}
    assert {row["known_at"] for row in rows.values()} == {parse_time(AT)}
    assert rows["a:b/c"]["media_type"] == "image/png"
    assert files.rendered("E.1", 64)


def commits_of(history: History) -> int:
    with history.read() as connection:
        return int(connection.execute(sa.select(sa.func.max(commits.c.commit_no))).scalar_one())


def test_without_the_option_and_on_a_check_nothing_is_taken_in(
    history: History, files: EvidenceFiles, folder: Path, tmp_path: Path
) -> None:
    before = commits_of(history)
    import_folder(history, folder, ImportOptions(evidence=files, check=True))
    assert commits_of(history) == before, "the number of the next import is used up"
    import_folder(history, folder)
    assert stored(history, "files") == []
    assert objects_in(tmp_path / "kept") == []


def test_a_file_that_cannot_be_read_stores_nothing_of_the_folder_unless_it_is_skipped(
    history: History, files: EvidenceFiles, folder: Path
) -> None:
    (folder / "files" / "E.1.JPG").write_bytes(picture(1)[:100])
    options = ImportOptions(evidence=files)
    with pytest.raises(BadInput) as bad:
        import_folder(history, folder, options)
    assert "files/E.1.JPG" in str(bad.value)
    assert stored(history, "orders") == []
    report = import_folder(history, folder, replace(options, skip_bad_rows=True))
    assert (report.new["files"], report.skipped["files"]) == (1, 1)
    assert [problem.kind for problem in report.problems] == ["files/E.1.JPG"]


def test_a_file_of_evidence_that_nobody_knows_is_kept_and_named(
    history: History, files: EvidenceFiles, folder: Path
) -> None:
    (folder / "files" / "E-unknown.webp").write_bytes(picture(3, "WEBP"))
    report = import_folder(history, folder, ImportOptions(evidence=files))
    assert report.new["files"] == 3
    assert any("evidence is not stored" in note for note in report.notes)


def test_other_bytes_are_a_problem_by_name(
    history: History, files: EvidenceFiles, folder: Path
) -> None:
    options = ImportOptions(evidence=files)
    import_folder(history, folder, options)
    (folder / "files" / "E.1.JPG").write_bytes(picture(4))
    report = import_folder(history, folder, options)
    assert [problem.kind for problem in report.problems] == ["files/E.1.JPG"]
    assert (report.same["files"], report.skipped["files"]) == (1, 1)


def test_links_out_and_files_too_large_are_refused_unread(
    history: History, files: EvidenceFiles, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "another.jpg").write_bytes(picture(3))
    (folder / "files" / "E.1.JPG").unlink()
    (folder / "files" / "E.1.JPG").symlink_to(tmp_path / "another.jpg")
    with (folder / "files" / "a%3Ab%2Fc").open("r+b") as large:
        large.truncate(1 << 40)
    with pytest.raises(BadInput) as refused:
        import_folder(history, folder, ImportOptions(evidence=files))
    assert [(p.kind, p.expected) for p in refused.value.problems] == [
        ("files/E.1.JPG", "a file within the folder"),
        ("files/a%3Ab%2Fc", "a file of at most 25 megabytes"),
    ]
    assert stored(history, "files") == []
