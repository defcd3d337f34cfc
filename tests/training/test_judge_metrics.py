"""Metrics against slow, obvious versions of themselves."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from training.judge.metrics import (
    EPSILON,
    METRICS,
    ScoredRows,
    auc,
    average_precision,
    bootstrap_by_customer,
    brier_score,
    comparable_amounts,
    expected_calibration_error,
    interval_around,
    mean_log_loss,
    metric_intervals,
    money_saved_at,
    observed_over_expected,
    recall_at,
)


def made(count: int, seed: int) -> ScoredRows:
    rng = np.random.default_rng(seed)
    probability = rng.beta(1, 6, count)
    y = (rng.random(count) < probability).astype(float)
    y[:2] = [0.0, 1.0]
    money = np.round(rng.lognormal(4, 1, count), 2)
    return ScoredRows(
        y, probability, rng.uniform(0.5, 3, count), money, rng.integers(0, count, count)
    )


def repeated(seen: ScoredRows, times: np.ndarray) -> ScoredRows:
    """The same rows, each as often as its weight says, all with weight 1."""
    rows = np.repeat(np.arange(len(seen.y)), times)
    return replace(seen.take(rows), weight=np.ones(len(rows)))


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_a_weight_of_three_is_three_rows(seed: int) -> None:
    times = np.random.default_rng(seed).integers(1, 4, 60)
    seen = replace(made(60, seed), weight=times.astype(float))
    for metric in (auc, average_precision, brier_score, mean_log_loss):
        assert metric(seen) == pytest.approx(metric(repeated(seen, times)))


@given(seed=st.integers(0, 10_000), digits=st.sampled_from([1, 2, 9]))
@settings(max_examples=40)
def test_metrics_are_those_of_scikit_learn(seed: int, digits: int) -> None:
    """Also where many rows share a probability."""
    seen = made(60, seed)
    seen = replace(seen, probability=np.round(seen.probability, digits))
    kept = np.clip(seen.probability, EPSILON, 1 - EPSILON)
    rivals = ((auc, roc_auc_score, seen.probability), (mean_log_loss, log_loss, kept),
              (average_precision, average_precision_score, seen.probability),
              (brier_score, brier_score_loss, seen.probability))  # fmt: skip
    for metric, reference, probability in rivals:
        wanted = reference(seen.y, probability, sample_weight=seen.weight)
        assert metric(seen) == pytest.approx(wanted, rel=1e-12)


def test_auc_counts_pairs() -> None:
    seen = made(80, 3)
    bad, good = np.flatnonzero(seen.y > 0.5), np.flatnonzero(seen.y < 0.5)
    pairs = [(i, j, seen.weight[i] * seen.weight[j]) for i in bad for j in good]
    right = sum(w * (seen.probability[i] > seen.probability[j]) for i, j, w in pairs)
    assert auc(seen) == pytest.approx(right / sum(w for *_, w in pairs))


def naive_recall(seen: ScoredRows, friction: float) -> float:
    """Walk down the ranking with a purse of honest weight that may be spent."""
    purse = friction * (seen.weight * (1 - seen.y)).sum()
    won = 0.0
    for row in np.argsort(-seen.probability, kind="stable"):
        if seen.y[row] > 0.5:
            won += seen.weight[row]
        elif seen.weight[row] > purse:
            break
        else:
            purse -= seen.weight[row]
    return won / float((seen.weight * seen.y).sum())


@given(seed=st.integers(0, 10_000), friction=st.sampled_from([0.01, 0.05, 0.1, 0.5]))
@settings(max_examples=40, deadline=None)
def test_recall_spends_the_purse_of_honest_requests(seed: int, friction: float) -> None:
    seen = made(150, seed)
    assert recall_at(seen, friction) == pytest.approx(naive_recall(seen, friction))


def test_a_perfect_model_saves_everything_and_bothers_nobody() -> None:
    seen = made(200, 1)
    perfect = replace(seen, probability=0.01 + 0.98 * seen.y)
    assert recall_at(perfect, 0.01) == money_saved_at(perfect, 0.05) == auc(perfect) == 1.0


def test_money_goes_first_where_most_is_expected() -> None:
    ones = np.ones(4)
    y, money = np.array([1.0, 1.0, 0.0, 0.0]), np.array([10.0, 1000.0, 10.0, 10.0])
    seen = ScoredRows(y, np.array([0.6, 0.3, 0.5, 0.5]), ones, money, np.arange(4))
    assert money_saved_at(seen, 0.0) == pytest.approx(1.0)
    assert recall_at(seen, 0.0) == pytest.approx(0.5)


def test_observed_over_expected_of_the_top() -> None:
    y = np.r_[np.ones(3), np.zeros(97)]
    probability = np.r_[np.full(5, 0.4), np.full(95, 0.001)]
    seen = ScoredRows(y, probability, np.ones(100), np.ones(100), np.arange(100))
    assert observed_over_expected(seen, 0.05) == pytest.approx(3 / 2)
    with warnings.catch_warnings(action="error"):
        assert np.isnan(observed_over_expected(seen.take(np.arange(1)), 0.05)), (
            "nobody is that far up"
        )


def test_calibration_error_is_the_mean_gap_of_bins() -> None:
    probability = np.repeat([0.1, 0.5], 500)
    y = np.r_[np.tile([1, 0, 0, 0, 0], 100), np.tile([1, 0], 250)].astype(float)
    seen = ScoredRows(y, probability, np.ones(1000), np.ones(1000), np.arange(1000))
    assert expected_calibration_error(seen) == pytest.approx(0.05)


def test_currencies_are_never_added_up() -> None:
    frame = pd.DataFrame(
        {"amount": [1.0, 3.0, 100.0, 300.0], "currency": ["EUR"] * 2 + ["JPY"] * 2}
    )
    assert list(comparable_amounts(frame)) == [0.5, 1.5, 0.5, 1.5]
    assert list(comparable_amounts(frame.assign(currency="CNY"))) == [1.0, 3.0, 100.0, 300.0]


def test_samples_keep_customers_whole() -> None:
    customer = np.array(["a", "b", "a", "c", "b", "a"])
    for rows in bootstrap_by_customer(customer, 30):
        times = {name: np.bincount(rows, minlength=6)[customer == name] for name in "abc"}
        assert all(len(set(found)) == 1 for found in times.values())
        assert sum(found[0] for found in times.values()) == 3


def test_intervals_hold_their_value_and_narrow_with_data() -> None:
    few, many = (
        metric_intervals(made(200, 5), ("auc",))["auc"],
        metric_intervals(made(5_000, 5), ("auc",))["auc"],
    )
    assert few.low < few.value < few.high
    assert many.high - many.low < 0.5 * (few.high - few.low)


def test_intervals_widen_when_rows_are_the_same_customers() -> None:
    seen = made(400, 6)
    apart = replace(seen.take(np.repeat(np.arange(400), 5)), customer=np.arange(2_000))
    together = replace(apart, customer=np.repeat(np.arange(400), 5))
    narrow, wide = (
        metric_intervals(apart, ("auc",))["auc"],
        metric_intervals(together, ("auc",))["auc"],
    )
    assert wide.high - wide.low > 1.7 * (narrow.high - narrow.low)


def test_one_kind_alone_has_no_metrics() -> None:
    seen = made(50, 7)
    assert metric_intervals(replace(seen, y=np.zeros(50))) == {}
    assert set(metric_intervals(seen, draws=20)) == set(METRICS)


@given(
    value=st.floats(-1, 1),
    drawn=st.lists(st.floats(-1, 1), min_size=1, max_size=30),
)
def test_an_interval_holds_its_estimate(value: float, drawn: list[float]) -> None:
    one = interval_around(value, drawn)
    assert one.low <= one.value <= one.high
    assert min(*drawn, value) <= one.low
    assert one.high <= max(*drawn, value)
