"""A replica is read only once it has what the store has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from risk.errors import Unavailable
from risk.history.connection.replica import caught_up, may_report, open_replica
from risk.history.store import History
from tests.stores import SECRET


def _store(file: Path) -> History:
    history = History.open(f"sqlite:///{file}", SECRET)
    with history.write():
        pass
    return history


def test_a_store_without_a_replica_is_read_itself(tmp_path: Path) -> None:
    history = _store(tmp_path / "store.db")
    assert history.bulk_engine() is history.engine
    history.close()


def test_what_is_behind_is_waited_for_and_then_refused(tmp_path: Path) -> None:
    history = _store(tmp_path / "store.db")
    history.close()
    shutil.copy(tmp_path / "store.db", tmp_path / "copy.db")
    replica = open_replica(f"sqlite:///{tmp_path}/copy.db")
    assert caught_up(history.engine, replica) is replica
    with history.write():
        pass
    with pytest.raises(Unavailable, match="behind"):
        caught_up(history.engine, replica, patience_s=0)
    history.close()


def _shown(history: History) -> str:
    """Which file a report is made of."""
    with history.read_for_report() as connection:
        return Path(connection.engine.url.database or "").name


def test_a_report_is_made_of_a_replica_that_follows_and_else_of_the_store(tmp_path: Path) -> None:
    history = _store(tmp_path / "store.db")
    history.close()
    assert _shown(history) == "store.db"
    shutil.copy(tmp_path / "store.db", tmp_path / "copy.db")
    history = History.open(
        f"sqlite:///{tmp_path}/store.db", SECRET, f"sqlite:///{tmp_path}/copy.db"
    )
    replica = history.replica
    assert replica is not None
    assert _shown(history) == "copy.db"
    with history.write():
        pass
    assert _shown(history) == "copy.db"
    assert not may_report(history.engine, replica, behind_ms=-1)
    history.close()


def test_no_report_is_made_of_another_store_or_of_nothing(tmp_path: Path) -> None:
    history, other = _store(tmp_path / "store.db"), _store(tmp_path / "other.db")
    with other.write():
        pass
    assert not may_report(history.engine, other.engine)
    assert not may_report(history.engine, open_replica(f"sqlite:///{tmp_path}/nothing.db"))
    history.close()
    other.close()


def test_another_store_is_no_replica(tmp_path: Path) -> None:
    history, other = _store(tmp_path / "store.db"), _store(tmp_path / "other.db")
    with pytest.raises(Unavailable, match="another store"):
        caught_up(history.engine, other.engine)
    history.close()
    other.close()


def test_what_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    history = _store(tmp_path / "store.db")
    with pytest.raises(Unavailable, match="cannot be read"):
        caught_up(history.engine, open_replica(f"sqlite:///{tmp_path}/nothing.db"))
    history.close()
