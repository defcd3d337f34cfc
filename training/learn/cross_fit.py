"""Cross-fitting over customers: the mean of the trees grown on each fold is the model, and their
scores of the rows they were not grown on calibrate it.

No further trees are grown on all rows: averaging the folds' trees predicts as well (Breiman 1996,
"Bagging predictors"; Krogh & Vedelsby 1995, "Neural network ensembles, cross validation, and active
learning") for a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.model import Calibration, Trees
from training.learn.boost import TrainingTable, TreeSettings, average_models, grow_parts
from training.learn.sampling import evenly_spaced

Floats = NDArray[np.float64]

MIN_REFERENCE = 200
MAX_REFERENCE = 5_000


@dataclass(frozen=True)
class CrossFit:
    """The model `text` (mean of `folds` folds) and the out-of-fold log-odds `raw` (n,), NaN for
    rows it was not trained on.

    One fold's trees vary around their mean: of the variance of their scores about `center`, the
    model keeps `kept`.
    """

    text: str
    raw: Floats
    folds: int
    center: float
    kept: float

    def calibration_scores(self) -> Floats:
        """`raw` (n,) scaled so that a calibration fitted on it has the slope that the model's own
        scores need: noise in a score flattens the slope by the share of variance that is noise
        (regression calibration: Carroll et al. 2006, "Measurement error in nonlinear models")."""
        return self._scaled(self.kept)

    def probabilities(self, calibration: Calibration) -> Floats:
        """Out-of-fold probabilities (n,), spread as widely as the model's own; NaN stays NaN."""
        raw = self._scaled(float(np.sqrt(self.kept)))
        found = np.full(len(raw), np.nan)
        known = np.isfinite(raw)
        found[known] = calibration.probabilities(raw[known])
        return found

    def _scaled(self, factor: float) -> Floats:
        return self.center + factor * (self.raw - self.center)


def cross_fit(
    table: TrainingTable,
    rows: np.ndarray,
    reference: np.ndarray,
    customers: pd.Series,
    settings: TreeSettings,
    folds: int,
    seed: int,
) -> CrossFit:
    """Grow trees on all but each of `folds` folds of the customers of `rows` (mask, n), and average
    them.

    `reference` (mask, n) are rows that none of the trees are grown on, from which the variance
    between folds is estimated. Folds by time would train on far fewer rows, give flatter scores,
    hence a flatter calibration, and probabilities too low at the top.
    """
    learned = np.flatnonzero(rows)
    part = pd.util.hash_array(customers.to_numpy(dtype=object)[learned]) % folds
    parts = [np.flatnonzero(part != fold) for fold in range(folds)]
    texts = grow_parts(table.take(learned), settings, parts, seed)
    width = table.matrix.shape[1]
    raw = np.full(len(rows), np.nan)
    for fold, text in enumerate(texts):
        here = learned[part == fold]
        raw[here] = Trees(text, width).raw_scores(table.matrix[here])
    center, kept = _variance_kept(table, np.flatnonzero(reference), texts)
    return CrossFit(average_models(texts), raw, folds, center, kept)


def _variance_kept(
    table: TrainingTable, reference: np.ndarray, texts: Sequence[str]
) -> tuple[float, float]:
    """The mean of the model's scores on the rows `reference`, and the share of the variance of one
    fold's scores that their mean keeps; 1 where the rows are too few to tell."""
    if len(reference) < MIN_REFERENCE:
        return 0.0, 1.0
    matrix = table.matrix[evenly_spaced(reference, MAX_REFERENCE)]
    scores = np.array([Trees(text, matrix.shape[1]).raw_scores(matrix) for text in texts])
    mean, variance = scores.mean(axis=0), scores.var(axis=1).mean()
    return float(mean.mean()), float(mean.var() / variance) if variance > 0 else 1.0
