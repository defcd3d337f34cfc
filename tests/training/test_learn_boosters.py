"""Either booster, seeds averaged, samples of rows: the same learning."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from risk.model import Trees
from tests.training.fitted_world import world
from tests.training.learning_frames import FEATURES, marketplace
from training.judge.evaluate import held_out_rows
from training.learn.boost import (
    DEFAULT_SHAPE,
    TrainingTable,
    TreeSettings,
    average_models,
    grow_trees,
)
from training.learn.fit import informative_features
from training.learn.histgb import grow_histgb
from training.learn.sampling import sample_requests


def test_seeds_are_averaged_in_log_odds() -> None:
    rng = np.random.default_rng(0)
    table = TrainingTable(
        rng.normal(size=(900, 5)), (rng.random(900) < 0.3).astype(float), np.ones(900)
    )
    alone = [grow_trees(table, TreeSettings([0] * 5, {}, 15), [seed]) for seed in (1, 2, 3)]
    together = Trees(average_models(alone), 5).raw_scores(table.matrix)
    each = [Trees(text, 5).raw_scores(table.matrix) for text in alone]
    np.testing.assert_allclose(together, np.mean(each, axis=0), atol=1e-12)
    raw, base, contributions = Trees(average_models(alone), 5).explain(table.matrix[0])
    assert base + contributions.sum() == pytest.approx(raw, abs=1e-9)


def test_scikit_learns_trees_are_served_to_the_bit() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(1_500, 6))
    matrix[rng.random(matrix.shape) < 0.3] = np.nan
    y = (np.nan_to_num(matrix[:, 0]) + np.isnan(matrix[:, 5]) > 1).astype(float)
    weight, monotone = rng.uniform(0.5, 2, 1_500), [1, 0, 0, 0, 0, 0]
    model = HistGradientBoostingClassifier(
        learning_rate=DEFAULT_SHAPE["learning_rate"], max_iter=30, max_leaf_nodes=8,
        max_features=0.25, min_samples_leaf=5,
        monotonic_cst=monotone, early_stopping=False, random_state=3,
    ).fit(matrix, y, sample_weight=weight)  # fmt: skip
    trees = Trees(grow_histgb(matrix, y, weight, monotone, DEFAULT_SHAPE, 30, 3), 6)
    np.testing.assert_array_equal(trees.raw_scores(matrix), model.decision_function(matrix))
    raw, base, contributions = trees.explain(matrix[0])
    assert base + contributions.sum() == pytest.approx(raw, abs=1e-9)


def test_a_column_that_says_nothing_is_no_hindrance_to_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    matrix = rng.normal(size=(300, 3))
    matrix[:, 1] = np.nan
    matrix[::2, 2], weight = np.nan, np.tile([0.0, 1.0], 150)
    matrix[1::2, 2], matrix[0, 2] = np.nan, 7.0
    y = (matrix[:, 0] > 0).astype(float)
    trees = Trees(grow_histgb(matrix, y, weight, [0, 0, 0], DEFAULT_SHAPE, 10, 3), 3)
    raw, _, contributions = trees.explain(matrix[1])
    assert contributions[0] != 0
    assert (contributions[1:] == 0).all()
    assert (raw > 0) == (y[1] > 0.5)


def test_a_request_with_later_rows_counts_as_much_as_one_without() -> None:
    frame = marketplace(3_000, 4)
    again = frame[frame["refund_id"].isin(frame["refund_id"].unique()[::2])].assign(stage="return")
    both = pd.concat([frame, again.assign(as_of=again["as_of"] + 1)], ignore_index=True)
    both = both.sort_values(["requested_at", "refund_id", "as_of"], ignore_index=True)
    alone, twice = (held_out_rows(rows, FEATURES, []) for rows in (frame, both))
    judged = twice[twice["stage"] == "request"].set_index("refund_id")["weight"]
    expected = alone.set_index("refund_id")["weight"].reindex(judged.index)
    apart = judged / judged.mean() - expected / expected.mean()
    assert apart.abs().max() < 1e-9


def test_a_sample_has_labels_as_often_as_all_and_whole_requests() -> None:
    frame = world().sort_values(["requested_at", "refund_id", "as_of"], ignore_index=True)
    found = sample_requests(frame, 500)
    assert sample_requests(frame, 10**6) is frame
    labelled = found.loc[found["y"].notna(), "refund_id"].nunique()
    assert labelled == pytest.approx(500, rel=0.1)
    rows = frame.groupby("refund_id").size()
    assert found.groupby("refund_id").size().eq(rows).reindex(found["refund_id"]).all()
    assert found["requested_at"].is_monotonic_increasing
    assert list(found.index) == list(range(len(found)))


@pytest.mark.parametrize(
    ("values", "varies"),
    [
        ([1, 1, 1], False),
        ([1, 2, 1], True),
        ([np.nan] * 3, False),
        ([1, np.nan, 1], True),
        ([], False),
    ],
)
def test_what_is_one_value_says_nothing(values: list[float], *, varies: bool) -> None:
    frame = pd.DataFrame({feature.name: values for feature in FEATURES}, dtype=float)
    assert bool(informative_features(frame, FEATURES)) is varies
