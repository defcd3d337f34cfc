"""The engine against the slow obvious truth where facts are corrected and taken back."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.features.catalog import catalogue
from risk.history.store import History
from tests.naive_revisions import Facts
from tests.property_examples import examples
from tests.rendering import (
    by_duckdb,
    by_naive,
    by_point,
    by_store_set,
    differences,
    empty,
    fill,
    visible_questions,
)
from tests.worlds import HOUR, Asked, Chooser, Shape, World, histories, seeded, stored

SHAPES = (
    Shape(facts=600, customers=12, steps=40, revised=3),
    Shape(facts=1_500, customers=60, step=HOUR, steps=4_000, revised=6),
    Shape(facts=3_000, customers=8, steps=800, revised=4),
)


def assert_equal(history: History, facts: Facts, asked: Sequence[Asked], seed: int) -> None:
    truth = by_naive(facts, asked, catalogue())
    duck = by_duckdb(facts, asked, catalogue())
    assert differences(truth, duck, catalogue(), asked) == []
    fill(empty(history), facts, seed)
    point = by_point(history, asked, catalogue())
    assert differences(truth, point, catalogue(), asked) == []
    every = by_store_set(history, asked, catalogue())
    assert differences(truth, every, catalogue(), asked) == []


@pytest.mark.parametrize("seed", range(len(SHAPES)))
def test_every_rendering_tells_the_naive_truth(seed: int, store: History) -> None:
    facts = stored(seeded(seed, SHAPES[seed]))
    asked = visible_questions(facts, Chooser(random.Random(seed).randrange), 24)
    assert len(asked) > 8
    assert_equal(store, facts, asked, seed)


@examples(8)
@given(histories(60, revised=2), st.data())
def test_every_small_history_is_read_alike(
    store: History, world: World, data: st.DataObject
) -> None:
    facts = stored(world)
    below = Chooser(lambda n: data.draw(st.integers(0, n - 1)))
    asked = visible_questions(facts, below, 12)
    if asked:
        assert_equal(store, facts, asked, seed=0)
