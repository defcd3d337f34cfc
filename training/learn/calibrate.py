"""Calibration of raw log-odds: four methods, and the choice among them by log-loss on later rows.

Each method takes raw log-odds, labels and weights, all (n,), and returns a `Calibration`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit, logit
from sklearn.isotonic import IsotonicRegression

from risk.model import Calibration, linear_calibration

Fitter = Callable[[np.ndarray, np.ndarray, np.ndarray], Calibration]

MIN_SLOPE = 0.05
MAX_SLOPE = 3.0
KNOTS = 61
TAIL_SLOPE = 0.3
BIN_ROWS = 40
MAX_BINS = 50
EPSILON = 1e-6
SHIFT_INFORMATION = 25.0
"""What an assumed level weighs, in units of the Fisher information of findings: some hundred."""


def fit_shift(
    raw: np.ndarray, y: np.ndarray, weight: np.ndarray, toward: float | None = None
) -> Calibration:
    """Add a constant to the log-odds: for few rows. It is held near `toward` where that is given,
    as if `SHIFT_INFORMATION` of it were known."""
    if toward is None:
        found = _fit_logistic(np.empty((len(raw), 0)), y, weight, offset=raw)[0]
        return linear_calibration("shift", 1.0, found)

    def excess(shift: float) -> float:
        error = float((weight * (expit(raw + shift) - y)).sum())
        return error + SHIFT_INFORMATION * (shift - toward)

    reach = 1.0 + float(weight.sum()) / SHIFT_INFORMATION
    return linear_calibration("shift", 1.0, float(brentq(excess, toward - reach, toward + reach)))


def fit_platt(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """Fit a line in log-odds (Platt 1999, "Probabilistic outputs for support vector machines").

    >>> raw = np.array([-4.0, -2.0, 0.0, 2.0, 4.0])
    >>> made = fit_platt(raw, np.array([0.0, 0.0, 0.5, 1.0, 1.0]), np.full(5, 100.0))
    >>> [round(p, 3) for p in made.probabilities(raw).tolist()]
    [0.0, 0.007, 0.5, 0.993, 1.0]
    """
    intercept, slope = _fit_logistic(raw[:, None], y, weight)
    return linear_calibration("platt", slope, intercept)


def fit_beta(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """Fit beta calibration: three parameters, for skewed scores (Kull, Silva Filho & Flach 2017,
    "Beta calibration"). Stored as a piecewise linear function of `KNOTS` points."""
    intercept, rise, fall = _fit_logistic(_beta_columns(raw), y, weight)
    corners = np.linspace(raw.min() - 1e-6, raw.max() + 1e-6, KNOTS)
    line = _beta_columns(corners) @ [rise, fall] + intercept
    slopes = np.diff(line) / np.diff(corners)
    return Calibration(
        "beta", _floats(corners), _floats(line), (float(slopes[0]), float(slopes[-1]))
    )


def fit_isotonic(raw: np.ndarray, y: np.ndarray, weight: np.ndarray) -> Calibration:
    """Fit isotonic regression on bins of equal weight (Zadrozny & Elkan 2002, "Transforming
    classifier scores into accurate multiclass probability estimates"). Within a step it rises
    slightly, so that no two scores tie."""
    order = np.argsort(raw, kind="stable")
    raw, y, weight = raw[order], y[order], weight[order]
    share = (np.cumsum(weight) - weight / 2) / weight.sum()
    cell = (share * np.clip(len(raw) // BIN_ROWS, 2, MAX_BINS)).astype(int)
    rate = _weighted_means(cell, y, weight)
    level = IsotonicRegression().fit_transform(
        np.arange(len(rate)), rate, sample_weight=np.bincount(cell, weight)
    )
    block = np.cumsum(np.r_[0, np.diff(level) > 0])[cell]
    size, mean = np.bincount(block, weight), np.average(y, weights=weight)
    line = logit((np.bincount(block, weight * y) + mean) / (size + 1.0))
    first = np.r_[True, np.diff(block) > 0]
    return _sloped_steps(raw[first], raw[np.r_[first[1:], True]], np.maximum.accumulate(line))


def _weighted_means(cell: np.ndarray, values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.bincount(cell, weight * values) / np.bincount(cell, weight)


def _sloped_steps(starts: np.ndarray, ends: np.ndarray, line: np.ndarray) -> Calibration:
    """Steps from `starts` to `ends` at log-odds `line`, sloped by a fifth of the next gap."""
    apart = np.r_[True, np.diff(line) > EPSILON]
    starts, line = starts[apart], line[apart]
    ends = np.r_[ends[:-1][apart[1:]], ends[-1]]
    lean = 0.2 * np.diff(line)
    low, high = line - np.r_[EPSILON, lean], line + np.r_[lean, EPSILON]
    raw, heights = np.column_stack([starts, ends]).ravel(), np.column_stack([low, high]).ravel()
    keep = np.r_[True, np.diff(raw) > EPSILON]
    return Calibration(
        "isotonic", _floats(raw[keep]), _floats(heights[keep]), (TAIL_SLOPE, TAIL_SLOPE)
    )


def _floats(values: np.ndarray) -> tuple[float, ...]:
    return tuple(values.tolist())


FITTERS: Mapping[str, Fitter] = {
    "shift": fit_shift,
    "platt": fit_platt,
    "beta": fit_beta,
    "isotonic": fit_isotonic,
}
MIN_MINORITY = {"shift": 0, "platt": 60, "beta": 100, "isotonic": 300}


def choose_calibration(
    raw: np.ndarray,
    y: np.ndarray,
    weight: np.ndarray,
    requested_at: np.ndarray,
    toward: float | None = None,
) -> tuple[Calibration, dict[str, float]]:
    """The calibration with the lowest log-loss on the later half, refitted on all rows; and the
    log-loss of each method tried.

    Arguments (n,): out-of-fold raw log-odds, labels, weights, times (ms). A method needs enough
    labels of the minority class, and must beat the simpler one by more than one standard error. The
    shift alone is tried only where nothing else is possible: trees grown on selected, partly wrong
    labels are off in slope as well. `toward` is the level that few findings move little.
    """
    fitters: dict[str, Fitter] = {**FITTERS, "shift": partial(fit_shift, toward=toward)}
    later = requested_at >= np.median(requested_at)
    minority = _minority_count(y[~later])
    eligible = [name for name in FITTERS if minority >= MIN_MINORITY[name]]
    losses = {}
    for name in eligible[1:] or eligible:
        made = fitters[name](raw[~later], y[~later], weight[~later])
        losses[name] = log_losses(made.probabilities(raw[later]), y[later])
    best = _one_standard_error_rule(losses, weight[later])
    means = {name: float(np.average(loss, weights=weight[later])) for name, loss in losses.items()}
    return fitters[best](raw, y, weight), means


def _minority_count(y: np.ndarray) -> int:
    return int(min((y >= 0.5).sum(), (y < 0.5).sum()))


def _one_standard_error_rule(losses: Mapping[str, np.ndarray], weight: np.ndarray) -> str:
    """The last method, from simple to complex, that gains more than one standard error over the
    one chosen before (Breiman et al. 1984, "Classification and regression trees", 1-SE rule)."""
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
    """Log-loss (n,) of each row, in nats.

    >>> log_losses(np.array([0.5, 0.9]), np.array([1.0, 1.0])).round(4).tolist()
    [0.6931, 0.1054]
    """
    kept = np.clip(probability, 1e-6, 1 - 1e-6)
    losses: np.ndarray = -(y * np.log(kept) + (1 - y) * np.log(1 - kept))
    return losses


def _beta_columns(raw: np.ndarray) -> np.ndarray:
    """ln p and -ln(1 - p) of the raw log-odds."""
    return np.column_stack([log_expit(raw), -log_expit(-raw)])


def _fit_logistic(
    columns: np.ndarray, y: np.ndarray, weight: np.ndarray, offset: np.ndarray | float = 0.0
) -> np.ndarray:
    """Intercept and one slope a column by weighted logistic regression.

    Slopes lie within `MIN_SLOPE` and `MAX_SLOPE`, with a weak ridge penalty towards 1.
    """

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        line = values[0] + columns @ values[1:] + offset
        error = weight * (expit(line) - y)
        pull = values[1:] - 1.0
        fit = -(weight * (y * log_expit(line) + (1 - y) * log_expit(-line))).sum()
        slope = np.r_[error.sum(), columns.T @ error + 2 * pull]
        return float(fit + (pull**2).sum()), slope

    start = np.r_[0.0, np.ones(columns.shape[1])]
    bounds = [(None, None)] + [(MIN_SLOPE, MAX_SLOPE)] * columns.shape[1]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)
