"""The starter's score, to which a training adds trees: little where findings are few.

A lane's log-odds are `intercept + slope * starter + trees`. Intercept and slope are fitted by
logistic regression, the slope held near 1 by a penalty that many findings outweigh; where the
starter speaks the wrong way it falls to 0. The starter's trees, scaled, become part of the model's,
so that contributions add up per feature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logit

from risk.features.scratch import ROWS_AT_ONCE
from risk.model import Bundle, Trees
from training.learn.boost import TrainingTable, sum_models

SLOPE_INFORMATION = 10.0
"""How firmly the slope is held at 1, in units of the Fisher information of findings."""
MAX_SLOPE = 1.5


class Line(NamedTuple):
    """What the starter's log-odds are multiplied by, and what is added to them."""

    intercept: float
    slope: float


@dataclass(frozen=True)
class StartingModel:
    """The starter, and the prevalence of abuse that the policy assumes."""

    bundle: Bundle
    prevalence: float

    def scores(self, lane: str, names: Sequence[str], table: TrainingTable) -> StartingScore:
        """Its score of the rows of `table`, whose features are `names`."""
        own, place = self.bundle.lanes[lane], {name: at for at, name in enumerate(names)}
        columns = tuple(place[name] for name in own.features)
        trees, raw = Trees(own.text, len(columns)), np.empty(len(table.y))
        for start in range(0, len(raw), ROWS_AT_ONCE):
            part = table.values(np.arange(start, min(start + ROWS_AT_ONCE, len(raw))))
            raw[start : start + ROWS_AT_ONCE] = trees.raw_scores(part[:, list(columns)])
        shift = logit(self.prevalence) - logit(self.bundle.about["balance"])
        level = float(logit(own.calibration.probability(0.0)) + shift)
        return StartingScore(own.text, columns, raw, level)


@dataclass(frozen=True)
class StartingScore:
    """The starter's trees on the columns of a table, and their log-odds `raw` (n,) of its rows;
    `level` is what makes these the log-odds at the assumed prevalence."""

    text: str
    columns: tuple[int, ...]
    raw: np.ndarray
    level: float

    def line(self, table: TrainingTable, rows: np.ndarray) -> Line:
        """Intercept and slope by the soft labels of `rows` (mask or positions)."""
        raw, part = self.raw[rows], table.take(rows)
        weight = part.weight / part.weight.mean()

        def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
            line, away = values[0] + values[1] * raw, values[1] - 1.0
            error = weight * (expit(line) - part.y)
            fit = -(weight * (part.y * log_expit(line) + (1 - part.y) * log_expit(-line))).sum()
            gradient = np.array([error.sum(), error @ raw + SLOPE_INFORMATION * away])
            return float(fit + SLOPE_INFORMATION * away**2 / 2), gradient

        bounds = [(None, None), (0.0, MAX_SLOPE)]
        found = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B", bounds=bounds)
        return Line(*(float(value) for value in found.x))

    def under(self, table: TrainingTable, line: Line) -> TrainingTable:
        """The table with the starter's log-odds as what trees are added to."""
        return replace(table, offset=line.intercept + line.slope * self.raw)

    def added(self, text: str, line: Line) -> str:
        """The model text whose log-odds are those of the trees `text` and of the starter."""
        return sum_models(text, self.text, line.slope, self.columns, line.intercept)
