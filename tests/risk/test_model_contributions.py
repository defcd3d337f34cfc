"""Contributions by table are LightGBM's own, whatever the trees compare and whatever is unknown."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from risk.model.contributions import MOST, ContributionTables, trees_of
from risk.model.trees import Trees


def _learned(seed: int, **settings: object) -> tuple[lightgbm.Booster, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = rng.integers(-3, 4, size=(600, 9)).astype(float)
    if settings.pop("unknowns", True):
        rows[rng.random(rows.shape) < 0.25] = np.nan
    known = np.nan_to_num(rows)
    found = (known[:, 0] * known[:, 1] + known[:, 2] + rng.normal(size=600) > 1).astype(float)
    knobs = {"objective": "binary", "verbosity": -1, "num_threads": 1, "num_leaves": 8,
             "min_data_in_leaf": 5, "seed": seed, **settings}  # fmt: skip
    return lightgbm.train(knobs, lightgbm.Dataset(rows, found), 30), rows


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "settings",
    [{}, {"num_leaves": 2}, {"num_leaves": MOST + 1}, {"unknowns": False}, {"max_depth": 2},
     {"feature_fraction": 0.3, "monotone_constraints": [1] * 9}],
    ids=str,
)  # fmt: skip
def test_tables_say_what_lightgbm_says(seed: int, settings: dict[str, object]) -> None:
    booster, rows = _learned(seed, **settings)
    tables = ContributionTables.of(booster.model_to_string(), 9)
    assert tables is not None
    some = rows[:60].copy()
    some[::3, :4], some[1::7] = np.nan, np.nan
    wanted = np.asarray(booster.predict(some, pred_contrib=True))
    found = np.array([tables(row) for row in some])
    np.testing.assert_allclose(found, wanted[:, :-1], rtol=0, atol=1e-12)
    total = found.sum(axis=1) + wanted[:, -1]
    np.testing.assert_allclose(total, booster.predict(some, raw_score=True), rtol=0, atol=1e-9)


def test_a_value_at_the_threshold_goes_left_as_in_lightgbm() -> None:
    booster, _ = _learned(1)
    text = booster.model_to_string()
    tables = ContributionTables.of(text, 9)
    assert tables is not None
    first = trees_of(text)[0]
    for feature, threshold in zip(first.feature, first.threshold, strict=True):
        row = np.zeros(9)
        beyond = np.nextafter(threshold, np.inf)
        for row[feature] in (threshold, beyond, -threshold, np.inf, -np.inf):
            wanted = np.asarray(booster.predict(row[None, :], pred_contrib=True))[0, :-1]
            np.testing.assert_allclose(tables(row), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("settings", [{"num_leaves": MOST + 2}, {"zero_as_missing": True},
                                      {"categorical_feature": [0]}], ids=str)  # fmt: skip
def test_other_trees_are_left_to_lightgbm(settings: dict[str, object]) -> None:
    booster, rows = _learned(0, **settings)
    text = booster.model_to_string()
    assert ContributionTables.of(text, 9) is None
    raw, base, contributions = Trees(text, 9).explain(rows[0])
    wanted = booster.predict(rows[:1], pred_contrib=True)[0]
    np.testing.assert_array_equal(contributions, wanted[:-1])
    assert (raw, base) == (booster.predict(rows[:1], raw_score=True)[0], wanted[-1])


def test_a_tree_that_never_splits_says_nothing() -> None:
    rows = np.zeros((50, 3))
    booster = lightgbm.train({"objective": "binary", "verbosity": -1},
                             lightgbm.Dataset(rows, np.arange(50) % 2), 3)  # fmt: skip
    tables = ContributionTables.of(booster.model_to_string(), 3)
    assert tables is not None
    assert tables(np.array([1.0, np.nan, -1.0])).tolist() == [0.0, 0.0, 0.0]
