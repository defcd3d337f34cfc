"""When each revision of a fact counts, against the contract's words over plain rows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.facts.revisions import FOREVER, Interval, Retraction, Revision, intervals
from risk.history.facts.fact_columns import revision_key
from tests.naive_revisions import seen

MOMENTS = st.integers(1, 9)
REVISIONS = st.lists(
    st.tuples(st.integers(1, 6), MOMENTS), min_size=1, max_size=4, unique_by=lambda one: one[0]
)
RETRACTIONS = st.lists(
    st.tuples(MOMENTS, MOMENTS, st.none() | st.integers(1, 6)), max_size=3,
    unique_by=lambda one: one[:2],
)  # fmt: skip


def facts(revisions: list[tuple[int, int]], back: list[Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        "orders": [{"fact_key": 5, "revision": n, "known_at": at} for n, at in revisions],
        "retractions": [
            {"kind": "orders", "target": 5, "known_at": at, "retracted_at": when, "revision": up_to}
            for at, when, up_to in back
        ],
    }


@given(REVISIONS, RETRACTIONS)
def test_at_every_moment_the_revision_counts_that_the_contract_names(
    revisions: list[tuple[int, int]], back: list[Any]
) -> None:
    world = facts(revisions, back)
    spans = intervals([Revision(*one) for one in revisions], [Retraction(*one) for one in back])
    first = min(number for number, _ in revisions)
    keys = [5 if n == first else revision_key(5, n) for n, _ in revisions]
    for at in range(11):
        by_all = [k for k, s in zip(keys, spans, strict=True)
                  if s.known_at < at and s.valid_from < at <= s.valid_to]  # fmt: skip
        by_own = [k for k, s in zip(keys, spans, strict=True) if s.valid_from <= at < s.valid_to]
        assert by_all == [row["fact_key"] for row in seen(world, "orders", at)]
        always = seen(world, "orders", at, own=True, always=True)
        assert by_own == [row["fact_key"] for row in always]


@given(REVISIONS, RETRACTIONS, st.randoms())
def test_the_order_in_which_they_come_makes_no_difference(
    revisions: list[tuple[int, int]], back: list[Any], dice: Any
) -> None:
    once = dict(zip(revisions, intervals([Revision(*r) for r in revisions],
                                         [Retraction(*b) for b in back]), strict=True))  # fmt: skip
    dice.shuffle(revisions)
    dice.shuffle(back)
    again = intervals([Revision(*r) for r in revisions], [Retraction(*b) for b in back])
    assert dict(zip(revisions, again, strict=True)) == once


@pytest.mark.parametrize(
    ("back", "ends"),
    [
        ([], [30, FOREVER]),
        ([Retraction(40, 40)], [30, 40]),
        ([Retraction(20, 20)], [20, 20]),
        ([Retraction(20, 20, 1)], [20, FOREVER]),
        ([Retraction(40, 40, 1)], [30, FOREVER]),
        ([Retraction(20, 20), Retraction(25, 25, 1)], [20, FOREVER]),
        ([Retraction(20, 20), Retraction(35, 35, 1)], [20, 20]),
        ([Retraction(5, 5), Retraction(8, 8)], [5, 5]),
        ([Retraction(5, 5), Retraction(8, 8, 0)], [30, FOREVER]),
        ([Retraction(5, 5, 0), Retraction(8, 8)], [8, 8]),
    ],
)
def test_a_retraction_ends_the_revisions_it_covers(back: list[Retraction], ends: list[int]) -> None:
    spans = intervals([Revision(1, 10), Revision(2, 30)], back)
    assert [span.valid_to for span in spans] == ends


def test_a_revision_is_known_no_earlier_than_those_below_it() -> None:
    spans = intervals([Revision(1, 30), Revision(2, 10)])
    assert spans == [Interval(30, 0, 30), Interval(30, 30, FOREVER)]
