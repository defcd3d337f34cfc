"""How high probabilities lie: the level of the last trees, told by requests they never saw."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit

from risk.model import Calibration, Trees
from training.learn.selection import FIRST, Selection

FEWEST_ABUSIVE = 25
FEWEST_ROWS = 100
MOST_ROWS = 20_000
FARTHEST = 1.5


@dataclass(frozen=True)
class CalibrationLevel:
    """What tells the level of one lane: the dataset, how labels were chosen, features (n, k).

    Slope and shape of a calibration come from earlier trees, grown on fewer rows, whose level is
    not that of the last ones. Requests nobody looked into were not learned from, so what the last
    trees say of them is fair: on average they must foretell as much abuse there as the labelled
    requests, weighted to be like them, let expect (by the odds of not being chosen; Hirano, Imbens
    & Ridder 2003, "Efficient estimation of average treatment effects using the estimated
    propensity score").
    """

    frame: pd.DataFrame
    lane: str
    selection: Selection
    matrix: np.ndarray

    def of(
        self, text: str, made: Calibration, learned: np.ndarray, other: np.ndarray
    ) -> Calibration:
        """`made` at the level of the trees `text`, which `learned` from some rows and not from
        `other` ones (masks); as it is where too little is known to tell."""
        first = (self.frame["stage"] == FIRST) & (self.frame["lane"] == self.lane)
        found, rest = (np.flatnonzero(first.to_numpy() & rows) for rows in (learned, other))
        abusive = self.frame["y"].to_numpy(dtype=float)[found] >= 0.5
        odds = 1 / self.selection.chance[found] - 1
        if abusive.sum() < FEWEST_ABUSIVE or odds.sum() <= 0 or len(rest) < FEWEST_ROWS:
            return made
        rest = rest[np.linspace(0, len(rest) - 1, min(len(rest), MOST_ROWS)).astype(int)]
        raw = Trees(text, self.matrix.shape[1]).raw_scores(self.matrix[rest])
        return shift_to_level(made, raw, float(np.average(abusive, weights=odds)))


def shift_to_level(made: Calibration, raw: np.ndarray, rate: float) -> Calibration:
    """`made` moved up or down until the mean probability of `raw` (n,) is `rate`, by at most
    `FARTHEST` in log-odds."""
    line = logit(made.probabilities(raw))

    def excess(move: float) -> float:
        return float(expit(line + move).mean()) - rate

    low, high = excess(-FARTHEST), excess(FARTHEST)
    if low >= 0 or high <= 0:
        move = -FARTHEST if low >= 0 else FARTHEST
    else:
        move = float(brentq(excess, -FARTHEST, FARTHEST))
    return replace(made, logit=tuple(float(at) + move for at in made.logit))
