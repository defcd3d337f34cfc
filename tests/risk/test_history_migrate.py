"""The tables of a store: brought up, taken down, brought up again, and what the code expects."""

from __future__ import annotations

import importlib
import multiprocessing
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import risk.history.schema
from risk.history.connection.connect import open_engine
from risk.history.migrate import HEAD, SCRIPTS, current, migrate
from risk.history.schema import metadata
from risk.history.store import History


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    made = open_engine(f"sqlite:///{tmp_path}/store.db")
    yield made
    made.dispose()


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def test_migrated_tables_are_those_of_the_code(engine: sa.Engine) -> None:
    for module in pkgutil.iter_modules(risk.history.schema.__path__):
        importlib.import_module(f"risk.history.schema.{module.name}")
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert tables(engine) == set(metadata.tables)


def test_the_head_is_the_last_script() -> None:
    names = sorted(path.stem for path in (SCRIPTS / "versions").glob("[0-9]*.py"))
    assert names[-1].startswith(f"{HEAD}_")


def test_up_down_and_up_again(engine: sa.Engine) -> None:
    assert current(engine) is None
    migrate(engine)
    up = tables(engine)
    assert current(engine) == HEAD
    migrate(engine, "base")
    assert tables(engine) == set()
    migrate(engine)
    assert tables(engine) == up
    assert current(engine) == HEAD


def test_every_step_down_is_a_step_up_again(engine: sa.Engine) -> None:
    steps = sorted(path.stem[:4] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))
    seen = []
    for step in steps:
        migrate(engine, step)
        seen.append(tables(engine))
        assert current(engine) == step
    for step, held in reversed(list(zip(steps, seen, strict=True))):
        migrate(engine, step)
        assert tables(engine) == held


def test_migrating_again_keeps_what_is_stored(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    history = History.open(url, "a secret for tests only")
    with history.write() as write:
        kept = write.commit_no
    history.close()
    again = History.open(url, "a secret for tests only")
    with again.read() as connection:
        numbers = connection.execute(sa.text("SELECT commit_no FROM commits")).scalars().all()
    again.close()
    assert kept in numbers


def test_a_store_that_a_later_release_has_widened_is_left_as_it_is(engine: sa.Engine) -> None:
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    before = tables(engine)
    migrate(engine)
    assert current(engine) == "9999"
    assert tables(engine) == before


def test_a_migration_that_fails_leaves_the_store_as_it_was(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE vault (of_somebody_else TEXT)"))
    with pytest.raises(sa.exc.OperationalError, match="vault"):
        migrate(engine)
    assert tables(engine) == {"vault"}
    assert current(engine) is None


def _open(url: str) -> bytes:
    history = History.open(url, "a secret for tests only")
    history.close()
    return history.audit_key


def test_many_that_open_a_new_store_at_once_open_one_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    with multiprocessing.get_context("fork").Pool(4) as pool:
        keys = pool.map(_open, [url] * 4, chunksize=1)
    assert len(set(keys)) == 1
