"""Statements as each driver takes them: the same text, its parameters by name or by number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.history.connection.driver import BatchedLookup, insert_together, runner, typed
from risk.history.store import History
from tests.inserting import inserted_together
from tests.stores import new_store


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder: Path = tmp_path_factory.mktemp("raw")
    made = new_store(folder / "store.db")
    yield made
    made.close()


def test_a_name_is_one_number_wherever_it_stands_and_says_its_type() -> None:
    text = "SELECT 1 WHERE a = :refund_id AND b < :as_of AND c = :skus_3 AND d % 2 = :as_of"
    numbered, names = typed(text)
    assert names == ("refund_id", "as_of", "skus_3")
    assert numbered == (
        "SELECT 1 WHERE a = CAST($1 AS TEXT) AND b < CAST($2 AS BIGINT) "
        "AND c = CAST($3 AS TEXT) AND d % 2 = CAST($2 AS BIGINT)"
    )


def test_what_a_statement_cannot_do_is_the_stores_error(history: History) -> None:
    with history.read() as connection, pytest.raises(sa.exc.OperationalError):
        runner(connection)("SELECT nothing FROM nowhere", {})


def test_a_connection_keeps_one_runner_that_outlives_errors_and_transactions(
    history: History,
) -> None:
    with history.engine.connect() as connection:
        run = runner(connection)
        with pytest.raises(sa.exc.OperationalError):
            run("SELECT nothing FROM nowhere", {})
        assert runner(connection) is run
        run("BEGIN", {})
        assert run("SELECT :as_of + 1", {"as_of": 1}) == [(2,)]
        run("ROLLBACK", {})
        connection.invalidate()
    with history.engine.connect() as connection:
        assert runner(connection) is not run
        assert runner(connection)("SELECT 1", {}) == [(1,)]


@pytest.mark.parametrize("number", [1, 2, 5, 8, 19])
def test_each_item_gets_its_own_rows(history: History, number: int) -> None:
    squares = BatchedLookup(
        "SELECT {i} AS arm, :as_of + :nth_{i} * :nth_{i} WHERE :nth_{i} IS NOT NULL"
    )
    with history.read() as connection:
        found = squares(runner(connection), [{"nth": n} for n in range(number)], {"as_of": 100})
    assert found == [[(100 + n * n,)] for n in range(number)]


def test_inserts_sent_together_are_counted_each(history: History) -> None:
    with history.engine.connect() as connection:
        assert inserted_together(connection) == ([2, 1, 1, 0], [[(7,)], []])


def test_of_inserts_sent_together_an_error_is_the_stores(history: History) -> None:
    with history.engine.connect() as connection, pytest.raises(sa.exc.OperationalError):
        insert_together(connection, [("INSERT INTO nowhere VALUES (?)", [(1,)])], [])
