"""Files of evidence on PostgreSQL as on SQLite: taken in once, shown, retained and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.errors import Conflict, NotFound
from risk.evidence.file_intake import EvidenceFiles, Upload
from risk.evidence.object_store import FolderStore
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema.schema_files import kept_files
from risk.history.store import History
from risk.privacy import forget
from risk.privacy.evidence_files import delete_orphans, drop_expired_files
from tests.deciders import DAY, body, photo
from tests.evidence_pictures import evidence_files, objects_in, picture

pytestmark = pytest.mark.engines


@pytest.fixture
def files(history: History, tmp_path: Path) -> Iterator[EvidenceFiles]:
    with evidence_files(history, tmp_path / "files") as made:
        yield made


def item_of(history: History, name: str) -> str:
    one = body(name)
    item = photo(one)
    for kind, stated in (("orders", one["order"]), ("refunds", [one["refund"]]),
                         ("evidence", [item])):  # fmt: skip
        ingest(history, kind, stated)
    return str(item["evidence_id"])


def test_a_file_is_taken_in_once_and_goes_with_its_person(
    history: History, files: EvidenceFiles, tmp_path: Path
) -> None:
    objects, items = FolderStore(tmp_path / "files"), [item_of(history, n) for n in ("pa", "pb")]
    assert [files.take(Upload(items[0], picture(1))).new for _ in range(2)] == [True, False]
    with pytest.raises(Conflict):
        files.take(Upload(items[0], picture(2)))
    assert files.take(Upload(items[0], picture(2), revision=2)).new
    assert files.take(Upload(items[1], picture(1))).new
    assert len(objects_in(tmp_path / "files")) == 2
    forget(history, "C-pa", settle_s=0, objects=objects)
    assert len(objects_in(tmp_path / "files")) == 1
    assert files.rendered(items[1], 64)
    forget(history, "C-pb", settle_s=0, objects=objects)
    assert objects_in(tmp_path / "files") == []
    assert delete_orphans(history, objects) == 0


def test_old_files_go(history: History, files: EvidenceFiles, tmp_path: Path) -> None:
    objects = FolderStore(tmp_path / "files")
    old, new = (item_of(history, name) for name in ("pc", "pd"))
    known = now_ms() - 31 * DAY
    files.take(Upload(old, picture(3), known_at=known))
    files.take(Upload(new, picture(4)))
    with history.write() as write:
        write.connection.execute(sa.update(kept_files).values(at=known))
    assert [drop_expired_files(history, 30, objects) for _ in range(2)] == [1, 0]
    assert files.rendered(new, 64)
    with pytest.raises(NotFound):
        files.rendered(old, 64)
