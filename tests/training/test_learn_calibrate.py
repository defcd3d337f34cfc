"""Calibrations: fitted well, rising, and no richer than the data bears."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from training.learn.calibrate import (
    FITTERS,
    choose_calibration,
    fit_isotonic,
    fit_platt,
    fit_shift,
    log_losses,
)

Rows = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def bent(count: int, seed: int, slope: float = 0.5, level: float = -1.0) -> Rows:
    """Raw scores whose truth is `slope * raw + level` in log-odds, and their times."""
    rng = np.random.default_rng(seed)
    raw = rng.normal(-1, 2, count)
    y = (rng.random(count) < expit(slope * raw + level)).astype(float)
    return raw, y, np.ones(count), np.arange(count)


def test_platt_finds_the_line() -> None:
    raw, y, weight, _ = bent(40_000, 0)
    made = fit_platt(raw, y, weight)
    assert made.tail[0] == pytest.approx(0.5, abs=0.04)
    assert made.logit[0] == pytest.approx(-1.0, abs=0.06)


def test_shift_moves_only_the_level() -> None:
    raw, y, weight, _ = bent(40_000, 1, slope=1.0, level=0.7)
    made = fit_shift(raw, y, weight)
    assert made.tail == (1.0, 1.0)
    assert made.logit[0] == pytest.approx(0.7, abs=0.06)


@pytest.mark.parametrize("name", FITTERS)
def test_every_method_matches_the_mean_it_was_given(name: str) -> None:
    raw, y, weight, _ = bent(5_000, 2)
    told = FITTERS[name](raw, y, weight).probabilities(raw)
    assert told.mean() == pytest.approx(y.mean(), abs=0.01)


def test_isotonic_follows_a_curve_no_line_can() -> None:
    rng = np.random.default_rng(3)
    raw = rng.uniform(-4, 4, 30_000)
    truth = np.where(raw < 0, 0.02, 0.4)
    y = (rng.random(30_000) < truth).astype(float)
    made = fit_isotonic(raw, y, np.ones(30_000))
    assert made.probability(-2.0) == pytest.approx(0.02, abs=0.01)
    assert made.probability(2.0) == pytest.approx(0.4, abs=0.03)


@given(seed=st.integers(0, 10_000), name=st.sampled_from(list(FITTERS)), count=st.integers(5, 400))
@settings(max_examples=60, deadline=None)
def test_no_two_scores_tie_and_none_is_certain(seed: int, name: str, count: int) -> None:
    raw, y, weight, _ = bent(count, seed)
    y[:2] = [0, 1]
    grid = np.linspace(-9, 9, 50)
    told = FITTERS[name](
        raw, y, weight * np.random.default_rng(seed).uniform(0.2, 5)
    ).probabilities(grid)
    inside = (told > 2e-6) & (told < 1 - 2e-6)
    assert (np.diff(told[inside]) > 0).all()
    assert 0 < told[0] <= told[-1] < 1


def test_few_rows_get_the_simplest() -> None:
    made, losses = choose_calibration(*bent(40, 4))
    assert made.kind == "shift"
    assert set(losses) == {"shift"}


def test_a_bent_line_is_found_out() -> None:
    raw, y, weight, asked = bent(6_000, 5, slope=0.4)
    made, losses = choose_calibration(raw, y, weight, asked)
    assert "shift" not in losses
    level = fit_shift(raw, y, weight)
    told = [np.mean(log_losses(one.probabilities(raw), y)) for one in (made, level)]
    assert told[0] < told[1] - 0.005


def test_a_richer_method_must_earn_its_place() -> None:
    chosen = [choose_calibration(*bent(3_000, seed))[0].kind for seed in range(12)]
    assert chosen.count("platt") >= 8


def test_weights_count() -> None:
    raw, y, weight, asked = bent(6_000, 6)
    heavy = np.where(y > 0.5, 3.0, 1.0)
    assert choose_calibration(raw, y, heavy, asked)[0].probability(0.0) > choose_calibration(
        raw, y, weight, asked
    )[0].probability(0.0)


def test_log_loss_of_a_row() -> None:
    found = log_losses(np.array([0.25, 0.25]), np.array([1.0, 0.0]))
    assert found == pytest.approx([-np.log(0.25), -np.log(0.75)])
