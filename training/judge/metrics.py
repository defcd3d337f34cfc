"""Metrics of probabilities on labelled rows, with bootstrap intervals over customers.

Rows are weighted by inverse propensity, so that a metric estimates its value over all requests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from training.learn.calibrate import log_losses

EPSILON = 1e-6
BINS = 10
TOP_SHARE = 0.05
MAX_BOOTSTRAP_ROWS = 3_000_000


@dataclass(frozen=True)
class ScoredRows:
    """Labelled rows with their probabilities, all arrays (n,).

    `y` is 1 for fraud or abuse, `weight` the row's weight, `money` the amount in a common unit,
    `customer` the id that bootstrap samples are drawn by.
    """

    y: np.ndarray
    probability: np.ndarray
    weight: np.ndarray
    money: np.ndarray
    customer: np.ndarray

    @staticmethod
    def from_frame(frame: pd.DataFrame, probability: np.ndarray | None = None) -> ScoredRows:
        """From rows with `y`, `probability`, `weight`, `amount`, `currency`, `customer_id`."""
        found = frame["probability"].to_numpy() if probability is None else probability
        weight = frame["weight"].to_numpy() if "weight" in frame else np.ones(len(frame))
        y = (frame["y"] >= 0.5).to_numpy(dtype=float)
        return ScoredRows(
            y, found, weight, comparable_amounts(frame), frame["customer_id"].to_numpy()
        )

    def take(self, rows: np.ndarray) -> ScoredRows:
        """The rows selected by a boolean mask or by positions."""
        parts = (self.y, self.probability, self.weight, self.money, self.customer)
        return ScoredRows(*(part[rows] for part in parts))

    @property
    def has_both_classes(self) -> bool:
        """Whether both classes occur."""
        return bool((self.y > 0.5).any() and (self.y < 0.5).any())


def comparable_amounts(frame: pd.DataFrame) -> np.ndarray:
    """Amounts (n,) in a common unit: as they are with one currency, else divided by the median of
    their currency. Amounts of different currencies must not be summed as they are.

    >>> rows = pd.DataFrame({"amount": [10.0, 30.0, 4.0], "currency": ["CNY", "CNY", "USD"]})
    >>> comparable_amounts(rows).tolist()
    [0.5, 1.5, 1.0]
    """
    amount = frame["amount"].to_numpy(dtype=float)
    if frame["currency"].nunique() < 2:
        return amount
    median: np.ndarray = frame.groupby("currency")["amount"].transform("median").to_numpy()
    in_medians: np.ndarray = amount / median
    return in_medians


def auc(seen: ScoredRows) -> float:
    """Weighted area under the ROC curve: the probability that a random abusive request scores
    higher than a random honest one (Hanley & McNeil 1982).

    >>> one = np.ones(4)
    >>> auc(ScoredRows(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.3, 0.9]), one, one, one))
    0.75
    """
    found, bothered = _found_and_bothered(seen)
    return float(np.trapezoid(found, bothered) / (found[-1] * bothered[-1]))


def average_precision(seen: ScoredRows) -> float:
    """Weighted area under the precision-recall curve, without interpolation."""
    found, bothered = _found_and_bothered(seen)
    precision = found[1:] / (found[1:] + bothered[1:])
    return float(np.diff(found) @ precision / found[-1])


def _found_and_bothered(seen: ScoredRows) -> tuple[np.ndarray, np.ndarray]:
    """Weight of abusive and of honest rows at or above each distinct probability, from 0 down.

    By numpy, since scikit-learn's checks of its input cost a hundred times the sums on the few rows
    of most bootstrap samples; the tests hold both equal.
    """
    order = np.argsort(-seen.probability, kind="stable")
    last = np.r_[np.flatnonzero(np.diff(seen.probability[order])), len(order) - 1]
    sides = (seen.weight * seen.y, seen.weight * (1 - seen.y))
    found, bothered = (np.r_[0.0, np.cumsum(side[order])[last]] for side in sides)
    return found, bothered


def recall_at_friction(
    seen: ScoredRows, friction: float, *, money: bool, score: np.ndarray | None = None
) -> float:
    """Recall, of abusive requests or of their money, at a false-positive rate of `friction`.

    Requests are ranked by `score` (n,), else by probability; the request at which the rate is
    reached counts in part.
    """
    order = np.argsort(-(seen.probability if score is None else score), kind="stable")
    honest = (seen.weight * (1 - seen.y))[order]
    worth = (seen.weight * seen.y * (seen.money if money else 1.0))[order]
    spent = np.r_[0.0, np.cumsum(honest)] / honest.sum()
    won = np.r_[0.0, np.cumsum(worth)] / worth.sum()
    last = int(np.searchsorted(spent, friction, side="right")) - 1
    if last + 1 >= len(spent):
        return float(won[-1])
    part = (friction - spent[last]) / (spent[last + 1] - spent[last])
    return float(won[last] + part * (won[last + 1] - won[last]))


def recall_at(seen: ScoredRows, friction: float) -> float:
    """Recall of abusive requests at a false-positive rate of `friction`.

    >>> y, probability = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.3, 0.9])
    >>> seen = ScoredRows(y, probability, np.ones(4), np.ones(4), np.arange(4))
    >>> [recall_at(seen, friction) for friction in (0.0, 0.25, 0.5)]
    [0.5, 0.5, 1.0]
    """
    return recall_at_friction(seen, friction, money=False)


def money_saved_at(seen: ScoredRows, friction: float) -> float:
    """Share of the abusive money found at a false-positive rate of `friction`, ranked by money
    times odds: the best order for money found per honest request bothered, if calibrated."""
    kept = np.clip(seen.probability, EPSILON, 1 - EPSILON)
    return recall_at_friction(seen, friction, money=True, score=seen.money * kept / (1 - kept))


def brier_score(seen: ScoredRows) -> float:
    """Weighted mean squared error of the probability (Brier 1950)."""
    return float(np.average((seen.probability - seen.y) ** 2, weights=seen.weight))


def mean_log_loss(seen: ScoredRows) -> float:
    """Weighted mean negative log-likelihood, in nats."""
    return float(np.average(log_losses(seen.probability, seen.y), weights=seen.weight))


def expected_calibration_error(seen: ScoredRows) -> float:
    """Expected calibration error over ten bins of equal weight (Naeini, Cooper & Hauskrecht 2015,
    "Obtaining well calibrated probabilities using Bayesian binning")."""
    order = np.argsort(seen.probability, kind="stable")
    weight = seen.weight[order]
    place = np.cumsum(weight) - weight / 2
    cell = np.minimum((BINS * place / weight.sum()).astype(int), BINS - 1)
    gap = np.bincount(cell, weight * (seen.y - seen.probability)[order], BINS)
    return float(np.abs(gap).sum() / weight.sum())


def observed_over_expected(seen: ScoredRows, top: float = TOP_SHARE) -> float:
    """Observed over expected abuse in the `top` share: above 1 is too low, nan of none.

    >>> one = np.ones(2)
    >>> observed_over_expected(ScoredRows(one, np.array([0.5, 0.5]), one, one, one), top=1.0)
    2.0
    """
    order = np.argsort(-seen.probability, kind="stable")
    weight = seen.weight[order]
    rows = order[np.cumsum(weight) - weight / 2 <= top * weight.sum()]
    weight = seen.weight[rows]
    expected = (weight * seen.probability[rows]).sum()
    return float((weight * seen.y[rows]).sum() / expected) if expected else float("nan")


METRICS: Mapping[str, Callable[[ScoredRows], float]] = {
    "auc": auc,
    "average_precision": average_precision,
    "recall_at_1": lambda seen: recall_at(seen, 0.01),
    "recall_at_5": lambda seen: recall_at(seen, 0.05),
    "money_at_5": lambda seen: money_saved_at(seen, 0.05),
    "money_at_10": lambda seen: money_saved_at(seen, 0.10),
    "brier": brier_score,
    "log_loss": mean_log_loss,
    "calibration_error": expected_calibration_error,
    "observed_over_expected": observed_over_expected,
}


@dataclass(frozen=True)
class ConfidenceInterval:
    """A metric with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def metric_intervals(
    seen: ScoredRows, names: Sequence[str] = tuple(METRICS), draws: int = 200, seed: int = 0
) -> dict[str, ConfidenceInterval]:
    """The named metrics with percentile bootstrap intervals (Efron & Tibshirani 1993, "An
    introduction to the bootstrap"); empty when only one class occurs."""
    if not seen.has_both_classes:
        return {}
    draws = min(draws, max(50, MAX_BOOTSTRAP_ROWS // len(seen.y)))
    samples = [seen.take(rows) for rows in bootstrap_by_customer(seen.customer, draws, seed)]
    whole = [sample for sample in samples if sample.has_both_classes]
    return {name: _interval(METRICS[name], seen, whole) for name in names}


def _interval(
    metric: Callable[[ScoredRows], float], seen: ScoredRows, samples: Sequence[ScoredRows]
) -> ConfidenceInterval:
    return interval_around(metric(seen), [metric(sample) for sample in samples])


def interval_around(value: float, drawn: Sequence[float] | np.ndarray) -> ConfidenceInterval:
    """The 95 % percentile interval of what was drawn, stretched to the estimate where that lies
    outside: a calibration error is larger in almost every sample than in the whole.

    >>> interval_around(0.02, [0.03, 0.04, 0.05]).low
    0.02
    """
    if not len(drawn):
        return ConfidenceInterval(value, float("nan"), float("nan"))
    low, high = (float(bound) for bound in np.quantile(drawn, [0.025, 0.975]))
    return ConfidenceInterval(value, min(low, value), max(high, value))


def bootstrap_by_customer(customer: np.ndarray, draws: int, seed: int = 0) -> list[np.ndarray]:
    """Row positions of `draws` cluster bootstrap samples, drawn by customer (Davison & Hinkley
    1997, "Bootstrap methods and their application", section 3.8)."""
    codes, _ = pd.factorize(customer)
    order = np.argsort(codes, kind="stable")
    bounds = np.r_[0, np.cumsum(np.bincount(codes))]
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        times = np.bincount(
            rng.integers(0, len(bounds) - 1, len(bounds) - 1), minlength=len(bounds) - 1
        )
        found.append(np.repeat(order, np.repeat(times, np.diff(bounds))))
    return found
