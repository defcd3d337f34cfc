"""Contributions of features → reasons, strongest first, raising and lowering alike.

Features with the same `story` become one reason whose contribution is their sum, so that the
reasons and the base still add up to the raw score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from risk.explain.feature_reason import FeatureReason
from risk.features.spec import Feature

Reason = dict[str, Any]

Lead = tuple[int, float]
"""The position of the feature that represents a story, and the story's contribution."""


class ReasonBuilder:
    """Builds reasons from the contributions of some features; what can be prepared is, once."""

    def __init__(self, features: Sequence[Feature]) -> None:
        stories: dict[str, list[int]] = {}
        for i, feature in enumerate(features):
            stories.setdefault(feature.story or feature.name, []).append(i)
        self._stories = tuple(tuple(members) for members in stories.values())
        self._features = tuple(FeatureReason(feature) for feature in features)

    def reasons(
        self, values: NDArray[np.float64], contributions: NDArray[np.float64], currency: str
    ) -> list[Reason]:
        """Every reason with a contribution, strongest first.

        `values` and `contributions` run in parallel with the features, shape (n,). A story is
        represented by its strongest feature on the side of the sum.
        """
        known = values.tolist()
        return [
            self._features[lead].reason(known[lead], weight, currency)
            for lead, weight in self._ranked(contributions.tolist())
        ]

    def reasons_json(
        self, values: NDArray[np.float64], contributions: NDArray[np.float64], currency: str
    ) -> bytes:
        """The same reasons as JSON, joined from prepared fragments."""
        known, ranked = values.tolist(), self._ranked(contributions.tolist())
        weights = orjson.dumps([weight for _, weight in ranked])[1:-1].split(b",")
        fragments = [
            self._features[lead].reason_json(known[lead], weight > 0, number, currency)
            for (lead, weight), number in zip(ranked, weights, strict=False)
        ]
        return b"[" + b",".join(fragments) + b"]"

    def _ranked(self, weights: Sequence[float]) -> list[Lead]:
        """Every story with a contribution, strongest first."""
        found: list[Lead] = []
        for members in self._stories:
            if len(members) == 1:
                (lead,) = members
                if weights[lead]:
                    found.append((lead, weights[lead]))
            elif moved := [i for i in members if weights[i]]:
                found.append(_lead(moved, weights))
        found.sort(key=_strength)
        return found


def reasons(
    features: Sequence[Feature],
    values: NDArray[np.float64],
    contributions: NDArray[np.float64],
    currency: str,
) -> list[Reason]:
    """The reasons of one case, for callers without a `ReasonBuilder` at hand."""
    return ReasonBuilder(features).reasons(values, contributions, currency)


def _lead(members: Sequence[int], weights: Sequence[float]) -> Lead:
    """The member that represents a story, and the story's contribution."""
    if len(members) == 1:
        return members[0], weights[members[0]]
    total = math.fsum(weights[i] for i in members)
    same = [i for i in members if weights[i] * total > 0] or members
    return max(same, key=lambda i: abs(weights[i])), total


def _strength(lead: Lead) -> float:
    return -abs(lead[1])
