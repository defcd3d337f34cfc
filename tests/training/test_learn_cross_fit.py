"""Cross-fitting: out-of-fold scores, their noise, and the mean of the folds as the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from risk.model import Trees, linear_calibration
from tests.training.learning_frames import FEATURES, marketplace
from training.learn.boost import TrainingTable, TreeSettings
from training.learn.calibrate import fit_platt
from training.learn.cross_fit import CrossFit, cross_fit

NAMES = [feature.name for feature in FEATURES]
SETTINGS = TreeSettings([0] * len(NAMES), {}, 20)


def fitted(
    frame: pd.DataFrame, y: np.ndarray, settings: TreeSettings = SETTINGS
) -> tuple[TrainingTable, CrossFit]:
    table = TrainingTable(frame[NAMES].to_numpy(float), y, np.ones(len(frame)))
    known = frame["y"].notna().to_numpy()
    return table, cross_fit(table, known, ~known, frame["customer_id"], settings, 3, 0)


@pytest.mark.parametrize("booster", ["lightgbm", "histgb"])
def test_no_row_is_scored_by_trees_that_its_customer_was_trained_on(booster: str) -> None:
    frame = marketplace(1_500, 6)
    known, y = frame["y"].notna().to_numpy(), frame["y"].to_numpy(float)
    settings = replace(SETTINGS, booster=booster)
    _, first = fitted(frame, y, settings)
    assert np.isfinite(first.raw[known]).all()
    assert np.isnan(first.raw[~known]).all()
    one = (frame["customer_id"] == frame["customer_id"][np.flatnonzero(known)[0]]).to_numpy()
    _, again = fitted(frame, np.where(one, 1 - y, y), settings)
    np.testing.assert_array_equal(again.raw[one & known], first.raw[one & known])
    assert (again.raw[known] != first.raw[known]).any()


def test_the_model_is_the_mean_of_the_folds() -> None:
    frame = marketplace(1_500, 6)
    table, made = fitted(frame, frame["y"].to_numpy(float))
    assert made.text.count("Tree=") == made.folds * SETTINGS.rounds
    known = frame["y"].notna().to_numpy()
    own = Trees(made.text, len(NAMES)).raw_scores(table.matrix[known])
    assert np.corrcoef(own, made.raw[known])[0, 1] > 0.6
    assert 0.3 < made.kept < 1.0


def test_noise_of_one_fold_does_not_flatten_the_calibration() -> None:
    rng = np.random.default_rng(1)
    model = rng.normal(0, 1.5, 60_000)
    y = (rng.random(60_000) < 1 / (1 + np.exp(-model))).astype(float)
    raw = model + rng.normal(0, 0.9, 60_000)
    made = CrossFit("", raw, 3, 0.0, float(model.var() / raw.var()))
    plain, corrected = (
        fit_platt(scores, y, np.ones(len(y))).probabilities(np.array([2.0]))[0]
        for scores in (raw, made.calibration_scores())
    )
    truth = 1 / (1 + np.exp(-2.0))
    assert abs(corrected - truth) < abs(plain - truth) / 2
    same = linear_calibration("platt", 1.0, 0.0)
    spread = np.std(np.log(p := made.probabilities(same)) - np.log1p(-p))
    assert spread == pytest.approx(model.std(), rel=0.02)


def test_rows_too_few_to_tell_noise_by_leave_scores_as_they_are() -> None:
    frame = marketplace(600, 3, share=1.0)
    _, made = fitted(frame, frame["y"].to_numpy(float))
    assert made.kept == 1.0
    np.testing.assert_array_equal(made.calibration_scores(), made.raw)
