"""The pieces of the sweep against plain loops; the whole is compared in `test_features_engines`."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.features import ranges, scratch, sweep, sweep_entities
from risk.features.catalog import catalogue
from risk.features.compile import measures_of
from risk.features.ranges import classes, pieces, range_extremes, spread
from risk.features.spec import Measure
from risk.features.sweep_rows import TimeKey
from risk.features.sweep_terms import plan_of
from tests.rendering import by_duckdb, by_naive, differences, visible_questions
from tests.worlds import Chooser, Shape, seeded, stored

NUMBERS = st.lists(st.integers(-5, 5), min_size=1, max_size=40)
NOTHING = 99


def ranges_of(data: st.DataObject, size: int) -> tuple[np.ndarray, np.ndarray]:
    pairs = data.draw(st.lists(st.tuples(st.integers(0, size), st.integers(0, size)), max_size=12))
    ends = np.array([sorted(pair) for pair in pairs], dtype=np.int64).reshape(-1, 2)
    return ends[:, 0], ends[:, 1]


@given(NUMBERS, st.data())
def test_extremes_of_ranges(numbers: list[int], data: st.DataObject) -> None:
    values = np.array(numbers, dtype=np.int64)
    low, high = ranges_of(data, len(values))
    parts = [numbers[a:b] for a, b in zip(low, high, strict=True)]
    least = range_extremes(values, low, high, np.minimum, NOTHING)
    assert least.tolist() == [min(part, default=NOTHING) for part in parts]
    owner, place = spread(low, high)
    assert [values[place[owner == i]].tolist() for i in range(len(low))] == parts


@given(NUMBERS, st.data())
def test_pieces_hold_what_is_not_cut_out(numbers: list[int], data: st.DataObject) -> None:
    low, high = ranges_of(data, len(numbers))
    possible = st.tuples(st.integers(0, max(0, len(low) - 1)), st.integers(-1, len(numbers)))
    cuts = data.draw(st.lists(possible, max_size=12)) if len(low) else []
    cut, place = (np.array([c[k] for c in cuts], dtype=np.int64) for k in (0, 1))
    owner, start, end = pieces(low, high, cut, place)
    for i, (a, b) in enumerate(zip(low, high, strict=True)):
        mine = owner == i
        held = [p for s, e in zip(start[mine], end[mine], strict=True) for p in range(s, e)]
        assert held == [p for p in range(a, b) if (i, p) not in cuts]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-2, 2)), max_size=40), st.data())
def test_a_class_holds_the_rows_with_the_codes_of_the_ask(
    rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    for largest in (ranges.LARGEST, 1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ranges, "LARGEST", largest)
            _assert_classes(rows, data)


def _assert_classes(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    rows = sorted(rows, key=lambda row: row[0])
    probes = data.draw(st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 2)), max_size=8))
    low, high = (np.full(len(probes), edge, dtype=np.int64) for edge in (1, len(rows)))
    codes = (
        [np.array([r[k] for r in some], dtype=np.int64) for k in (0, 1)] for some in (rows, probes)
    )
    alike = classes(*codes)
    found = zip(alike.edges(low), alike.edges(np.maximum(low, high)), strict=True)
    for probe, (a, b) in zip(probes, found, strict=True):
        same = [i for i, row in enumerate(rows) if i >= 1 and row == probe and probe[1] >= 0]
        assert alike.order[a:b].tolist() == same


@given(
    st.lists(st.integers(-(2**60), 2**60), min_size=1, max_size=20), st.integers(-(2**60), 2**60)
)
def test_moments_far_apart_keep_their_order(times: list[int], moment: int) -> None:
    known_at = np.sort(np.array(times, dtype=np.int64))
    for entities in (1, 2**20):
        key = TimeKey.of(known_at, entities)
        rows = key.pack(np.zeros(len(times), dtype=np.int64), known_at)
        place = key.pack(np.zeros(1, dtype=np.int64), np.array([moment], dtype=np.int64))
        assert np.searchsorted(rows, place).tolist() == [sum(t < moment for t in times)]


def test_nearly_all_measures_over_histories_are_swept() -> None:
    left = [
        measure
        for name, measures in measures_of(catalogue()).items()
        if (plan := plan_of(name, measures)) is not None
        for measure in set(measures) - {term.measure for term in plan.terms}
    ]
    assert len(left) <= 9, left


@pytest.mark.parametrize(
    "where",
    [
        "e.type = s.type OR e.amount = 5",
        "e.amount > s.amount",
        "e.refund_id <> s.refund_id",
        "(e.amount > 5 AND e.type = s.type)",
    ],
)
def test_what_asks_for_more_is_left_to_the_join(where: str) -> None:
    measure = Measure("requests@address", "count", "1", where)
    assert plan_of("requests@address", [measure]) is None


@pytest.mark.parametrize("revised", [0, 3])
def test_parts_of_any_size_give_the_same(revised: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows at a time, and arrays on disk."""
    facts = stored(seeded(7, Shape(facts=500, customers=10, steps=40, revised=revised)))
    asked = visible_questions(facts, Chooser(random.Random(7).randrange), 20)
    monkeypatch.setattr(sweep_entities, "ROWS_AT_ONCE", 40)
    monkeypatch.setattr(sweep, "PAIRS_AT_ONCE", 15)
    monkeypatch.setattr(scratch, "IN_MEMORY", 0)
    found = by_duckdb(facts, asked, catalogue())
    assert isinstance(found, np.memmap)
    assert differences(by_naive(facts, asked, catalogue()), found, catalogue(), asked) == []
