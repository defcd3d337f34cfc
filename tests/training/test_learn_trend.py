"""A trend is carried on as far as it is sure, and never taken for less than none."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from risk.facts.units import DAY_MS
from training.learn.trend import projected_growth

YEAR = np.linspace(0, 360 * DAY_MS, 40_000).astype(np.int64)


def drawn(shares: np.ndarray, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random(len(shares)) < shares


def test_a_steady_rise_is_carried_on_to_the_end_of_the_next_quarter() -> None:
    rising = drawn(np.linspace(0.04, 0.12, len(YEAR)))
    # a mean of .08, and .12 + .08 * 90 / 360 = .14 a quarter later
    assert projected_growth(YEAR, rising) == pytest.approx(0.14 / 0.08, abs=0.06)
    assert projected_growth(YEAR, rising, ahead=0) == pytest.approx(0.12 / 0.08, abs=0.06)


def test_what_falls_or_stays_does_not_grow() -> None:
    assert projected_growth(YEAR, drawn(np.linspace(0.12, 0.04, len(YEAR)))) == 1.0
    level = [projected_growth(YEAR, drawn(np.full(len(YEAR), 0.08), seed)) for seed in range(20)]
    assert np.mean(level) < 1.03


def test_few_requests_prove_no_trend() -> None:
    few = slice(None, None, 100)
    told = [projected_growth(YEAR[few], drawn(np.full(400, 0.08), seed)) for seed in range(100)]
    plain = [1 + max(0.0, ratio(YEAR[few], drawn(np.full(400, 0.08), seed))) for seed in range(100)]
    assert np.median(told) == 1.0
    assert np.mean(told) < np.mean(plain)


def ratio(at: np.ndarray, above: np.ndarray) -> float:
    """The same by numpy's own line, unshrunk."""
    slope, level = np.polyfit(at / DAY_MS, above.astype(float), 1)
    return float((slope * 450 + level) / above.mean() - 1)


@given(st.lists(st.tuples(st.integers(0, 10**12), st.booleans()), min_size=1, max_size=50))
def test_it_is_a_number_of_at_least_one(requests: list[tuple[int, bool]]) -> None:
    at, above = (np.array(column) for column in zip(*requests, strict=True))
    assert 1.0 <= projected_growth(at, above) < np.inf
