"""Selection of labels: propensity of each request to get one, and inverse propensity weights.

Labelled requests are no random sample: something about them was noticed, or the random audit drew
them. Weighting each by the inverse of its propensity makes them represent all requests (Horvitz &
Thompson 1952, "A generalization of sampling without replacement from a finite universe").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import pandas as pd

from training.learn.boost import thread_count
from training.learn.feature_matrix import values_of_rows

RANDOM_AUDIT = "random_audit"
REQUEST_STAGE = "request"
STANDS_FOR = "stands_for"
"""The column of a sampled frame that says how many requests each row's request stands for."""
MIN_PROPENSITY = 0.05
MIN_ROWS = 200
MAX_ROWS = 12_000


@dataclass(frozen=True)
class LabelSelection:
    """`propensity` (n,) of a row to be labelled, and `weight` (n,), its inverse scaled to mean 1.

    Both are NaN for unlabelled rows. `effective_sample_size` is Kish's, of the `labelled` requests;
    `audited` of them were drawn by the random audit.
    """

    propensity: np.ndarray
    weight: np.ndarray
    effective_sample_size: float
    labelled: int
    audited: int


def weight_per_refund(frame: pd.DataFrame) -> np.ndarray:
    """Weight (n,) of each row, the rows of one refund summing to 1: half of it on the request-time
    row, the moment that matters most, where later rows share the rest.

    >>> stages = ["request", "evidence", "return", "request"]
    >>> rows = pd.DataFrame({"refund_id": ["a", "a", "a", "b"], "stage": stages})
    >>> weight_per_refund(rows).tolist()
    [0.5, 0.25, 0.25, 1.0]
    """
    first = (frame["stage"] == REQUEST_STAGE).to_numpy()
    refund = pd.factorize(frame["refund_id"])[0]
    rows, requests = (np.bincount(refund, flag)[refund] for flag in (None, first))
    later = rows - requests
    alone = (requests == 0) | (later == 0)
    return np.where(alone, 1 / rows, np.where(first, 0.5 / requests, 0.5 / np.maximum(later, 1)))


def requests_stood_for(frame: pd.DataFrame) -> np.ndarray:
    """How many requests the request of each row (n,) stands for: one, unless they were sampled."""
    if STANDS_FOR not in frame:
        return np.ones(len(frame))
    return frame[STANDS_FOR].to_numpy(dtype=float)


def propensity_weights(
    frame: pd.DataFrame, columns: Sequence[str], seed: int = 0, until: int | None = None
) -> LabelSelection:
    """Inverse propensity weights of the labelled rows; with `until` (ms) as known at that moment.

    The propensity is estimated from the request-time row, cross-fitted over customers, so that no
    row's own label status determines it (Chernozhukov et al. 2018, "Double/debiased machine
    learning"). Where the random audit drew a request, its known probability is a lower bound.
    Propensities are clipped at `MIN_PROPENSITY`. Of a sample of requests the weights undo both: how
    it was drawn, and who got a label.
    """
    requested = np.ones(len(frame), dtype=bool)
    labelled = frame["y"].notna().to_numpy()
    if until is not None:
        requested = (frame["as_of"] < until).to_numpy()
        labelled = labelled & requested & (frame["label_known_at"] < until).to_numpy()
    audited = labelled & (frame["selected_by"] == RANDOM_AUDIT).to_numpy()
    propensity = _propensities(frame, columns, requested, labelled, seed)
    known = pd.to_numeric(frame["selection_probability"], errors="coerce").to_numpy(dtype=float)
    propensity = np.where(audited & (known > 0), np.fmax(propensity, known), propensity)
    propensity = np.where(labelled, np.clip(propensity, MIN_PROPENSITY, 1.0), np.nan)
    within_refund = weight_per_refund(frame)
    weight = requests_stood_for(frame) / propensity
    weight /= (
        np.average(weight[labelled], weights=within_refund[labelled]) if labelled.any() else 1.0
    )
    names = frame["refund_id"]
    effective_size = effective_sample_size((weight * within_refund)[labelled], names[labelled])
    return LabelSelection(
        propensity, weight, effective_size, names[labelled].nunique(), names[audited].nunique()
    )


def effective_sample_size(weight: np.ndarray, groups: pd.Series) -> float:
    """Kish's effective sample size of weighted groups of rows: (sum w)^2 / sum w^2 over groups
    (Kish 1965, "Survey sampling").

    >>> effective_sample_size(np.array([1.0, 1.0, 2.0]), pd.Series(["a", "a", "b"]))
    2.0
    """
    total = pd.Series(weight).groupby(groups.to_numpy()).sum().to_numpy()
    return float(total.sum() ** 2 / (total**2).sum()) if len(total) else 0.0


def _propensities(
    frame: pd.DataFrame,
    columns: Sequence[str],
    requested: np.ndarray,
    labelled: np.ndarray,
    seed: int,
) -> np.ndarray:
    """Propensity (n,) of a label of each row that is `labelled`, by two-fold cross-fitting over
    customers on the rows `requested` (masks); the overall share where rows are too few."""
    first = np.flatnonzero(requested & (frame["stage"] == REQUEST_STAGE).to_numpy())
    each = requests_stood_for(frame)[first]
    share = float(np.average(labelled[first], weights=each)) if len(first) else 1.0
    if min(np.count_nonzero(labelled[first]), np.count_nonzero(~labelled[first])) < MIN_ROWS:
        return np.full(len(frame), share)
    half = pd.util.hash_array(frame["customer_id"].to_numpy(dtype=object)[first]) % 2 == 0
    rng, known = np.random.default_rng(seed), labelled[first]
    learned = [rng.permutation(np.flatnonzero(fold))[:MAX_ROWS] for fold in (half, ~half)]
    used = np.unique(np.concatenate([*learned, np.flatnonzero(known)]))
    matrix = values_of_rows(frame, first[used], columns)
    propensity = np.full(len(used), share)
    for fold, rows in zip((half, ~half), learned, strict=True):
        model = _fit_propensity(matrix[np.searchsorted(used, rows)], known[rows], each[rows], seed)
        asked = known[used] & ~fold[used]
        propensity[asked] = model.predict(matrix[asked])
    by_refund = pd.Series(propensity, index=frame["refund_id"].iloc[first[used]])[known[used]]
    mean = by_refund.groupby(level=0).mean()
    return frame["refund_id"].map(mean).fillna(share).to_numpy(dtype=float)


def _fit_propensity(
    matrix: np.ndarray, labelled: np.ndarray, each: np.ndarray, seed: int
) -> lgb.Booster:
    settings = {
        "objective": "binary",
        "num_leaves": 8,
        "learning_rate": 0.1,
        "max_bin": 63,
        "min_data_in_leaf": 50,
        "feature_fraction": 0.5,
        "lambda_l2": 10.0,
        "seed": seed,
        "num_threads": thread_count(len(labelled)),
        "verbosity": -1,
        "deterministic": True,
        "force_col_wise": True,
    }
    weight = None if (each == 1).all() else each / each.mean()
    return lgb.train(settings, lgb.Dataset(matrix, labelled.astype(float), weight=weight), 60)
