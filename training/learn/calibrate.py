"""Fitting calibrations, and choosing one by its log-loss on later rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logit
from sklearn.isotonic import IsotonicRegression

from risk.model import Calibration, linear_calibration

Fitter = Callable[[np.ndarray, np.ndarray, np.ndarray], Calibration]

FLATTEST = 0.05
STEEPEST = 3.0
CORNERS = 61
TAIL = 0.3
BIN_ROWS = 40
MOST_BINS = 50
NEAR = 1e-6


def shift(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """Only the level is moved: for few rows."""
    return linear_calibration(
        "shift", 1.0, _logistic(np.empty((len(raw), 0)), y, weight, offset=raw)[0]
    )


def platt(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """A straight line in log-odds (Platt 1999, "Probabilistic outputs for support vector
    machines")."""
    intercept, slope = _logistic(raw[:, None], y, weight)
    return linear_calibration("platt", slope, intercept)


def beta(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """Three parameters, for scores pushed to one side (Kull, Silva Filho & Flach 2017, "Beta
    calibration")."""
    intercept, rise, fall = _logistic(_beta_columns(raw), y, weight)
    corners = np.linspace(raw.min() - 1e-6, raw.max() + 1e-6, CORNERS)
    line = _beta_columns(corners) @ [rise, fall] + intercept
    slopes = np.diff(line) / np.diff(corners)
    return Calibration("beta", _plain(corners), _plain(line), (float(slopes[0]), float(slopes[-1])))


def isotonic(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """Free but rising, on bins of equal weight (Zadrozny & Elkan 2002, "Transforming classifier
    scores into accurate multiclass probability estimates"). Within a step it rises gently, so that
    no two scores tie."""
    order = np.argsort(raw, kind="stable")
    raw, y, weight = raw[order], y[order], weight[order]
    share = (np.cumsum(weight) - weight / 2) / weight.sum()
    cell = (share * np.clip(len(raw) // BIN_ROWS, 2, MOST_BINS)).astype(int)
    rate = _means(cell, y, weight)
    level = IsotonicRegression().fit_transform(
        np.arange(len(rate)), rate, sample_weight=np.bincount(cell, weight)
    )
    block = np.cumsum(np.r_[0, np.diff(level) > 0])[cell]
    size, mean = np.bincount(block, weight), np.average(y, weights=weight)
    line = logit((np.bincount(block, weight * y) + mean) / (size + 1.0))
    first = np.r_[True, np.diff(block) > 0]
    return _steps(raw[first], raw[np.r_[first[1:], True]], np.maximum.accumulate(line))


def _means(cell: np.ndarray, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.bincount(cell, weight * values) / np.bincount(cell, weight)


def _steps(starts: np.ndarray, ends: np.ndarray, line: np.ndarray) -> Calibration:
    """Steps from `starts` to `ends` at the heights `line`, tilted by a fifth towards neighbours."""
    apart = np.r_[True, np.diff(line) > NEAR]
    starts, line = starts[apart], line[apart]
    ends = np.r_[ends[:-1][apart[1:]], ends[-1]]
    lean = 0.2 * np.diff(line)
    low, high = line - np.r_[NEAR, lean], line + np.r_[lean, NEAR]
    raw, heights = np.column_stack([starts, ends]).ravel(), np.column_stack([low, high]).ravel()
    keep = np.r_[True, np.diff(raw) > NEAR]
    return Calibration("isotonic", _plain(raw[keep]), _plain(heights[keep]), (TAIL, TAIL))


def _plain(values: np.ndarray) -> tuple[float, ...]:
    return tuple(values.tolist())


FITTERS: Mapping[str, Fitter] = {
    "shift": shift,
    "platt": platt,
    "beta": beta,
    "isotonic": isotonic,
}
FEWEST = {"shift": 0, "platt": 60, "beta": 100, "isotonic": 300}


def choose(
    raw: np.ndarray, y: np.ndarray, weight: np.ndarray, asked: np.ndarray
) -> tuple[Calibration, dict[str, float]]:
    """The calibration with the lowest log-loss on the later half, refitted on all rows.

    Arguments (n,): raw log-odds not seen in training, labels, weights and times. A richer method
    must win by more than its standard error over the simpler one, and have enough labels of the
    rarer class. Moving the level alone is for those who can afford nothing else: trees grown on
    chosen, partly wrong labels are off in slope as well. Answers the log-loss each method had.
    """
    later = asked >= np.median(asked)
    rarer = _rarer(y[~later])
    able = [name for name in FITTERS if rarer >= FEWEST[name]]
    losses = {}
    for name in able[1:] or able:
        made = FITTERS[name](raw[~later], y[~later], weight[~later])
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
    losses: np.ndarray = -(y * np.log(kept) + (1 - y) * np.log(1 - kept))
    return losses


def _beta_columns(raw: np.ndarray) -> np.ndarray:
    """ln p and -ln(1 - p) of the raw log-odds."""
    return np.column_stack([log_expit(raw), -log_expit(-raw)])


def _logistic(
    columns: np.ndarray, y: np.ndarray, weight: np.ndarray, offset: np.ndarray | float = 0.0
) -> np.ndarray:
    """Intercept, then one slope a column within its bounds, drawn lightly towards 1."""

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        line = values[0] + columns @ values[1:] + offset
        error = weight * (expit(line) - y)
        pull = values[1:] - 1.0
        fit = -(weight * (y * log_expit(line) + (1 - y) * log_expit(-line))).sum()
        slope = np.r_[error.sum(), columns.T @ error + 2 * pull]
        return float(fit + (pull**2).sum()), slope

    start = np.r_[0.0, np.ones(columns.shape[1])]
    bounds = [(None, None)] + [(FLATTEST, STEEPEST)] * columns.shape[1]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)
