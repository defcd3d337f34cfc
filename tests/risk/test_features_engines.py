"""The engine against the slow obvious truth, bit for bit, on random histories."""

from __future__ import annotations

import random
from bisect import bisect
from collections import Counter
from collections.abc import Sequence

import duckdb
import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.features.catalog import catalogue
from risk.features.entries import Kinds
from risk.features.sources import BOUND
from risk.history.store import History
from tests.naive_revisions import Facts
from tests.rendering import (
    Floats,
    Settled,
    by_duckdb,
    by_naive,
    by_point,
    by_store_set,
    differences,
    empty,
    fill,
)
from tests.worlds import HOUR, Asked, Chooser, Shape, World, histories, questions, seeded, stored

SHAPES = (
    Shape(facts=600, customers=12, steps=40),
    Shape(facts=1_500, customers=60, step=HOUR, steps=4_000),
    Shape(facts=5_000, customers=8, steps=800),
)


def check_equal(
    history: History, facts: Facts, asked: Sequence[Asked], settled: Settled = None
) -> Floats:
    """The naive truth, which DuckDB, point look-ups and set queries on SQLite tell to the bit."""
    truth = by_naive(facts, asked, catalogue(), settled)
    for rendering in (
        by_duckdb(facts, asked, catalogue(), settled),
        by_point(history, asked, catalogue(), settled),
        by_store_set(history, asked, catalogue(), settled),
    ):
        assert differences(truth, rendering, catalogue(), asked) == []
    return truth


@pytest.mark.parametrize("seed", range(len(SHAPES)))
def test_every_rendering_tells_the_naive_truth(seed: int, store: History) -> None:
    """As of each moment, and with what many cases share read as it was settled before."""
    facts = stored(seeded(seed, SHAPES[seed]))
    chooser = Chooser(random.Random(seed).randrange)
    asked = questions(facts, chooser, 24)
    fill(empty(store), facts, seed)
    at_once = check_equal(store, facts, asked)
    moments = sorted({row["known_at"] for rows in facts.values() for row in rows})
    before = [moments[: bisect(moments, at)][-9:] or [at] for _, at, _ in asked]
    settled = [min(at, chooser.pick(some)) for some, (_, at, _) in zip(before, asked, strict=True)]
    assert differences(at_once, check_equal(store, facts, asked, settled), catalogue(), asked)


@settings(max_examples=5, deadline=None)
@given(histories(60), st.data())
def test_every_small_history_is_read_alike(
    store: History, world: World, data: st.DataObject
) -> None:
    facts = stored(world)
    below = Chooser(lambda n: data.draw(st.integers(0, n - 1)))
    asked = questions(facts, below, 12)
    fill(empty(store), facts, 0)
    check_equal(store, facts, asked)


def test_the_random_histories_are_as_awkward_as_they_promise() -> None:
    """Late facts, ties and crowds beyond the bound are in them, or the tests above prove little."""
    facts = stored(seeded(2, SHAPES[2]))
    orders = facts["orders"]
    assert sum(order["known_at"] > order["placed_at"] for order in orders) > 100
    assert max(Counter(order["known_at"] for order in orders).values()) > 1
    for thing in ("customer_id", "address", "sku"):
        assert max(Counter(order[thing] for order in orders).values()) > BOUND
    asked = questions(facts, Chooser(random.Random(2).randrange), 24)
    matrix = by_duckdb(facts, asked, catalogue())
    told = [len(np.unique(column[~np.isnan(column)])) for column in matrix.T]
    constant = [f.name for f, n in zip(catalogue(), told, strict=True) if n < 2]
    assert len(constant) < len(catalogue()) / 6, constant


@pytest.mark.parametrize("sql", ["MEDIAN_OF_MOODS(s.amount)", "s.amount *"])
def test_what_an_engine_cannot_compute_is_an_error_there(sql: str, store: History) -> None:
    """Never a silent unknown: the question fails, whichever engine it is put to."""
    odd = [Kinds("order_context").value("odd", sql, ("{value}", "{value}一"), unit="count")]
    facts = stored(seeded(2, Shape(facts=40)))
    asked = questions(facts, Chooser(random.Random(2).randrange), 2)
    with pytest.raises(duckdb.Error):
        by_duckdb(facts, asked, odd)
    fill(empty(store), facts)
    with pytest.raises(sa.exc.DBAPIError):
        by_point(store, asked, odd)
    with pytest.raises(sa.exc.DBAPIError):
        by_store_set(store, asked, odd)
