"""Commands that read facts in bulk read them from a standby of PostgreSQL's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from risk.cases.figures.overview import overview
from risk.history.backup import back_up
from risk.history.store import History
from tests.bench.chaos.postgres import Cluster, cluster
from tests.rendering import fill
from tests.worlds import Shape, seeded, stored
from training.facts.snapshot import stored_facts

pytestmark = pytest.mark.engines
SECRET = "a secret for histories in tests"


@pytest.fixture
def primary() -> Iterator[Cluster]:
    with cluster() as made:
        if made is None:
            pytest.skip("PostgreSQL is not installed")
        yield made


@pytest.fixture
def standby(primary: Cluster) -> Iterator[Cluster]:
    with primary.standby() as made:
        yield made


def test_facts_are_read_from_a_standby_that_follows(primary: Cluster, standby: Cluster) -> None:
    history = History.open(primary.url, SECRET, standby.url)
    facts = stored(seeded(0, Shape(facts=300, customers=12)))
    fill(history, facts, 0)
    read = stored_facts(history.bulk_engine())
    assert history.bulk_engine().url.query["host"] == str(standby.folder)
    assert read["orders"].num_rows == len(facts["orders"]) > 0
    with history.bulk_engine().connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one()
    with history.read_for_report() as connection:
        assert connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one()
    assert overview(history).requests == 0
    history.close()


def test_a_dump_is_restored_as_the_same_store(primary: Cluster) -> None:
    history = History.open(primary.url, SECRET)
    facts = stored(seeded(0, Shape(facts=300, customers=12)))
    fill(history, facts, 0)
    before = stored_facts(history.engine)
    with pytest.raises(ValueError, match="pg_dump"):
        back_up(history.engine, primary.folder / "copy.db")
    history.close()
    dump = primary.folder / "dump"
    primary.run("pg_dump", "--format=custom", f"--file={dump}", "postgres")
    primary.run("createdb", "again")
    primary.run("pg_restore", "--dbname=again", "--exit-on-error", str(dump))
    again = sa.make_url(primary.url).set(database="again")
    restored = History.open(again.render_as_string(hide_password=False), SECRET)
    after = stored_facts(restored.engine)
    assert after.keys() == before.keys()
    assert all(after[kind].equals(before[kind]) for kind in before)
    with restored.write() as write:
        assert write.commit_no > 1
    restored.close()
