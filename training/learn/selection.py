"""Which requests got a label, and how much each must weigh to speak for those that did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import pandas as pd

from training.learn.boost import threads

AUDIT = "random_audit"
FIRST = "request"
FLOOR = 0.05
FEWEST = 200
SAMPLE = 100_000


@dataclass(frozen=True)
class Selection:
    """`chance` (n,) that a row like this one is labelled; `weight` (n,) its inverse, mean 1.

    Both are NaN for unlabelled rows. `effective_sample_size` is Kish's number of labelled requests:
    (sum w)^2 / sum w^2, what the weighted labels are worth in equally weighted ones.
    """

    chance: np.ndarray
    weight: np.ndarray
    effective_sample_size: float
    labelled: int
    audited: int


def weight_per_refund(frame: pd.DataFrame) -> np.ndarray:
    """Weight (n,) that lets the rows of one refund weigh together as one: half of it for the
    request itself, the moment that matters most, where there are later rows to share the rest."""
    first = (frame["stage"] == FIRST).to_numpy()
    rows = frame.groupby("refund_id", sort=False)["stage"].transform("size").to_numpy(dtype=float)
    requests = _together(frame, first)
    later = rows - requests
    alone = (requests == 0) | (later == 0)
    return np.where(alone, 1 / rows, np.where(first, 0.5 / requests, 0.5 / np.maximum(later, 1)))


def _together(frame: pd.DataFrame, flag: np.ndarray) -> np.ndarray:
    """How many rows of each row's refund (n,) have the flag."""
    return (
        pd.Series(flag.astype(float))
        .groupby(frame["refund_id"].to_numpy())
        .transform("sum")
        .to_numpy()
    )


def propensity_weights(
    frame: pd.DataFrame, columns: Sequence[str], seed: int = 0, until: int | None = None
) -> Selection:
    """Weights of the labelled rows by the inverse of their refund's chance to be labelled.

    With `until` (ms) all is as it was known then: which requests there were, which had labels.

    A request is looked into because something about it was noticed, with a chance that has to be
    estimated from its request-time row, or by the random audit, whose chance is known. Chances are
    clipped at `FLOOR`. Estimated by customers, so that no row's own label status decides its chance
    (cross-fitting, Chernozhukov et al. 2018, "Double/debiased machine learning").
    """
    asked = np.ones(len(frame), dtype=bool)
    labelled = frame["y"].notna().to_numpy()
    if until is not None:
        asked = (frame["as_of"] < until).to_numpy()
        labelled = labelled & asked & (frame["label_known_at"] < until).to_numpy()
    audited = labelled & (frame["selected_by"] == AUDIT).to_numpy()
    chance = _chances(frame, columns, asked, labelled, seed)
    known = pd.to_numeric(frame["selection_probability"], errors="coerce").to_numpy(dtype=float)
    chance = np.where(audited & (known > 0), np.fmax(chance, known), chance)
    chance = np.where(labelled, np.clip(chance, FLOOR, 1.0), np.nan)
    once = weight_per_refund(frame)
    weight = 1.0 / chance
    weight /= np.average(weight[labelled], weights=once[labelled]) if labelled.any() else 1.0
    names = frame["refund_id"]
    worth = effective_sample_size((weight * once)[labelled], names[labelled])
    return Selection(chance, weight, worth, names[labelled].nunique(), names[audited].nunique())


def effective_sample_size(weight: np.ndarray, groups: pd.Series) -> float:
    """Kish's effective sample size of weighted groups of rows."""
    total = pd.Series(weight).groupby(groups.to_numpy()).sum().to_numpy()
    return float(total.sum() ** 2 / (total**2).sum()) if len(total) else 0.0


def _chances(
    frame: pd.DataFrame,
    columns: Sequence[str],
    asked: np.ndarray,
    labelled: np.ndarray,
    seed: int,
) -> np.ndarray:
    """Chance (n,) of a label by two-fold cross-fitting over customers, told by the rows `asked`;
    the share where too few."""
    first = np.flatnonzero(asked & (frame["stage"] == FIRST).to_numpy())
    share = labelled[first].mean() if len(first) else 1.0
    if len(first) * min(share, 1 - share) < FEWEST:
        return np.full(len(frame), share)
    requests = frame.iloc[first]
    half = pd.util.hash_array(requests["customer_id"].to_numpy(dtype=object)) % 2 == 0
    matrix = requests[list(columns)].to_numpy(dtype=np.float64)
    chance = np.empty(len(first))
    rng = np.random.default_rng(seed)
    for fold in (half, ~half):
        rows = rng.permutation(np.flatnonzero(fold))[:SAMPLE]
        told = _propensity(matrix[rows], labelled[first][rows], seed)
        chance[~fold] = told.predict(matrix[~fold])
    by_refund = pd.Series(chance, index=requests["refund_id"]).groupby(level=0).mean()
    return frame["refund_id"].map(by_refund).fillna(share).to_numpy(dtype=float)


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
        "num_threads": threads(len(labelled)),
        "verbosity": -1,
        "deterministic": True,
    }
    return lgb.train(settings, lgb.Dataset(matrix, labelled.astype(float)), 60)
