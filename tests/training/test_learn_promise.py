"""The promise to honest customers: exact where it can be, and kept where it is put to the test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from training.learn.promise import (
    NO_THRESHOLD,
    WEEK_MS,
    Promise,
    clopper_pearson_upper,
    cluster_effective_size,
    fixed_sequence_test,
)


def peaks(count: int, seed: int, customers: int | None = None) -> pd.DataFrame:
    """Honest requests whose peak is uniform, so that a bar at b bothers a share of 1 - b."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "peak": rng.random(count),
            "weight": np.ones(count),
            "customer_id": rng.integers(0, customers or 10 * count, count).astype(str),
            "requested_at": rng.integers(0, 30 * WEEK_MS, count),
        }
    )


def promised(frame: pd.DataFrame, drift: float = 0.0) -> Promise:
    return fixed_sequence_test(frame, 0.05, drift_margin=drift)


@given(hits=st.integers(0, 400), size=st.integers(1, 400))
def test_the_bound_is_clopper_and_pearsons(hits: int, size: int) -> None:
    hits = min(hits, size)
    wanted = binomtest(hits, size, alternative="less").proportion_ci(0.95, "exact").high
    assert clopper_pearson_upper(hits / size, size, 0.95) == pytest.approx(wanted, abs=1e-9)


def test_it_is_broken_no_more_often_than_allowed() -> None:
    made = [promised(peaks(600, seed)) for seed in range(200)]
    broken = sum(1 - one.ask_above > 0.05 for one in made)
    assert broken <= 15
    assert np.mean([1 - one.ask_above for one in made]) > 0.025


def test_it_is_kept_when_customers_ask_many_times() -> None:
    broken = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        frame = peaks(800, seed)
        whose = rng.integers(0, 80, 800)
        frame["customer_id"] = whose.astype(str)
        frame["peak"] = rng.random(80)[whose]
        broken += 1 - promised(frame).ask_above > 0.05
    assert broken <= 15


def test_more_requests_leave_less_slack() -> None:
    few, many = promised(peaks(400, 1)), promised(peaks(40_000, 1))
    assert many.ask_above < few.ask_above
    assert many.observed > 0.045
    assert many.bound <= 0.05


def test_too_few_requests_promise_to_bother_nobody() -> None:
    assert promised(peaks(20, 2)).ask_above == NO_THRESHOLD


def test_a_margin_for_drift_raises_the_bar() -> None:
    frame = peaks(3_000, 3)
    assert promised(frame, drift=0.02).ask_above > promised(frame).ask_above


def test_weights_speak_for_those_who_were_not_looked_at() -> None:
    frame = peaks(4_000, 4)
    looked_at = frame["peak"] > 0.8
    chosen = frame[looked_at | (np.arange(4_000) % 10 == 0)].copy()
    chosen["weight"] = np.where(chosen["peak"] > 0.8, 1.0, 10.0)
    naive = chosen.assign(weight=1.0)
    assert promised(naive).ask_above > promised(chosen).ask_above
    assert promised(chosen).ask_above == pytest.approx(promised(frame).ask_above, abs=0.02)


def test_everyone_at_the_bar_is_counted() -> None:
    frame = peaks(2_000, 5)
    frame["peak"] = np.where(np.arange(2_000) < 300, 0.9, 0.1)
    assert promised(frame).ask_above == NO_THRESHOLD


def test_independent_requests_are_worth_their_number() -> None:
    flag = np.random.default_rng(6).random(5_000) < 0.1
    alone = [np.arange(5_000)]
    assert cluster_effective_size(flag, np.ones(5_000), alone) == pytest.approx(5_000, rel=1e-6)
    same = [np.repeat(np.arange(500), 10)]
    repeated = np.repeat(flag[:500], 10)
    assert cluster_effective_size(repeated, np.ones(5_000), same) == pytest.approx(500, rel=1e-6)
