"""Forgetting somebody changes no count: every case reads as before, on random histories."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
import sqlalchemy as sa

from risk.features import word_weights
from risk.features.catalog import catalogue
from risk.features.derived import STREAMS
from risk.features.word_weights import FEATURE
from risk.history.derived.derive import refresh
from risk.history.schema import DERIVED, FACTS
from risk.history.store import History
from risk.privacy import forget, is_tombstone
from tests.rendering import by_point, empty, fill, requests_in
from tests.worlds import Asked, Shape, World, questions, seeded, stored
from tests.worlds import Chooser as Choosing

FEATURES = tuple(one for one in catalogue() if not one.retired and one.name != FEATURE)
"""All that new models learn from, but what a text says: that goes with the person."""
FEATURES = tuple(f for f in catalogue() if not f.retired and f.name != word_weights.FEATURE)
"""All but what is learned of texts: the words of forgotten people are deleted with them."""


def asked_of(facts: World, seed: int) -> list[Asked]:
    asked = questions(facts, Choosing(random.Random(seed).randrange), 40)
    return list(dict.fromkeys(asked))


def busiest(facts: World, nth: int) -> str:
    ranked = Counter(row["customer_id"] for row in facts["orders"]).most_common()
    return str(ranked[nth][0])


@pytest.mark.parametrize("seed", range(4))
def test_every_case_reads_as_before(store: History, seed: int) -> None:
    facts = stored(seeded(seed, Shape(facts=600, customers=25)))
    fill(empty(store), facts, seed)
    asked = asked_of(facts, seed)
    before = by_point(store, asked, FEATURES)
    names = requests_in(store)
    for nth in (0, 3, 9):
        forget(store, busiest(facts, nth), settle_s=0)
    now = dict(zip(names, requests_in(store), strict=True))
    assert sum(is_tombstone(name) for name in now.values()) > 5
    after = by_point(store, [(now[refund], at, stage) for refund, at, stage in asked], FEATURES)
    differing = [f.name for i, f in enumerate(FEATURES)
                 if not np.array_equal(before[:, i], after[:, i], equal_nan=True)]  # fmt: skip
    assert differing == []


def derived(history: History) -> dict[str, list[tuple[object, ...]]]:
    with history.read() as connection:
        return {
            stream: sorted(
                (
                    tuple(row)
                    for row in connection.exec_driver_sql(
                        f"SELECT {', '.join(c.name for c in DERIVED[stream].columns)} FROM {stream}"
                    )
                ),
                key=repr,
            )
            for stream in STREAMS
        }


def test_joined_rows_are_those_of_the_facts_that_are_left(store: History) -> None:
    facts = stored(seeded(11, Shape(facts=400, customers=15)))
    fill(empty(store), facts)
    somebody = busiest(facts, 1)
    forget(store, somebody, settle_s=0)
    kept = derived(store)
    with store.write() as write:
        for stream in STREAMS:
            write.connection.execute(DERIVED[stream].delete())
            write.touched[stream] = {
                order
                for kind in ("orders", "refunds")
                for order in write.connection.execute(
                    sa.select(FACTS[kind].c.order_id).distinct()
                ).scalars()
            }
        refresh(write)
    assert derived(store) == kept
    names = {row[DERIVED["sightings"].columns.keys().index("customer_id")]
             for row in kept["sightings"]}  # fmt: skip
    assert somebody not in names
    assert sum(is_tombstone(str(name)) for name in names) == 1
