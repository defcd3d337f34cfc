"""Many processes that open one new store, or one of an earlier release, on PostgreSQL."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.history.connection.connect import open_engine
from risk.history.migrate import HEAD, current, migrate
from risk.history.store import History

pytestmark = pytest.mark.engines
SECRET = "a secret for histories in tests"
OPENERS = 4


@pytest.fixture
def url(cluster: Path) -> Iterator[str]:
    """An empty database of its own."""
    name = "opened_at_once"
    engine = sa.create_engine(f"postgresql+psycopg://postgres@/postgres?host={cluster}")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
        yield f"postgresql+psycopg://postgres@/{name}?host={cluster}"
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def _open(url: str) -> bytes:
    history = History.open(url, SECRET)
    history.close()
    return history.audit_key


def test_many_that_open_a_store_at_once_migrate_it_once(url: str) -> None:
    with multiprocessing.get_context("fork").Pool(OPENERS) as pool:
        keys = set(pool.map(_open, [url] * OPENERS, chunksize=1))
        assert len(keys) == 1
        engine = open_engine(url)
        for _ in range(3):
            migrate(engine, "0019")
            assert set(pool.map(_open, [url] * OPENERS, chunksize=1)) == keys
            assert current(engine) == HEAD
        engine.dispose()


def test_a_migration_that_fails_leaves_the_store_as_it_was(url: str) -> None:
    engine = open_engine(url)
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE prices (of_somebody_else TEXT)"))
        connection.execute(sa.text("CREATE TABLE second_factors (of_somebody_else TEXT)"))
    with pytest.raises(sa.exc.ProgrammingError, match="second_factors"):
        migrate(engine)
    assert set(sa.inspect(engine).get_table_names()) == {"prices", "second_factors"}
    assert current(engine) is None
    engine.dispose()
