"""What counts as a surge."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from risk.cases.figures.surges import poisson_tail, surges, whole_market
from tests.case_rows import DAY, NOW

WEEK = 7 * DAY


def asked(name: str, recent: int, before: int) -> list[tuple[int, str, None, None, None]]:
    """Requests about a category: `recent` this week, `before` in all four weeks before."""
    late = [(NOW - 3 * DAY, name, None, None, None)] * recent
    early = [(NOW - (1 + n % 4) * WEEK - DAY, name, None, None, None) for n in range(before)]
    return late + early


@given(st.integers(0, 60), st.floats(0.01, 80))
def test_the_tail_is_poissons(count: int, mean: float) -> None:
    assert math.isclose(poisson_tail(count, mean), stats.poisson.sf(count - 1, mean), abs_tol=1e-9)


def test_a_defective_batch_shows_itself() -> None:
    rows = [r for n in range(40) for r in asked(f"quiet {n}", 5, 20)] + asked("batch", 25, 16)
    found = surges(rows, NOW)["category"]
    assert found[0].name == "batch"
    assert [surge.name for surge in found if surge.marked] == ["batch"]
    assert (found[0].recent, found[0].before) == (25, 4.0)
    assert found[0].weeks == (4, 4, 4, 4, 25)


def test_little_is_no_surge_and_neither_is_a_sales_day() -> None:
    few = asked("rare", 4, 0) + [r for n in range(20) for r in asked(f"quiet {n}", 5, 20)]
    assert not any(surge.marked for surge in surges(few, NOW)["category"])
    everywhere = [r for n in range(20) for r in asked(f"name {n}", 30, 40)]
    assert not any(surge.marked for surge in surges(everywhere, NOW)["category"])


def test_unknown_names_and_other_times_do_not_count() -> None:
    rows = [*asked("a", 3, 0), (NOW + DAY, "a", None, None, None), (0, "a", None, None, None)]
    found = surges([*rows, (NOW - DAY, None, "S-1", None, None)], NOW)
    assert [(surge.name, surge.recent) for surge in found["category"]] == [("a", 3)]
    assert [surge.name for surge in found["sku"]] == ["S-1"]


def test_the_whole_market_counts_each_request_once_also_without_names() -> None:
    rows = [*asked("a", 6, 4), (NOW - DAY, None, None, None, None), (0, "a", None, None, None)]
    whole = whole_market(rows, NOW)
    assert (whole.recent, whole.before, whole.weeks) == (7, 1.0, (1, 1, 1, 1, 7))
