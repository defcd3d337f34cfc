"""The calibration level: the intercept of the model, from requests it was not trained on.

Slope and shape of a calibration come from the trees of each fold, whose level differs from that of
their mean, the model. Unlabelled requests were not trained on, so its predictions for them are
unbiased: on average they must equal the rate of abuse of the labelled requests, weighted by the
odds of not being selected (Hirano, Imbens & Ridder 2003, "Efficient estimation of average treatment
effects using the estimated propensity score").
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit

from risk.model import Calibration, Trees
from training.learn.boost import TrainingTable
from training.learn.sampling import evenly_spaced
from training.learn.selection import REQUEST_STAGE, LabelSelection, requests_stood_for

MIN_ABUSIVE = 25
MIN_ROWS = 100
MAX_ROWS = 10_000
MAX_SHIFT = 1.5


@dataclass(frozen=True)
class CalibrationLevel:
    """Estimates the level of one lane from the dataset `frame`, the label selection and the
    features in `table`."""

    frame: pd.DataFrame
    lane: str
    selection: LabelSelection
    table: TrainingTable

    def corrected(
        self, text: str, calibration: Calibration, labelled: np.ndarray, unlabelled: np.ndarray
    ) -> Calibration:
        """`calibration` shifted to the level of the trees `text`; unchanged where data are few.

        `labelled` and `unlabelled` (n,) mask the rows the trees were trained on and the others.
        """
        first = (self.frame["stage"] == REQUEST_STAGE) & (self.frame["lane"] == self.lane)
        known, unknown = (np.flatnonzero(first.to_numpy() & m) for m in (labelled, unlabelled))
        abusive = self.frame["y"].to_numpy(dtype=float)[known] >= 0.5
        each = requests_stood_for(self.frame)
        odds = each[known] * (1 / self.selection.propensity[known] - 1)
        if abusive.sum() < MIN_ABUSIVE or odds.sum() <= 0 or len(unknown) < MIN_ROWS:
            return calibration
        sample = evenly_spaced(unknown, MAX_ROWS)
        raw = Trees(text, self.table.width).raw_scores(self.table.values(sample))
        rate = float(np.average(abusive, weights=odds))
        return shift_to_level(calibration, raw, rate, each[sample])


def shift_to_level(
    calibration: Calibration, raw: np.ndarray, rate: float, weight: np.ndarray | None = None
) -> Calibration:
    """`calibration` with its log-odds shifted by a constant, at most `MAX_SHIFT`, so that the mean
    probability of `raw` (n,), by `weight` (n,), is `rate`."""
    log_odds = logit(calibration.probabilities(raw))

    def excess(shift: float) -> float:
        return float(np.average(expit(log_odds + shift), weights=weight)) - rate

    low, high = excess(-MAX_SHIFT), excess(MAX_SHIFT)
    if low >= 0 or high <= 0:
        shift = -MAX_SHIFT if low >= 0 else MAX_SHIFT
    else:
        shift = float(brentq(excess, -MAX_SHIFT, MAX_SHIFT))
    return replace(calibration, logit=tuple(float(at) + shift for at in calibration.logit))
