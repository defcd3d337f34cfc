"""What a set of probabilities is worth, in the words of the field, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

LIMIT = 1e-6
BINS = 10
TOP = 0.05
MOST_WORK = 3_000_000


@dataclass(frozen=True)
class ScoredRows:
    """Labelled rows to judge by, all arrays (n,).

    `y` is 1 for fraud or abuse, `weight` what each row speaks for, `money` what it asks for in one
    common unit, `customer` whom it belongs to.
    """

    y: np.ndarray
    probability: np.ndarray
    weight: np.ndarray
    money: np.ndarray
    customer: np.ndarray

    @staticmethod
    def of(frame: pd.DataFrame, probability: np.ndarray | None = None) -> ScoredRows:
        """From test rows with `y`, `probability`, `weight`, `amount`, `currency`, `customer_id`."""
        found = frame["probability"].to_numpy() if probability is None else probability
        weight = frame["weight"].to_numpy() if "weight" in frame else np.ones(len(frame))
        y = (frame["y"] >= 0.5).to_numpy(dtype=float)
        return ScoredRows(
            y, found, weight, comparable_amounts(frame), frame["customer_id"].to_numpy()
        )

    def take(self, rows: np.ndarray) -> ScoredRows:
        """The rows of a mask or of positions."""
        parts = (self.y, self.probability, self.weight, self.money, self.customer)
        return ScoredRows(*(part[rows] for part in parts))

    @property
    def both(self) -> bool:
        """Whether there is anything to tell apart."""
        return bool((self.y > 0.5).any() and (self.y < 0.5).any())


def comparable_amounts(frame: pd.DataFrame) -> np.ndarray:
    """Amounts (n,) in one unit: as they are with one currency, else in that currency's medians.

    Amounts of different currencies are never summed; counted in typical requests they can be.
    """
    amount = frame["amount"].to_numpy(dtype=float)
    if frame["currency"].nunique() < 2:
        return amount
    median: np.ndarray = frame.groupby("currency")["amount"].transform("median").to_numpy()
    in_medians: np.ndarray = amount / median
    return in_medians


def auc(seen: ScoredRows) -> float:
    """Area under the ROC curve: how often an abusive request is scored above an honest one."""
    return float(roc_auc_score(seen.y, seen.probability, sample_weight=seen.weight))


def average_precision(seen: ScoredRows) -> float:
    """Area under the precision-recall curve, stepwise."""
    return float(average_precision_score(seen.y, seen.probability, sample_weight=seen.weight))


def recall_at_friction(
    seen: ScoredRows, friction: float, *, money: bool, score: np.ndarray | None = None
) -> float:
    """Share of abuse (requests, or money asked) found while at most `friction` of honest requests
    are bothered; the request on which the limit falls counts in part."""
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


def recall(seen: ScoredRows, friction: float) -> float:
    """Share of abusive requests found with `friction` of the honest ones bothered."""
    return recall_at_friction(seen, friction, money=False)


def money_saved(seen: ScoredRows, friction: float) -> float:
    """Share of what a perfect decider saves, asking first where most money is expected for each
    honest request bothered: by money x odds, the best order when the probability is right."""
    kept = np.clip(seen.probability, LIMIT, 1 - LIMIT)
    return recall_at_friction(seen, friction, money=True, score=seen.money * kept / (1 - kept))


def brier(seen: ScoredRows) -> float:
    """Mean squared distance between probability and finding."""
    return float(brier_score_loss(seen.y, seen.probability, sample_weight=seen.weight))


def logloss(seen: ScoredRows) -> float:
    """Mean negative log-likelihood, in nats."""
    kept = np.clip(seen.probability, LIMIT, 1 - LIMIT)
    return float(log_loss(seen.y, kept, sample_weight=seen.weight))


def calibration_error(seen: ScoredRows) -> float:
    """Expected calibration error over ten bins of equal weight (Naeini, Cooper & Hauskrecht 2015,
    "Obtaining well calibrated probabilities using Bayesian binning")."""
    order = np.argsort(seen.probability, kind="stable")
    weight = seen.weight[order]
    place = np.cumsum(weight) - weight / 2
    cell = np.minimum((BINS * place / weight.sum()).astype(int), BINS - 1)
    gap = np.bincount(cell, weight * (seen.y - seen.probability)[order], BINS)
    return float(np.abs(gap).sum() / weight.sum())


def observed_over_expected(seen: ScoredRows, top: float = TOP) -> float:
    """Found over foretold abuse among the `top` share of scores: 1 is right, above 1 too low."""
    order = np.argsort(-seen.probability, kind="stable")
    weight = seen.weight[order]
    rows = order[np.cumsum(weight) - weight / 2 <= top * weight.sum()]
    weight = seen.weight[rows]
    return float((weight * seen.y[rows]).sum() / (weight * seen.probability[rows]).sum())


METRICS: Mapping[str, Callable[[ScoredRows], float]] = {
    "auc": auc,
    "average_precision": average_precision,
    "recall_at_1": lambda seen: recall(seen, 0.01),
    "recall_at_5": lambda seen: recall(seen, 0.05),
    "money_at_5": lambda seen: money_saved(seen, 0.05),
    "money_at_10": lambda seen: money_saved(seen, 0.10),
    "brier": brier,
    "log_loss": logloss,
    "calibration_error": calibration_error,
    "observed_over_expected": observed_over_expected,
}


@dataclass(frozen=True)
class Interval:
    """A number with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def metric_intervals(
    seen: ScoredRows, names: Sequence[str] = tuple(METRICS), draws: int = 200, seed: int = 0
) -> dict[str, Interval]:
    """The named metrics with percentile intervals; empty when only one kind of label is there."""
    if not seen.both:
        return {}
    draws = min(draws, max(50, MOST_WORK // len(seen.y)))
    samples = [seen.take(rows) for rows in bootstrap_by_customer(seen.customer, draws, seed)]
    whole = [sample for sample in samples if sample.both]
    return {name: _interval(METRICS[name], seen, whole) for name in names}


def _interval(
    metric: Callable[[ScoredRows], float], seen: ScoredRows, samples: Sequence[ScoredRows]
) -> Interval:
    drawn = [metric(sample) for sample in samples]
    low, high = np.quantile(drawn, [0.025, 0.975]) if drawn else (np.nan, np.nan)
    return Interval(metric(seen), float(low), float(high))


def bootstrap_by_customer(customer: np.ndarray, draws: int, seed: int = 0) -> list[np.ndarray]:
    """Row positions of `draws` bootstrap samples of whole customers (Davison & Hinkley 1997,
    "Bootstrap methods and their application", on clustered data)."""
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
