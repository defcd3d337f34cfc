"""Fitting calibrations, and choosing one by its log-loss on later rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logit
from sklearn.isotonic import IsotonicRegression

from risk.model import Calibration, straight

Fitter = Callable[[np.ndarray, np.ndarray, np.ndarray], Calibration]

FLATTEST = 0.05
CORNERS = 61
TAIL = 0.3


def shift(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """Only the level is moved: for few rows."""
    return straight("shift", 1.0, _logistic(np.empty((len(raw), 0)), y, weight, offset=raw)[0])


def platt(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """A straight line in log-odds (Platt 1999, "Probabilistic outputs for support vector
    machines")."""
    intercept, slope = _logistic(raw[:, None], y, weight)
    return straight("platt", slope, intercept)


def beta(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """Three parameters, for scores pushed to one side (Kull, Silva Filho & Flach 2017, "Beta
    calibration")."""
    intercept, rise, fall = _logistic(_beta_columns(raw), y, weight)
    corners = np.linspace(raw.min() - 1e-6, raw.max() + 1e-6, CORNERS)
    line = _beta_columns(corners) @ [rise, fall] + intercept
    slopes = np.diff(line) / np.diff(corners)
    return Calibration("beta", tuple(corners), tuple(line), (slopes[0], slopes[-1]))


def isotonic(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """Free but rising; blocks are joined at their centres so that no two scores tie (Oron &
    Flournoy 2017, "Centered isotonic regression")."""
    order = np.argsort(raw, kind="stable")
    raw, y, weight = raw[order], y[order], weight[order]
    level = IsotonicRegression(y_min=0, y_max=1).fit_transform(raw, y, sample_weight=weight)
    block = np.cumsum(np.r_[0, np.diff(level) > 0])
    size = np.bincount(block, weight)
    centre = np.bincount(block, weight * raw) / size
    rate = (np.bincount(block, weight * y) + np.average(y, weights=weight)) / (size + 1.0)
    keep = np.r_[True, (np.diff(np.maximum.accumulate(rate)) > 1e-9) & (np.diff(centre) > 1e-9)]
    line = logit(np.maximum.accumulate(rate)[keep])
    return Calibration("isotonic", tuple(centre[keep]), tuple(line), (TAIL, TAIL))


FITTERS: Mapping[str, Fitter] = {
    "shift": shift,
    "platt": platt,
    "beta": beta,
    "isotonic": isotonic,
}
FEWEST = {"shift": 0, "platt": 30, "beta": 100, "isotonic": 300}


def choose(
    raw: np.ndarray, y: np.ndarray, weight: np.ndarray, asked: np.ndarray
) -> tuple[Calibration, dict[str, float]]:
    """The calibration with the lowest log-loss on the later half, refitted on all rows.

    Arguments (n,): raw log-odds not seen in training, labels, weights and times. A richer method
    must win by more than its standard error over the simpler one, and have enough labels of the
    rarer class. Answers the log-loss each method had.
    """
    later = asked >= np.median(asked)
    losses: dict[str, np.ndarray] = {}
    for name, fitter in FITTERS.items():
        if _rarer(y[~later]) >= FEWEST[name] or name == "shift":
            made = fitter(raw[~later], y[~later], weight[~later])
            losses[name] = log_losses(made.probabilities(raw[later]), y[later])
    best = _simplest_of_best(losses, weight[later])
    means = {name: float(np.average(loss, weights=weight[later])) for name, loss in losses.items()}
    return FITTERS[best](raw, y, weight), means


def _rarer(y: np.ndarray) -> int:
    return int(min((y >= 0.5).sum(), (y < 0.5).sum()))


def _simplest_of_best(losses: Mapping[str, np.ndarray], weight: np.ndarray) -> str:
    """Walk from simple to rich, moving on only for a gain above one standard error."""
    chosen = next(iter(losses))
    for name, loss in losses.items():
        gain = losses[chosen] - loss
        mean = np.average(gain, weights=weight)
        spread = np.sqrt(np.average((gain - mean) ** 2, weights=weight))
        share = weight / weight.sum()
        if mean > spread * np.sqrt((share**2).sum()):
            chosen = name
    return chosen


def log_losses(probability: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Log-loss of every row (n,)."""
    kept = np.clip(probability, 1e-6, 1 - 1e-6)
    return -(y * np.log(kept) + (1 - y) * np.log(1 - kept))


def _beta_columns(raw: np.ndarray) -> np.ndarray:
    """ln p and -ln(1 - p) of the raw log-odds."""
    return np.column_stack([log_expit(raw), -log_expit(-raw)])


def _logistic(
    columns: np.ndarray, y: np.ndarray, weight: np.ndarray, offset: np.ndarray | float = 0.0
) -> np.ndarray:
    """Intercept, then one slope a column, none below `FLATTEST`, drawn lightly towards 1."""

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        line = values[0] + columns @ values[1:] + offset
        error = weight * (expit(line) - y)
        pull = values[1:] - 1.0
        fit = -(weight * (y * log_expit(line) + (1 - y) * log_expit(-line))).sum()
        slope = np.r_[error.sum(), columns.T @ error + 2 * pull]
        return float(fit + (pull**2).sum()), slope

    start = np.r_[0.0, np.ones(columns.shape[1])]
    bounds = [(None, None)] + [(FLATTEST, None)] * columns.shape[1]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)
