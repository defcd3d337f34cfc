"""The calibration level: the intercept of the model, from requests it was not trained on.

Slope and shape of a calibration come from the trees of each fold, whose level differs from that of
their mean, the model. Unlabelled requests were not trained on, so its predictions for them are
unbiased: on average they must equal the rate of abuse of the labelled requests, weighted by the
odds of not being selected (Hirano, Imbens & Ridder 2003, "Efficient estimation of average treatment
effects using the estimated propensity score"). Findings that nobody's suspicion began miss what
nobody looks for, in one lane more than in the other; what a random audit finds does not, and counts
beside them as far as audits are many.
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
from training.learn.selection import (
    RANDOM_AUDIT,
    REQUEST_STAGE,
    LabelSelection,
    requests_stood_for,
)

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
        audited = (self.frame["selected_by"] == RANDOM_AUDIT).to_numpy()[known]
        unseen = (1 - self.selection.propensity[known]) * audited
        rate = audited_rate(float(np.average(abusive, weights=odds)), abusive, unseen)
        return shift_to_level(calibration, raw, rate, each[sample])


def audited_rate(rate: float, abusive: np.ndarray, weight: np.ndarray) -> float:
    """The rate of abuse by chosen labels and by audits: of requests (n,), which are `abusive` and
    the `weight` of each as an audit, 0 of others.

    The rate of the audits, moved towards `rate` as far as chance could have parted them
    (positive-part James-Stein; Efron & Morris 1973, "Stein's estimation rule and its competitors"),
    of as many audits as their weights are worth (Kish 1965, "Survey sampling"): fewer than
    `MIN_ROWS` would often do harm.

    >>> few, many = np.ones(90), np.ones(400)
    >>> round(audited_rate(0.04, np.arange(90) < 12, few), 3)
    0.04
    >>> round(audited_rate(0.04, np.arange(400) < 28, many), 3)
    0.067
    """
    total = float(weight.sum())
    audits = total**2 / float((weight**2).sum()) if total > 0 else 0.0
    if rate <= 0 or audits < MIN_ROWS:
        return rate
    apart = float(weight @ abusive) / total - rate
    noise = rate * (1 - rate) / audits
    return rate if apart**2 <= noise else rate + apart * (1 - noise / apart**2)


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
