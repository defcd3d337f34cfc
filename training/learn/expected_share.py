"""The lowest threshold that is expected to keep the promise, by a model's own probabilities.

Findings of honest requests are few, and prove a threshold only where they are many. All requests
that were not found abusive are several times as many, and each is honest with the chance that the
calibrated model itself leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.learn.promise import MAX_THRESHOLDS, NO_THRESHOLD
from training.learn.sampling import evenly_spaced
from training.learn.trend import projected_growth

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NotFoundAbusive:
    """Requests not found abusive, (n,) each: when they were `asked_at` (ms), their `probability`
    then, and the chance that each is `honest`: 1 where it was found so."""

    asked_at: NDArray[np.int64]
    probability: Floats
    honest: Floats

    def reaching(self, threshold: float) -> NDArray[np.bool_]:
        """Which of them reach a threshold."""
        return np.asarray(self.probability >= threshold)

    def expected(self, threshold: float) -> float:
        """The share of the honest among them that is expected to reach a threshold."""
        return float(self.honest[self.reaching(threshold)].sum() / self.honest.sum())

    def growth(self, threshold: float) -> float:
        """How many times as many are projected to reach it in a quarter."""
        return projected_growth(self.asked_at, self.reaching(threshold))


def expected_threshold(seen: NotFoundAbusive, share: float, rules: float) -> float | None:
    """The lowest threshold at which what rules bother, and the honest expected to reach it in a
    quarter, are together no more than `share`; `NO_THRESHOLD` where even the highest probability
    is too low, None where no request was seen.

    Whoever reaches a threshold counts, also where the policy would not ask them for the little that
    is at stake.
    """
    if not len(seen.probability):
        return None
    lowest, every = NO_THRESHOLD, np.unique(seen.probability)[::-1]
    for place in evenly_spaced(np.arange(len(every)), MAX_THRESHOLDS):
        threshold = float(every[place])
        if rules + seen.expected(threshold) * seen.growth(threshold) > share:
            break
        lowest = threshold
    return lowest
