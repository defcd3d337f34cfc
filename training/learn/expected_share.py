"""The lowest threshold that is expected to keep the promise, by a model's own probabilities.

Findings of honest requests are few, and prove a threshold only where they are many. All requests
that were not found abusive are several times as many, and each is honest with the chance that the
calibrated model itself leaves it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from training.learn.lives import highest
from training.learn.promise import MAX_THRESHOLDS, NO_THRESHOLD
from training.learn.sampling import evenly_spaced
from training.learn.trend import projected_growth

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class NotFoundAbusive:
    """Requests not found abusive, (n,) each: when they were `asked_at` (ms), their `probability`
    then, and the chance that each is `honest`: 1 where it was found so; which of them belong to
    each of `groups`, and the threshold of a group that each is asked from (`floor`)."""

    asked_at: NDArray[np.int64]
    probability: Floats
    honest: Floats
    groups: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    floor: float | Floats = 0.0

    def of(self, members: NDArray[np.bool_]) -> NotFoundAbusive:
        """Those of one group, whoever is asked from where."""
        return NotFoundAbusive(
            self.asked_at[members], self.probability[members], self.honest[members]
        )

    def held_to(self, of_group: Mapping[str, float]) -> NotFoundAbusive:
        """The same, those of each group asked from its threshold on."""
        return replace(self, floor=highest(of_group, self.groups, len(self.probability)))

    def reaching(self, threshold: float) -> NDArray[np.bool_]:
        """Which of them reach a threshold, and their group's."""
        return np.asarray(self.probability >= np.maximum(threshold, self.floor))

    def expected(self, threshold: float) -> float:
        """The share of the honest among them that is expected to reach a threshold."""
        return float(self.honest[self.reaching(threshold)].sum() / self.honest.sum())

    def growth(self, threshold: float) -> float:
        """How many times as many are projected to reach it in a quarter."""
        return projected_growth(self.asked_at, self.reaching(threshold))


def expected_threshold(seen: NotFoundAbusive, left: float) -> float | None:
    """The lowest threshold that no more than `left` of the honest are expected to reach in a
    quarter; `NO_THRESHOLD` where even the highest probability is too low, None where no request was
    seen.

    Whoever reaches a threshold counts, also where the policy would not ask them for the little that
    is at stake.
    """
    if not len(seen.probability):
        return None
    return _lowest(seen, lambda at: seen.expected(at) * seen.growth(at) <= left)


def group_thresholds(seen: NotFoundAbusive, threshold: float) -> dict[str, float]:
    """For each group the lowest threshold, not below that of all, that the honest of it are
    expected to reach no more often than all the honest reach `threshold`."""
    found = {}
    for name, members in seen.groups.items():
        if members.any():
            group, allowed = seen.of(members), seen.expected(threshold)
            found[name] = max(threshold, _lowest(group, _no_more(group, allowed)))
    return found


def _no_more(group: NotFoundAbusive, allowed: float) -> Callable[[float], bool]:
    return lambda at: group.expected(at) <= allowed


def _lowest(seen: NotFoundAbusive, fits: Callable[[float], bool]) -> float:
    """The lowest threshold down to which every one fits, from the highest probability on."""
    lowest, every = NO_THRESHOLD, np.unique(seen.probability)[::-1]
    for place in evenly_spaced(np.arange(len(every)), MAX_THRESHOLDS):
        if not fits(float(every[place])):
            break
        lowest = float(every[place])
    return lowest
