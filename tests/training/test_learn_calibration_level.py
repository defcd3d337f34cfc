"""The level of probabilities: told by those not learned from; and scores that own labels miss."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from risk.model import linear_calibration
from tests.training.learning_frames import FEATURES, marketplace
from training.learn.boost import TrainingTable, TreeSettings, grow_trees
from training.learn.calibration_level import (
    MAX_SHIFT,
    CalibrationLevel,
    audited_rate,
    shift_to_level,
)
from training.learn.fit_lane import (
    boosting_rounds,
    calibrate_lane,
)
from training.learn.search import SHAPES, TreeShape, candidate_names
from training.learn.selection import RANDOM_AUDIT, propensity_weights

NAMES = [feature.name for feature in FEATURES]


@given(st.floats(0.02, 0.6), st.floats(0.3, 2.5), st.floats(-2.0, 2.0), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_the_mean_is_the_rate_unless_that_is_too_far(
    rate: float, slope: float, level: float, seed: int
) -> None:
    raw = np.random.default_rng(seed).normal(-1.5, 1.5, 400)
    made = linear_calibration("platt", slope, level)
    moved = shift_to_level(made, raw, rate)
    assert moved.tail == made.tail
    by = moved.logit[0] - made.logit[0]
    if abs(by) < MAX_SHIFT - 1e-6:
        assert moved.probabilities(raw).mean() == pytest.approx(rate, abs=1e-6)
    else:
        told = made.probabilities(raw).mean()
        assert (by > 0) == (told < rate)
        assert abs(moved.probabilities(raw).mean() - rate) < abs(told - rate)


def table_of(frame: pd.DataFrame) -> TrainingTable:
    """What trees learn from."""
    y = frame["y"].to_numpy(float)
    return TrainingTable(frame[NAMES].to_numpy(float), y, np.ones(len(frame)))


def test_trees_told_too_high_are_brought_down_to_what_is_found_of_others() -> None:
    frame = marketplace(6_000, 5).assign(lane="standard")
    known = frame["y"].notna().to_numpy()
    text = grow_trees(table_of(frame).take(known), TreeSettings([0] * len(NAMES), {}, 60), [0])
    selection = propensity_weights(frame, NAMES)
    level = CalibrationLevel(frame, "standard", selection, table_of(frame))
    high = linear_calibration("platt", 1.0, 1.0)
    made = level.corrected(text, high, known, ~known)
    assert made.logit[0] < high.logit[0] - 0.5
    few = known & (np.cumsum(known) <= 40)
    assert level.corrected(text, high, few, ~known) == high
    assert level.corrected(text, high, known, known & False) == high


@pytest.mark.parametrize(("share", "within"), [(0.01, 0.026), (0.04, 0.013)])
def test_what_nobody_looks_for_is_told_by_audits(share: float, within: float) -> None:
    """Chosen labels find half of the abuse; 200 audits, or 800, find all of it."""
    errors: dict[str, list[float]] = {"chosen": [], "both": []}
    for seed in range(60):
        rng = np.random.default_rng(seed)
        truth = rng.random(20_000) < 0.08
        audits = rng.random(20_000) < share
        chosen = float((truth & (rng.random(20_000) < 0.5)).mean())
        errors["chosen"].append(chosen - 0.08)
        errors["both"].append(audited_rate(chosen, truth, audits * 1.0) - 0.08)
    chosen, both = (float(np.sqrt(np.mean(np.square(one)))) for one in errors.values())
    assert both < min(within, chosen)


def test_audits_that_agree_and_none_at_all_leave_the_rate() -> None:
    abusive = np.arange(100) < 4
    assert audited_rate(0.04, abusive, np.ones(100)) == 0.04
    assert audited_rate(0.04, abusive, np.zeros(100)) == 0.04
    assert audited_rate(0.0, abusive, np.ones(100)) == 0.0
    assert audited_rate(0.04, np.ones(99), np.ones(99)) == 0.04, "too few"


def test_a_lane_is_told_at_the_level_of_its_audits() -> None:
    frame = marketplace(6_000, 5).assign(lane="standard")
    known = frame["y"].notna().to_numpy()
    text = grow_trees(table_of(frame).take(known), TreeSettings([0] * len(NAMES), {}, 60), [0])
    hidden = frame.assign(y=frame["y"].where(frame["selected_by"] == RANDOM_AUDIT, 0.0))
    hidden["y"] = hidden["y"].where(known).where(hidden.index % 8 > 0, frame["y"])
    start = linear_calibration("platt", 1.0, 0.0)

    def told(selected_by: pd.Series) -> float:
        one = hidden.assign(selected_by=selected_by)
        level = CalibrationLevel(one, "standard", propensity_weights(one, NAMES), table_of(one))
        return level.corrected(text, start, known, ~known).logit[0]

    assert told(frame["selected_by"]) > told(frame["selected_by"].where(~known, "unknown")) + 0.1


@pytest.mark.parametrize(("learned", "known", "rounds"), [(2_500, 10_000, 200), (400, 1_600, 100)])
def test_more_rows_bear_more_trees_unless_they_are_few(
    learned: int, known: int, rounds: int
) -> None:
    shape = TreeShape({}, 100, learned, {})
    assert boosting_rounds(shape, known) == rounds
    assert boosting_rounds(shape, learned) == 100


def test_deep_trees_are_for_many_rows_and_one_shape_for_few() -> None:
    assert candidate_names(300) == ["narrow"]
    assert "deep" not in candidate_names(5_000)
    assert set(candidate_names(300) + candidate_names(50_000)) == set(SHAPES)


@pytest.mark.parametrize(("rows", "slope"), [(1_200, 1.7), (24_000, 1.0)])
def test_lanes_share_their_slope_until_one_has_findings_of_its_own(rows: int, slope: float) -> None:
    rng = np.random.default_rng(8)
    frame = marketplace(rows, 8, share=1.0).assign(lane="standard")
    frame.loc[rng.random(rows) < 0.25, "lane"] = "no_reason"
    raw = rng.normal(-1.5, 1.0, rows)
    line = raw * np.where(frame["lane"] == "no_reason", 1.0, 2.0) + 0.5
    frame["y"] = (rng.random(rows) < expit(line)).astype(float)
    made, _ = calibrate_lane(frame, "no_reason", raw, propensity_weights(frame, NAMES))
    rise = float(np.diff(logit(made.probabilities(np.array([-2.0, -1.0]))))[0])
    assert rise == pytest.approx(slope, abs=0.3)
