"""The engine against the slow obvious truth, bit for bit, on random histories."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from rendering import (
    by_duckdb,
    by_naive,
    by_point,
    by_store_set,
    differences,
    empty,
    fill,
    open_store,
)
from worlds import HOUR, Chooser, Shape, questions, seeded, stored

from risk.features.catalog import catalogue
from risk.history.store import History

SHAPES = (
    Shape(facts=600, customers=12, steps=40),
    Shape(facts=1_500, customers=60, step=HOUR, steps=4_000),
    Shape(facts=3_000, customers=25, steps=800),
)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    """One store for every example of this file."""
    with open_store(tmp_path_factory.mktemp("store")) as history:
        yield history


@pytest.mark.parametrize("seed", range(len(SHAPES)))
def test_every_rendering_tells_the_naive_truth(seed: int, many: History) -> None:
    facts = stored(seeded(seed, SHAPES[seed]))
    asked = questions(facts, Chooser(random.Random(seed).randrange), 40)
    truth = by_naive(facts, asked, catalogue())
    assert differences(truth, by_duckdb(facts, asked, catalogue()), catalogue(), asked) == []
    fill(empty(many), facts, seed)
    point = by_point(many, asked, catalogue())
    assert differences(truth, point, catalogue(), asked) == []
    every = by_store_set(many, asked, catalogue())
    assert differences(truth, every, catalogue(), asked) == []
