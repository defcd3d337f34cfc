"""What is looked up, done and noted in one transaction: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.errors import Conflict
from risk.history.connection.connect import Write
from risk.history.schema import commits
from risk.history.store import History
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[History]:
    history = new_store(tmp_path / "store.db")
    yield history
    history.close()


def count(store: History) -> int:
    with store.read() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(commits)) or 0)


def refuse(_: Write) -> None:
    raise Conflict("no")


def write_and_fail(store: History, to: History) -> None:
    with store.together():
        to.write_grouped(lambda write: write.at)
        raise Conflict("no")


def test_reads_see_what_was_written_and_nobody_else_does(store: History, tmp_path: Path) -> None:
    before = count(store)
    with store.together():
        store.write_grouped(lambda write: write.at)
        with store.write() as write:
            assert write.who == ""
        assert count(store) == before + 2
        with store.engine.connect() as other:
            assert other.exec_driver_sql("SELECT count(*) FROM commits").scalar() == before
    assert count(store) == before + 2


def test_nothing_is_left_where_the_whole_fails(store: History) -> None:
    before = count(store)
    with pytest.raises(Conflict):
        write_and_fail(store, store)
    assert (count(store), store.joined) == (before, None)


def test_a_part_that_fails_is_rolled_back_alone(store: History) -> None:
    before = count(store)
    with store.together():
        with pytest.raises(Conflict):
            store.write_grouped(refuse)
        with pytest.raises(Conflict), store.write():
            raise Conflict("no")
        store.write_grouped(lambda write: write.at)
    assert count(store) == before + 1


def test_another_store_is_not_part_of_it(store: History, tmp_path: Path) -> None:
    other = new_store(tmp_path / "other.db")
    before = count(other)
    with pytest.raises(Conflict):
        write_and_fail(store, other)
    assert count(other) == before + 1
    other.close()
