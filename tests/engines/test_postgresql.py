"""The store on PostgreSQL: the same rows, the same decisions, one writer after another."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator

import pytest

from risk.decisions.case_rows import MOMENTS
from risk.features.catalog import catalogue
from risk.history.derived.derive import derive_whole
from risk.history.facts.arrow_export import fact_tables
from risk.history.store import History
from tests.late_changes import Change, asked_at, with_late, without_late
from tests.money_worlds import money_history
from tests.naive_moments import naive_moments
from tests.naive_money import money_of
from tests.rendering import (
    by_naive,
    by_point,
    by_store_set,
    differences,
    empty,
    fill,
    money_by_point,
    money_by_store_set,
    tables,
    visible_questions,
)
from tests.worlds import START, Chooser, Shape, seeded, stored

pytestmark = pytest.mark.engines
SECRET = "a secret for histories in tests"


@pytest.fixture(scope="module")
def store(postgresql_url: str) -> Iterator[History]:
    history = History.open(postgresql_url, SECRET)
    yield history
    history.close()


@pytest.mark.parametrize(
    ("seed", "shape"),
    [
        (0, Shape(facts=600, customers=12, steps=40)),
        (2, Shape(facts=5_000, customers=8)),
        (4, Shape(facts=600, customers=12, steps=40, revised=3)),
        (5, Shape(facts=1_500, customers=8, revised=4)),
    ],
)
def test_point_and_set_renderings_tell_the_naive_truth(
    seed: int, shape: Shape, store: History
) -> None:
    facts = stored(seeded(seed, shape))
    asked = visible_questions(facts, Chooser(random.Random(seed).randrange), 24)
    truth = by_naive(facts, asked, catalogue())
    fill(empty(store), facts, seed)
    assert differences(truth, by_point(store, asked, catalogue()), catalogue(), asked) == []
    every = by_store_set(store, asked, catalogue())
    assert differences(truth, every, catalogue(), asked) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_money_is_the_naive_money(seed: int, store: History) -> None:
    chooser = Chooser(random.Random(seed).randrange)
    facts = stored(money_history(chooser, 160, (6, 200)[seed % 2]))
    asked = visible_questions(facts, chooser, 120)
    truth = [money_of(facts, refund, as_of) for refund, as_of, _ in asked]
    assert sum(one.granted_before > 0 for one in truth) > 10
    fill(empty(store), facts, seed)
    assert money_by_point(store, asked) == truth
    assert money_by_store_set(store, asked) == truth


@pytest.mark.parametrize("change", [without_late, with_late])
def test_what_is_known_later_moves_no_row(store: History, change: Change) -> None:
    shape = Shape(facts=600, customers=10, steps=60, revised=2)
    facts, moment = stored(seeded(6, shape)), START + 30 * shape.step
    asked = asked_at(facts, moment)[:24]
    fill(empty(store), facts)
    before = by_store_set(store, asked, catalogue())
    fill(empty(store), change(facts, moment, Chooser(random.Random(6).randrange)))
    assert differences(before, by_point(store, asked, catalogue()), catalogue(), asked) == []
    every = by_store_set(store, asked, catalogue())
    assert differences(before, every, catalogue(), asked) == []


def test_the_moments_are_the_same_as_by_hand(store: History) -> None:
    facts = stored(seeded(5, Shape(facts=600, customers=12, steps=40)))
    fill(empty(store), facts)
    with store.read() as connection:
        found = sorted(tuple(row) for row in connection.exec_driver_sql(MOMENTS))
    assert found == naive_moments(facts)
    assert {stage for _, _, stage in found} == {"request", "evidence", "return", "inspection"}


def test_facts_come_out_in_bulk_as_they_went_in(store: History) -> None:
    facts = stored(seeded(3, Shape(facts=300)))
    fill(empty(store), facts)
    given, found = tables(facts), fact_tables(store.engine)
    for kind, table in given.items():
        assert found[kind].sort_by("fact_key").equals(table.sort_by("fact_key")), kind


def test_writers_take_turns_and_the_clock_never_steps_back(store: History) -> None:
    seen: list[tuple[int, int]] = []

    def write() -> None:
        for _ in range(5):
            with store.write() as one:
                seen.append((one.commit_no, one.at))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 20
    assert seen == sorted(seen)
    assert len({at for _, at in seen}) == 20


def _fail_while_writing(store: History) -> None:
    with store.write() as write:
        write.connection.exec_driver_sql("DELETE FROM orders")
        raise ZeroDivisionError


def test_a_write_that_fails_leaves_nothing_and_lets_the_next_one_in(store: History) -> None:
    facts = stored(seeded(4, Shape(facts=40)))
    fill(empty(store), facts)
    before = fact_tables(store.engine)["orders"].num_rows
    with pytest.raises(ZeroDivisionError):
        _fail_while_writing(store)
    assert fact_tables(store.engine)["orders"].num_rows == before > 0
    fill(store, {"orders": facts["orders"][:1]})
    assert fact_tables(store.engine)["orders"].num_rows == before


def test_a_reader_sees_one_state_while_others_write(store: History) -> None:
    facts = stored(seeded(6, Shape(facts=100)))
    orders = facts["orders"]
    fill(empty(store), {"orders": orders[:10]})
    count = "SELECT COUNT(*) FROM orders"
    with store.read() as connection:
        first = connection.exec_driver_sql(count).scalar()
        fill(store, {"orders": orders[10:]})
        assert connection.exec_driver_sql(count).scalar() == first == 10
    with store.read() as connection:
        assert connection.exec_driver_sql(count).scalar() == len(orders)


def test_findings_derived_again_as_a_whole_are_the_same(store: History) -> None:
    """What a migration does to the findings of an earlier release."""
    fill(empty(store), stored(seeded(7, Shape(facts=300))))
    query = "SELECT * FROM findings ORDER BY refund_id, known_at, authority, valid_to"
    with store.read() as connection:
        derived = connection.exec_driver_sql(query).all()
    assert derived
    with store.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE findings SET label = 1 - label")
        derive_whole(connection, {"findings"})
        assert connection.exec_driver_sql(query).all() == derived
