"""The connection of the writer: kept while all goes well, given back after a failure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from risk.errors import Unavailable
from risk.history.connection.connect import open_engine
from risk.history.connection.transactions import WriterConnection


class MishapError(Exception):
    """What a writer may meet."""


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[WriterConnection]:
    engine = open_engine(f"sqlite:///{tmp_path}/store.db")
    made = WriterConnection(engine)
    with made.transaction() as connection:
        connection.exec_driver_sql("CREATE TABLE told (number INTEGER)")
    yield made
    made.release()
    engine.dispose()


def tell(writer: WriterConnection, number: int) -> tuple[int, list[int]]:
    """Stores a number; which connection did so, and the numbers that were there."""
    with writer.transaction() as connection:
        found = list(connection.exec_driver_sql("SELECT number FROM told").scalars())
        connection.exec_driver_sql(f"INSERT INTO told VALUES ({number})")
        return id(connection.connection.driver_connection), found


def test_one_connection_writes_again_and_again(writer: WriterConnection) -> None:
    (first, _), (second, found) = tell(writer, 1), tell(writer, 2)
    assert first == second
    assert found == [1]


def fail(writer: WriterConnection) -> None:
    with writer.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO told VALUES (1)")
        raise MishapError


def test_what_failed_is_not_stored_and_the_next_one_is(writer: WriterConnection) -> None:
    with pytest.raises(MishapError):
        fail(writer)
    assert tell(writer, 2)[1] == []
    assert tell(writer, 3)[1] == [2]


def test_every_transaction_looks_whether_the_file_is_there(
    writer: WriterConnection, tmp_path: Path
) -> None:
    aside = (tmp_path / "store.db").rename(tmp_path / "aside")
    with pytest.raises(Unavailable):
        tell(writer, 1)
    aside.rename(tmp_path / "store.db")
    assert tell(writer, 2)[1] == []
