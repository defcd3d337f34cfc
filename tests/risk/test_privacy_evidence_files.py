"""Files of evidence go with the person, or after a while; what others sent too stays theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from risk.errors import NotFound
from risk.evidence.file_intake import EvidenceFiles, Upload
from risk.evidence.object_store import FolderStore
from risk.history.case_state import upsert_case
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema import FACTS
from risk.history.schema.schema_files import kept_files
from risk.history.store import History
from risk.privacy import evidence_files as erasure
from risk.privacy import forget
from tests import case_rows
from tests.deciders import DAY, body, photo
from tests.evidence_pictures import evidence_files, objects_in, picture


@pytest.fixture
def files(history: History, tmp_path: Path) -> Iterator[EvidenceFiles]:
    with evidence_files(history, tmp_path / "files") as made:
        yield made


@pytest.fixture
def objects(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


def asked(history: History, name: str, photos: int = 1) -> list[str]:
    """A request with items of evidence; answers their ids."""
    one = body(name)
    items = [photo(one, number + 1) for number in range(photos)]
    for kind, stated in (("orders", one["order"]), ("refunds", [one["refund"]]),
                         ("evidence", items)):  # fmt: skip
        ingest(history, kind, stated)
    return [item["evidence_id"] for item in items]


def facts(history: History, *names: str) -> list[Any]:
    c = FACTS["files"].c
    with history.read() as connection:
        rows = connection.execute(sa.select(*(c[name] for name in names)).order_by(c.evidence_id))
        return [tuple(row) for row in rows]


def gone(history: History, customer: str, objects: FolderStore) -> dict[str, int]:
    return forget(history, customer, settle_s=0, objects=objects).counts


def test_a_forgotten_persons_file_and_fingerprints_are_gone(
    history: History, files: EvidenceFiles, objects: FolderStore, tmp_path: Path
) -> None:
    [item] = asked(history, "ann")
    files.take(Upload(item, picture(1)))
    assert len(objects_in(tmp_path)) > 0
    assert gone(history, "C-ann", objects)["originals"] == 1
    assert objects_in(tmp_path / "files") == []
    assert facts(history, "digest", "fingerprints", "edited_by") == [(None, None, None)]
    assert facts(history, "media_type") == [("image/jpeg",)]
    with pytest.raises(NotFound):
        files.rendered(item, 100)


def test_a_forgotten_persons_file_does_not_come_back(
    history: History, files: EvidenceFiles, objects: FolderStore, tmp_path: Path
) -> None:
    item, late = asked(history, "ann", 2)
    files.take(Upload(item, picture(1)))
    gone(history, "C-ann", objects)
    assert not files.take(Upload(item, picture(1))).new
    files.take(Upload(late, picture(2)))
    assert objects_in(tmp_path / "files") == []
    assert {row[0] for row in facts(history, "digest")} == {None}


def test_a_file_that_somebody_else_sent_too_stays(
    history: History, files: EvidenceFiles, objects: FolderStore, tmp_path: Path
) -> None:
    items = [asked(history, name)[0] for name in ("ann", "ben")]
    for item in items:
        files.take(Upload(item, picture(1)))
    [digest] = {row[0] for row in facts(history, "digest")}
    assert "originals" not in gone(history, "C-ann", objects)
    assert files.rendered(items[1], 100)
    assert facts(history, "digest") == [(digest,), (digest,)]
    assert gone(history, "C-ben", objects)["originals"] == 1
    assert objects_in(tmp_path / "files") == []


def test_the_last_reference_takes_the_file_with_it_whoever_went_first(
    history: History, files: EvidenceFiles, objects: FolderStore
) -> None:
    items = [asked(history, name)[0] for name in ("ann", "ben")]
    files.take(Upload(items[0], picture(1)))
    files.take(Upload(items[1], picture(1)))
    for name in ("C-ben", "C-ann"):
        gone(history, name, objects)
    assert list(objects.older_than(-1)) == []


def test_old_files_go_and_what_was_read_stays(
    history: History, files: EvidenceFiles, objects: FolderStore, tmp_path: Path
) -> None:
    [old], [new] = asked(history, "ann"), asked(history, "ben")
    known = now_ms() - 31 * DAY
    files.take(Upload(old, picture(1), known_at=known))
    files.take(Upload(new, picture(2)))
    _date_kept(history, known)
    assert erasure.drop_expired_files(history, 30, objects) == 1
    assert erasure.drop_expired_files(history, 30, objects) == 0
    assert len(objects_in(tmp_path / "files")) == 1
    assert len(facts(history, "digest")) == 2
    assert files.rendered(new, 100)
    with pytest.raises(NotFound):
        files.rendered(old, 100)
    assert not files.take(Upload(old, picture(1))).new


def test_an_open_case_keeps_its_files(
    history: History, files: EvidenceFiles, objects: FolderStore
) -> None:
    [item], known = asked(history, "ann"), now_ms() - 31 * DAY
    files.take(Upload(item, picture(1), known_at=known))
    _date_kept(history, known)
    with history.write() as write:
        upsert_case(write.connection, case_rows.decided("R-ann"))
    assert erasure.drop_expired_files(history, 30, objects) == 0
    assert files.rendered(item, 100)


def test_what_no_row_names_is_deleted_after_a_day(
    history: History, files: EvidenceFiles, objects: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    [item] = asked(history, "ann")
    files.take(Upload(item, picture(1)))
    objects.put("ab/left.behind", b"of an upload that failed")
    assert erasure.delete_orphans(history, objects) == 0
    monkeypatch.setattr(erasure, "ORPHAN_S", -1.0)
    assert erasure.delete_orphans(history, objects) == 1
    assert files.rendered(item, 100)


def _date_kept(history: History, at: int) -> None:
    with history.write() as write:
        write.connection.execute(sa.update(kept_files).values(at=at))
