"""From contributions to reasons, strongest first, for and against alike.

Features that tell one story are told as one reason whose contribution is their sum, so that the
reasons and the base still add up to the raw score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from risk.explain.sentences import Words, sentence
from risk.features.spec import Feature

Reason = dict[str, Any]

REMEMBERED = 256
"""So many sentences of one feature are kept; most values are told again and again."""


class Teller:
    """Tells reasons through some features; what does not hang on the case is worked out once."""

    def __init__(self, features: Sequence[Feature]) -> None:
        stories: dict[str, list[int]] = {}
        for i, feature in enumerate(features):
            stories.setdefault(feature.story or feature.name, []).append(i)
        self._stories = tuple(stories.items())
        self._voices = tuple(_Voice(feature) for feature in features)

    def __call__(
        self, values: NDArray[np.float64], contributions: NDArray[np.float64], currency: str
    ) -> list[Reason]:
        """Every reason with a contribution, strongest first.

        `values` and `contributions` run in parallel with the features, shape (n,). A reason speaks
        through the strongest feature of its story.
        """
        weights, known = contributions.tolist(), values.tolist()
        told = []
        for story, members in self._stories:
            moved = [i for i in members if weights[i]]
            if moved:
                lead, total = _lead(moved, weights)
                told.append(self._voices[lead].reason(story, known[lead], total, currency))
        told.sort(key=_strength)
        return told


def reasons(
    features: Sequence[Feature],
    values: NDArray[np.float64],
    contributions: NDArray[np.float64],
    currency: str,
) -> list[Reason]:
    """What a `Teller` of these features tells once."""
    return Teller(features)(values, contributions, currency)


class _Voice:
    """One feature as it speaks in reasons."""

    __slots__ = ("_family", "_feature", "_name", "_told")

    def __init__(self, feature: Feature) -> None:
        self._feature, self._name, self._family = feature, feature.name, feature.family
        self._told: dict[tuple[float | None, str], Words] = {}

    def reason(self, story: str, value: float, weight: float, currency: str) -> Reason:
        known = None if value != value else value  # noqa: PLR0124 - NaN is unknown
        words = self._told.get((known, currency))
        if words is None:
            words = self._tell(known, currency)
        return {
            "code": story,
            "family": self._family,
            "effect": "raises" if weight > 0 else "lowers",
            "contribution": weight,
            "feature": self._name,
            "value": None if known is None else _number(known),
            "text": words,
        }

    def _tell(self, known: float | None, currency: str) -> Words:
        if len(self._told) >= REMEMBERED:
            self._told.clear()
        words = sentence(self._feature, math.nan if known is None else known, currency)
        self._told[known, currency] = words
        return words


def _lead(members: Sequence[int], weights: Sequence[float]) -> tuple[int, float]:
    """The member that speaks for a story, and the story's contribution."""
    if len(members) == 1:
        return members[0], weights[members[0]]
    total = math.fsum(weights[i] for i in members)
    same = [i for i in members if weights[i] * total > 0] or members
    return max(same, key=lambda i: abs(weights[i])), total


def _strength(reason: Reason) -> float:
    return -abs(float(reason["contribution"]))


def _number(value: float) -> float | int:
    """A whole number as one."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else round(value, 6)
