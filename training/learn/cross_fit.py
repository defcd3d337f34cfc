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
    """The trees `text` (mean of `folds` folds) and the out-of-fold log-odds `raw` (n,), NaN for
    rows they were not grown on. `raw` holds what the trees are added to (`table.offset`) too.

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
    grown = [fold for fold in range(folds) if (part != fold).any()]
    parts = [np.flatnonzero(part != fold) for fold in grown]
    texts = grow_parts(table.take(learned), settings, parts, seed)
    raw = np.full(len(rows), np.nan)
    raw[learned] = 0.0 if table.offset is None else table.offset[learned]
    for fold, text in zip(grown, texts, strict=True):
        here = learned[part == fold]
        raw[here] = _log_odds(table, here, text)
    center, kept = _variance_kept(table, np.flatnonzero(reference), texts)
    return CrossFit(average_models(texts), raw, len(texts), center, kept)


def _variance_kept(
    table: TrainingTable, reference: np.ndarray, texts: Sequence[str]
) -> tuple[float, float]:
    """The mean of the model's scores on the rows `reference`, and the share of the variance of one
    fold's scores that their mean keeps; 1 where the rows are too few to tell."""
    if len(reference) < MIN_REFERENCE:
        return 0.0, 1.0
    rows = evenly_spaced(reference, MAX_REFERENCE)
    scores = np.array([_log_odds(table, rows, text) for text in texts])
    mean, variance = scores.mean(axis=0), scores.var(axis=1).mean()
    return float(mean.mean()), float(mean.var() / variance) if variance > 0 else 1.0


def _log_odds(table: TrainingTable, rows: np.ndarray, text: str) -> Floats:
    """The log-odds of some rows by trees and what they are added to."""
    found = Trees(text, table.width).raw_scores(table.values(rows))
    return found if table.offset is None else found + table.offset[rows]
