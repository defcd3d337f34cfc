"""Which requests got a label, and how much each must weigh to speak for those that did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import pandas as pd

AUDIT = "random_audit"
FLOOR = 0.05
FEWEST = 200
SAMPLE = 100_000


@dataclass(frozen=True)
class Selection:
    """`chance` (n,) that a row like this one is labelled; `weight` (n,) its inverse, mean 1.

    Both are NaN for unlabelled rows. `effective` is Kish's effective number of labelled requests:
    (sum w)^2 / sum w^2, what the weighted labels are worth in equally weighted ones.
    """

    chance: np.ndarray
    weight: np.ndarray
    effective: float
    labelled: int
    audited: int


def per_refund(frame: pd.DataFrame) -> np.ndarray:
    """Weight (n,) that lets the rows of one refund weigh together as one."""
    rows = frame.groupby("refund_id", sort=False)["refund_id"].transform("size")
    return 1.0 / rows.to_numpy(dtype=float)


def select(frame: pd.DataFrame, columns: Sequence[str], seed: int = 0) -> Selection:
    """Weights of the labelled rows by the inverse of their chance to be labelled.

    A request is looked into because something about it was noticed, with a chance that has to be
    estimated, or by the random audit, whose chance is known. Chances are clipped at `FLOOR`.
    Estimated by customers, so that no row's own label status decides its chance (cross-fitting,
    Chernozhukov et al. 2018, "Double/debiased machine learning").
    """
    labelled = frame["y"].notna().to_numpy()
    audited = labelled & (frame["selected_by"] == AUDIT).to_numpy()
    chance = np.full(len(frame), np.nan)
    chance[labelled] = _chances(frame, columns, labelled, seed)[labelled]
    known = pd.to_numeric(frame["selection_probability"], errors="coerce").to_numpy(dtype=float)
    told = audited & (known > 0)
    chance[told] = np.maximum(chance[told], known[told])
    chance = np.clip(chance, FLOOR, 1.0)
    weight = 1.0 / chance
    once = per_refund(frame)
    weight /= np.average(weight[labelled], weights=once[labelled]) if labelled.any() else 1.0
    return Selection(
        chance,
        weight,
        effective(weight[labelled] * once[labelled], frame["refund_id"][labelled]),
        frame["refund_id"][labelled].nunique(),
        frame["refund_id"][audited].nunique(),
    )


def effective(weight: np.ndarray, groups: pd.Series) -> float:
    """Kish's effective sample size of weighted groups of rows."""
    total = pd.Series(weight).groupby(groups.to_numpy()).sum().to_numpy()
    return float(total.sum() ** 2 / (total**2).sum()) if len(total) else 0.0


def _chances(
    frame: pd.DataFrame, columns: Sequence[str], labelled: np.ndarray, seed: int
) -> np.ndarray:
    """Chance (n,) of a label by two-fold cross-fitting over customers; the share where too few."""
    smaller = min(labelled.sum(), (~labelled).sum())
    if smaller < FEWEST:
        return np.full(len(frame), max(labelled.mean(), FLOOR))
    half = pd.util.hash_array(frame["customer_id"].to_numpy(dtype=object)) % 2 == 0
    matrix = frame[list(columns)].to_numpy(dtype=np.float64)
    chance = np.empty(len(frame))
    rng = np.random.default_rng(seed)
    for fold in (half, ~half):
        rows = np.flatnonzero(fold)
        rows = rng.choice(rows, SAMPLE, replace=False) if len(rows) > SAMPLE else rows
        chance[~fold] = _propensity(matrix[rows], labelled[rows], seed).predict(matrix[~fold])
    return chance


def _propensity(matrix: np.ndarray, labelled: np.ndarray, seed: int) -> lgb.Booster:
    settings = {
        "objective": "binary",
        "num_leaves": 8,
        "learning_rate": 0.1,
        "max_bin": 63,
        "min_data_in_leaf": 50,
        "feature_fraction": 0.5,
        "lambda_l2": 10.0,
        "seed": seed,
        "num_threads": 2,
        "verbosity": -1,
        "deterministic": True,
    }
    return lgb.train(settings, lgb.Dataset(matrix, labelled.astype(float)), 60)
