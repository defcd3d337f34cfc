"""The best that can be done with the full truth, and what plain LightGBM does with the labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd
from scipy.special import expit

from risk.features.spec import Feature
from risk.model import Trees
from training.learn.boost import (
    TrainingTable,
    TreeSettings,
    bin_values,
    grow_trees,
    validation_losses,
)
from training.learn.selection import weight_per_refund

SHAPES: Mapping[str, Mapping[str, Any]] = {
    "small": {"num_leaves": 8, "feature_fraction": 0.5, "extra_trees": True},
    "middle": {"num_leaves": 16, "feature_fraction": 0.5, "extra_trees": True},
    "large": {"num_leaves": 32, "feature_fraction": 0.3, "extra_trees": True},
    "exact": {"num_leaves": 16, "feature_fraction": 0.25},
}
ROUNDS, LATE = 600, 0.8


def ceiling(
    known: pd.DataFrame, features: Sequence[Feature], matrix: np.ndarray, later: np.ndarray
) -> np.ndarray:
    """Probabilities (m,) of the rows `later` (m, k) by a model told the truth of every request of
    `known`, whose features are `matrix` (n, k).

    No delay, no selection, no error; its shape and number of trees are what does best on the last
    fifth of the time it learns from.
    """
    signs = [f.monotone for f in features]
    table = TrainingTable(matrix, known["truth"].to_numpy(float), weight_per_refund(known))
    old = (known["requested_at"] < known["requested_at"].quantile(LATE)).to_numpy()
    binned, halves = bin_values(table), (np.flatnonzero(old), np.flatnonzero(~old))
    curves = {
        name: validation_losses(binned, halves, signs, shape, ROUNDS, 0)
        for name, shape in SHAPES.items()
    }
    best = min(curves, key=lambda name: float(curves[name].min()))
    rounds = int((int(np.argmin(curves[best])) + 1) / LATE)
    text = grow_trees(table, TreeSettings(signs, SHAPES[best], rounds), [0])
    return np.asarray(expit(Trees(text, len(signs)).raw_scores(later)))


def bare(matrix: np.ndarray, y: np.ndarray, later: np.ndarray) -> np.ndarray:
    """Probabilities (m,) by LightGBM as it comes, one hundred trees, from labelled rows."""
    settings = {"objective": "binary", "verbosity": -1, "num_threads": 2, "seed": 0}
    return np.asarray(lgb.train(settings, lgb.Dataset(matrix, y), 100).predict(later))
