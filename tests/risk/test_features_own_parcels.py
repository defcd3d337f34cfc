"""Parcels of another line of the order are not counted for or against a request for one line."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.features.catalog import catalogue
from risk.features.spec import Feature
from risk.history.store import History
from tests.naive import own_request
from tests.rendering import by_duckdb, by_naive, by_point, differences, empty, fill
from tests.worlds import Asked, Chooser, Shape, World, histories, questions, seeded, stored

KNOWN = {feature.name: feature for feature in catalogue()}
OWN = [one for one in catalogue() if one.name.startswith("own_")]
EVERY = [KNOWN[one.name.removeprefix("own_")] for one in OWN]
"""The entries that count parcels of the request alone, and those that count all of its order."""


def without_other_lines(facts: World, asked: Asked) -> World:
    """The facts without the parcels of the asked order that name another line than the request."""
    request = own_request(facts, asked[0], asked[1])
    assert request is not None
    kept = [
        parcel
        for parcel in facts["shipments"]
        if parcel["order_id"] != request["order_id"]
        or None in (request["line_id"], parcel["line_id"])
        or parcel["line_id"] == request["line_id"]
    ]
    return {**facts, "shipments": kept}


def told_alike(facts: World, asked: list[Asked], history: History) -> int:
    """How many values over all parcels are others than the same over the request's own."""
    fill(empty(history), facts)
    own, every = (by_point(history, asked, some) for some in (OWN, EVERY))
    renderings = (own, by_duckdb(facts, asked, OWN), by_naive(facts, asked, OWN))
    for place, one in enumerate(asked):
        left = without_other_lines(facts, one)
        truth = by_naive(left, [one], EVERY)
        for found in renderings:
            assert differences(truth, found[[place]], OWN, [one]) == []
    return len(differences(own, every, OWN, asked))


@settings(max_examples=5, deadline=None)
@given(histories(80), st.data())
def test_they_are_what_is_counted_where_no_other_line_has_a_parcel(
    store: History, world: World, data: st.DataObject
) -> None:
    facts = stored(world)
    below = Chooser(lambda n: data.draw(st.integers(0, n - 1)))
    asked = [one for one in questions(facts, below, 8) if own_request(facts, one[0], one[1])]
    if asked:
        told_alike(facts, asked, store)


def test_orders_of_several_lines_and_parcels_tell_them_apart(store: History) -> None:
    facts = stored(seeded(3, Shape(facts=1_200, customers=12, steps=40)))
    end = max(parcel["known_at"] for parcel in facts["shipments"])
    asked = [(r["refund_id"], end, "request") for r in facts["refunds"] if r["known_at"] <= end]
    assert told_alike(facts, random.Random(3).sample(asked, 60), store) > 5


@pytest.mark.parametrize("own", OWN, ids=[one.name for one in OWN])
def test_each_takes_the_place_of_one_that_earlier_models_read(own: Feature) -> None:
    every = KNOWN[own.name.removeprefix("own_")]
    assert every.retired
    assert any(one.story == own.story and not one.retired for one in catalogue())
    same = ("family", "formula", "unit", "text", "monotone", "params", "story")
    assert [getattr(own, name) for name in same] == [getattr(every, name) for name in same]
    assert own.hash != every.hash
