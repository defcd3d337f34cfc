"""The money of a request: SQLite and DuckDB against the naive reference, on random histories."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.history.store import History
from tests.money_worlds import money_histories, money_history
from tests.naive_money import money_of
from tests.naive_revisions import Facts
from tests.property_examples import examples
from tests.rendering import (
    empty,
    fill,
    money_by_duckdb,
    money_by_point,
    money_by_store_set,
    visible_questions,
)
from tests.worlds import Asked, Chooser, World, stored

SEEDS = tuple(range(4))


def assert_equal(history: History, facts: Facts, asked: Sequence[Asked], seed: int = 0) -> None:
    truth = [money_of(facts, refund, as_of) for refund, as_of, _ in asked]
    assert money_by_duckdb(facts, asked) == truth
    fill(empty(history), facts, seed)
    assert money_by_point(history, asked) == truth
    assert money_by_store_set(history, asked) == truth


def a_history(seed: int) -> tuple[Facts, list[Asked]]:
    chooser = Chooser(random.Random(seed).randrange)
    facts = stored(money_history(chooser, 160, (6, 200)[seed % 2], revised=4 * (seed > 0)))
    return facts, visible_questions(facts, chooser, 120)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_engine_gives_the_naive_money(seed: int, store: History) -> None:
    facts, asked = a_history(seed)
    assert len(asked) > 40
    assert_equal(store, facts, asked, seed)


@examples(25)
@given(money_histories(), st.data())
def test_every_small_history_has_one_money(
    store: History, world: World, data: st.DataObject
) -> None:
    facts = stored(world)
    below = Chooser(lambda n: data.draw(st.integers(0, n - 1)))
    asked = visible_questions(facts, below, 20)
    if asked:
        assert_equal(store, facts, asked)


def test_the_random_histories_use_money_up() -> None:
    """Otherwise the tests above prove little."""
    found = [money_of(facts, refund, at)
             for facts, asked in map(a_history, SEEDS) for refund, at, _ in asked]  # fmt: skip
    assert sum(one.paid is None for one in found) > 20
    assert sum(one.asked_before > 0 for one in found) > 100
    assert sum(one.granted_before > 0 for one in found) > 100
    assert sum(one.granted_before % 100 > 0 for one in found) > 5
    assert sum(one.asked == 0 for one in found) > 20
    assert {one.currency for one in found} == {"CNY", "USD"}
