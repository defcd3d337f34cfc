"""Splits never look ahead, at a row or at a label."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.learning_frames import DAY, marketplace
from training.learn.plan import TrainingOptions, TrainingPlan
from training.learn.split import (
    TemporalSplit,
    forward_folds,
    holdout_split,
    last_known_at,
    maturity_gap,
)


def latest(values: pd.Series, rows: np.ndarray) -> float:
    return float(values[rows].max())


def check(frame: pd.DataFrame, found: TemporalSplit) -> None:
    """What a period learns from was known before its cut; what it is judged on came after."""
    assert latest(frame["label_known_at"], found.train) < found.cut
    assert latest(frame["as_of"], found.train) < found.cut
    assert frame["requested_at"][found.test].min() >= found.cut
    assert not (found.train & found.test).any()
    assert frame["y"][found.train | found.test].notna().all()


@given(seed=st.integers(0, 1_000), requests=st.integers(400, 3_000))
@settings(max_examples=15, deadline=None)
def test_nothing_from_the_future(seed: int, requests: int) -> None:
    frame = marketplace(requests, seed)
    plan = TrainingPlan.from_frame(frame, TrainingOptions())
    check(frame, plan.holdout)
    for fold in plan.folds:
        check(frame, fold)
        assert latest(frame["label_known_at"], fold.test) < plan.holdout.cut
        assert latest(frame["requested_at"], fold.test) < plan.holdout.cut


def test_the_test_is_the_last_quarter_of_matured_labels() -> None:
    frame = marketplace(4_000, 1)
    gap, now = maturity_gap(frame), last_known_at(frame)
    found = holdout_split(frame, 0.25, gap, now)
    matured = frame["y"].notna() & (frame["requested_at"] <= now - gap)
    assert found.test.sum() == pytest.approx(0.25 * matured.sum(), rel=0.02)
    assert latest(frame["requested_at"], found.test) <= now - gap


def test_the_gap_waits_for_nine_labels_in_ten() -> None:
    frame = marketplace(6_000, 2)
    delay = (frame["label_known_at"] - frame["requested_at"]).dropna()
    assert (delay <= maturity_gap(frame)).mean() == pytest.approx(0.9, abs=0.01)


def test_a_young_shop_keeps_most_of_its_days() -> None:
    frame = marketplace(2_000, 3)
    slow = frame.assign(label_known_at=frame["requested_at"] + 150.0 * DAY)
    slow.loc[slow["y"].isna(), "label_known_at"] = np.nan
    span = frame["requested_at"].max() - frame["requested_at"].min()
    assert maturity_gap(slow) <= 0.12 * span


def test_folds_follow_one_another_without_overlap() -> None:
    frame = marketplace(4_000, 4)
    end = int(frame["requested_at"].quantile(0.8))
    folds = list(forward_folds(frame, end, maturity_gap(frame), folds=4))
    assert len(folds) == 4
    together = np.sum([fold.test for fold in folds], axis=0)
    assert together.max() == 1
    sizes = [int(fold.train.sum()) for fold in folds]
    assert sizes == sorted(sizes)
    assert sizes[0] > 0


def test_later_rows_of_a_request_are_not_learned_before_they_happen() -> None:
    frame = marketplace(2_000, 5)
    late = frame.assign(as_of=frame["as_of"] + 40 * DAY, stage="return")
    both = pd.concat([frame, late], ignore_index=True)
    check(both, TrainingPlan.from_frame(both, TrainingOptions()).holdout)
