"""Point in time by mutation: what becomes known later never moves a row.

Facts, corrections and retractions known after the moment are taken away and added; no feature of
the catalogue may notice, by the slow obvious truth, for many cases at once and one by one.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.features.catalog import catalogue
from risk.history.store import History
from tests.late_changes import (
    Change,
    asked_at,
    restated,
    with_late,
    without_late,
    without_withdrawn_retractions,
)
from tests.naive_revisions import Facts
from tests.property_examples import examples
from tests.rendering import (
    Floats,
    by_duckdb,
    by_naive,
    by_point,
    differences,
    empty,
    fill,
)
from tests.worlds import HOUR, START, Asked, Chooser, Shape, World, histories, seeded, stored

SHAPE = Shape(facts=600, customers=10, steps=60, revised=2)
MOMENT = START + 30 * SHAPE.step


def assert_same(store: History, before: Facts, after: Facts, asked: list[Asked]) -> None:
    truth = by_naive(before, asked, catalogue())
    for rows in (by_duckdb(after, asked, catalogue()), _by_point(store, after, asked)):
        assert differences(truth, rows, catalogue(), asked) == []


def _by_point(store: History, facts: Facts, asked: list[Asked]) -> Floats:
    fill(empty(store), facts)
    return by_point(store, asked, catalogue())


@pytest.mark.parametrize(("seed", "change"), [(1, without_late), (2, with_late)])
def test_what_is_known_later_moves_no_row(store: History, seed: int, change: Change) -> None:
    facts = stored(seeded(seed, SHAPE))
    dice = Chooser(random.Random(seed).randrange)
    changed = change(facts, MOMENT, dice)
    moved = sum(len(rows) for rows in changed.values()) - sum(len(rows) for rows in facts.values())
    assert abs(moved) > 100
    asked = dice_sample(asked_at(facts, MOMENT), seed)
    assert len(asked) == 12
    assert_same(store, facts, changed, asked)


def dice_sample(asked: list[Asked], seed: int) -> list[Asked]:
    return random.Random(seed).sample(asked, min(12, len(asked)))


def test_what_is_known_before_does_move_rows() -> None:
    """Or the test above would pass on an engine that sees no corrections."""
    facts = stored(seeded(1, SHAPE))
    asked = dice_sample(asked_at(facts, MOMENT), 1)
    changed = with_late(facts, MOMENT - HOUR, Chooser(random.Random(1).randrange))
    asked = [one for one in asked if one in asked_at(changed, MOMENT)]
    before, after = (by_duckdb(some, asked, catalogue()) for some in (facts, changed))
    assert differences(before, after, catalogue(), asked)


@examples(10)
@given(histories(60, revised=2), st.data())
def test_no_small_history_is_moved_by_what_is_known_later(
    store: History, world: World, data: st.DataObject
) -> None:
    facts = without_withdrawn_retractions(stored(world))
    dice = Chooser(lambda n: data.draw(st.integers(0, n - 1)))
    moments = sorted({row["known_at"] for rows in facts.values() for row in rows})
    moment = dice.pick(moments)
    asked = asked_at(facts, moment)[:12]
    if asked:
        for change in (without_late, with_late):
            assert_same(store, facts, change(facts, moment, dice), asked)


def test_a_correction_moves_no_old_request_into_todays_windows(store: History) -> None:
    """Whatever was known an hour ago is stated again: every window holds what it held before."""
    facts = stored(seeded(3, SHAPE))
    again = restated(facts, MOMENT - HOUR)
    assert len(again["refunds"]) > len(facts["refunds"]) + 20
    asked = dice_sample(asked_at(facts, MOMENT), 3)
    assert_same(store, facts, again, asked)
