"""The file of an SQLite store: private, and never a new one in the place of the old."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from risk.errors import Unavailable
from risk.history.connection import connect
from risk.history.connection.driver_errors import UNREACHABLE
from risk.history.connection.sqlite_file import PAGE_BYTES, make_file
from risk.history.store import History
from tests.stores import SECRET


def open_store(file: Path) -> History:
    return History.open(f"sqlite:///{file}", SECRET)


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "data" / "store.db"
    history = open_store(file)
    with history.write():
        files = list(file.parent.iterdir())
        assert len(files) >= 2
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert file.parent.stat().st_mode & 0o777 == 0o700
    history.close()


def test_a_removed_store_is_not_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    history = open_store(file)
    history.engine.dispose()
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(Unavailable, match="removed"), history.read():
        pass
    assert list(tmp_path.iterdir()) == []


def _refuses_all(history: History) -> None:
    with pytest.raises(Unavailable, match="removed, emptied or replaced"), history.read():
        pass
    with pytest.raises(Unavailable, match="removed, emptied or replaced"), history.write():
        pass
    with pytest.raises(Unavailable, match="removed, emptied or replaced"):
        history.write_grouped(lambda write: write.at)


def test_nothing_is_written_to_a_file_that_was_moved_away(tmp_path: Path) -> None:
    file, away = tmp_path / "store.db", tmp_path / "away"
    history = open_store(file)
    first = history.write_grouped(lambda write: write.commit_no)
    file.rename(away)
    _refuses_all(history)
    away.rename(file)
    assert history.write_grouped(lambda write: write.commit_no) == first + 1
    history.close()


def test_another_file_in_its_place_is_not_written_to(tmp_path: Path) -> None:
    file, other = tmp_path / "store.db", tmp_path / "other.db"
    history = open_store(file)
    History.open(f"sqlite:///{other}", "quite another secret").close()
    other.rename(file)
    before = file.read_bytes()
    _refuses_all(history)
    history.engine.dispose()
    _refuses_all(history)
    assert file.read_bytes() == before


def test_a_damaged_file_is_an_error_of_the_store(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    history = open_store(file)
    history.engine.dispose()
    file.write_bytes(b"no database at all, but long enough for a header" * 99)
    with pytest.raises(UNREACHABLE), history.read():
        pass
    with pytest.raises(UNREACHABLE), history.write():
        pass


def test_a_store_emptied_while_it_is_open_stays_empty(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    history = open_store(file)
    history.engine.dispose()
    file.write_bytes(b"")
    _refuses_all(history)
    assert file.stat().st_size == 0


def test_an_emptied_store_is_no_new_store(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    open_store(file).close()
    file.write_bytes(b"")
    with pytest.raises(Unavailable, match=r"store\.db is empty"):
        open_store(file)
    assert file.stat().st_size == 0


def test_a_log_without_its_store_is_no_new_store(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    history = open_store(file)
    with history.write():
        file.rename(tmp_path / "away.db")
        with pytest.raises(Unavailable, match=r"gone, and its log store\.db-wal is not"):
            open_store(file)
        assert not file.exists()
    (tmp_path / "away.db").rename(file)
    history.close()
    open_store(file).close()


def test_odd_names_are_names(tmp_path: Path) -> None:
    file = tmp_path / "a?mode=memory&x#%20 b.db"
    make_file(file)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_it_is_made_once_whoever_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda _: make_file(file), range(32)))
    assert [path.name for path in tmp_path.iterdir()] == ["store.db"]


def test_a_new_store_has_small_pages_and_an_older_one_keeps_its_own(tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    with closing(sqlite3.connect(older)) as made:
        made.executescript("PRAGMA page_size=4096; VACUUM;")
    found = {}
    for name in ("new.db", "older.db"):
        history = open_store(tmp_path / name)
        with history.read() as connection:
            found[name] = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        history.close()
    assert found == {"new.db": PAGE_BYTES, "older.db": 4096}


def test_the_log_shrinks_after_a_reader_kept_it_from_being_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "CHECKPOINT_BYTES", 200_000)
    monkeypatch.setattr(connect, "LOG_BYTES", 500_000)
    history = open_store(tmp_path / "store.db")
    log = tmp_path / "store.db-wal"

    def write(times: int) -> None:
        for _ in range(times):
            with history.write() as made:
                made.connection.exec_driver_sql(
                    "INSERT OR REPLACE INTO marks VALUES ('large', ?)", (made.at,)
                )
                made.connection.exec_driver_sql(
                    "INSERT INTO policies VALUES (?, 0, ?)", (f"p{made.at}", "x" * 100_000)
                )

    with history.read() as connection:
        connection.exec_driver_sql("SELECT * FROM marks").all()
        write(20)
        assert log.stat().st_size > 1_500_000
    write(20)
    assert log.stat().st_size < 1_000_000
    history.close()
