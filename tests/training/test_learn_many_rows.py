"""Where rows are many: a lane learns from its own, in larger steps."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.learning_frames import FEATURES, marketplace
from training.learn.feature_matrix import FeatureMatrix
from training.learn.fit import fit
from training.learn.fit_lane import own_rows, rows_for_lane, training_table
from training.learn.plan import TrainingOptions, TrainingPlan
from training.learn.search import MANY_OWN_ROWS, SHAPES, TreeShape, search_shape


@pytest.mark.parametrize(("enough", "rows"), [(10_000, 1_200), (700, 700), (100, 300)])
def test_other_lanes_fill_up_what_a_lane_lacks(
    enough: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.learn.fit_lane.ENOUGH_ROWS", enough)
    frame = marketplace(1_600, 1).assign(lane="standard")
    frame.loc[::4, "lane"] = "no_reason"
    labelled = np.arange(len(frame)) < 1_200
    found = rows_for_lane(frame, "no_reason", labelled)
    assert (found[frame["lane"] == "no_reason"]).all()
    assert (found & labelled).sum() == pytest.approx(rows, rel=0.06)
    again = rows_for_lane(frame[::-1], "no_reason", labelled[::-1])
    np.testing.assert_array_equal(again[::-1], found)


def test_all_moments_of_another_lanes_request_are_drawn_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("training.learn.fit_lane.ENOUGH_ROWS", 500)
    frame = marketplace(1_000, 1).assign(lane="standard")
    frame["refund_id"] = frame["refund_id"].to_numpy()[np.arange(len(frame)) // 2]
    found = rows_for_lane(frame, "no_reason", np.ones(len(frame), dtype=bool))
    assert 0 < found.sum() < len(frame)
    np.testing.assert_array_equal(found[::2], found[1::2])


@pytest.mark.parametrize(("many", "step"), [(20_000, 0.1), (300, 0.2)])
def test_steps_are_larger_where_rows_are_many(
    many: int, step: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.learn.search.MANY_ROWS", many)
    frame = marketplace(2_000, 1).sort_values(["requested_at", "refund_id"], ignore_index=True)
    options, names = TrainingOptions(rounds=30, jobs=1, search=False), [f.name for f in FEATURES]
    table = training_table(frame, FeatureMatrix.of(frame, names), names, "standard", options)
    folds = TrainingPlan.from_frame(frame, options).folds
    shape = search_shape(table, folds, [0] * len(names), options)
    assert shape.params["learning_rate"] == step


def test_the_other_lane_has_the_best_thresholds_where_its_own_rows_are_many() -> None:
    shape = TreeShape({**SHAPES["deep"], "learning_rate": 0.2}, 120, 30_000, {})
    few, many = shape.for_other_lane(MANY_OWN_ROWS - 1), shape.for_other_lane(MANY_OWN_ROWS)
    assert (few.params, few.rounds) == (shape.params, 60)
    assert (many.params, many.rounds) == ({**SHAPES["exact"], "learning_rate": 0.2}, 60)
    on_starter = TreeShape(SHAPES["plain"], 45, 30_000, {}, on_starter=True)
    assert on_starter.for_other_lane(MANY_OWN_ROWS) is on_starter


def test_a_twin_has_the_shape_of_what_was_known_at_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame = marketplace(1_600, 1).assign(lane="standard")
    frame.loc[::3, "lane"] = "no_reason"
    options = TrainingOptions(jobs=1, cross_folds=2, rounds=60, starter=False)
    plan = TrainingPlan.from_frame(frame, options)
    then, now = (
        own_rows(frame, "no_reason", known) for known in (plan.holdout.train, plan.labelled)
    )
    assert then < now
    monkeypatch.setattr("training.learn.search.MANY_OWN_ROWS", (then + now) // 2)
    lanes = fit(frame, FEATURES, options, 0.05).about["lanes"]
    made = lanes["no_reason"]
    assert "extra_trees" in lanes["standard"]["shape"], "drawn thresholds, or nothing is shown"
    assert "extra_trees" not in made["shape"]
    assert "extra_trees" in made["twin"]["shape"]
