"""The facts shown behind a value are the facts that made it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from risk.features.catalog import catalogue
from risk.features.source_columns import HIDDEN
from risk.history.reading.provenance import provenance_of, value_of
from risk.history.store import History
from tests.rendering import empty, fill
from tests.worlds import Chooser, Shape, questions, seeded, stored

SHAPE = Shape(facts=900, customers=10, steps=60)


@pytest.fixture(scope="module")
def store(store: History) -> History:
    """The same with a world in it."""
    fill(empty(store), stored(seeded(11, SHAPE)))
    return store


def test_every_value_is_made_of_the_facts_shown(store: History) -> None:
    facts = stored(seeded(11, SHAPE))
    counted = 0
    with store.read() as connection:
        for refund, as_of, _ in questions(facts, Chooser(random.Random(11).randrange), 6):
            spine = store.reader.spine(connection, refund, as_of)
            assert spine is not None
            vector = store.reader.vector(connection, spine)
            for feature, value in zip(catalogue(), vector.tolist(), strict=True):
                told = provenance_of(connection, spine, feature)
                assert np.array_equal(value_of(feature, told), value, equal_nan=True), feature.name
                for one in told:
                    if one.measure.aggregate == "count" and one.measure.group != "ring":
                        assert len(one.facts) == one.value
                        counted += len(one.facts)
                    assert not any(HIDDEN & fact.keys() for fact in one.facts)
                    assert all(fact["known_at"] <= as_of for fact in one.facts) or (
                        one.measure.group == "lines@order"
                    )
    assert counted > 1_000


def test_the_members_of_a_ring_are_shown(store: History) -> None:
    ring = next(f for f in catalogue() if f.name == "ring_customers")
    facts = stored(seeded(11, SHAPE))
    sizes = []
    with store.read() as connection:
        for refund, as_of, _ in questions(facts, Chooser(random.Random(1).randrange), 12):
            spine = store.reader.spine(connection, refund, as_of)
            assert spine is not None
            told = provenance_of(connection, spine, ring)[0]
            assert len(told.facts) == told.value
            assert spine["customer_id"] not in {fact["customer_id"] for fact in told.facts}
            sizes.append(len(told.facts))
    assert max(sizes) > 0
