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

from risk.explain.sentences import sentence
from risk.features.spec import Feature

Reason = dict[str, Any]


def reasons(
    features: Sequence[Feature],
    values: NDArray[np.float64],
    contributions: NDArray[np.float64],
    currency: str,
) -> list[Reason]:
    """Every reason with a contribution, strongest first.

    `features`, `values` and `contributions` run in parallel, shape (n,). A reason speaks through
    the strongest feature of its story.
    """
    weights, known = contributions.tolist(), values.tolist()
    stories: dict[str, list[int]] = {}
    for i, weight in enumerate(weights):
        if weight:
            stories.setdefault(features[i].story or features[i].name, []).append(i)
    told = []
    for story, members in stories.items():
        lead, total = _lead(members, weights)
        told.append(_reason(story, features[lead], known[lead], total, currency))
    return sorted(told, key=_strength)


def _lead(members: Sequence[int], weights: Sequence[float]) -> tuple[int, float]:
    """The member that speaks for a story, and the story's contribution."""
    if len(members) == 1:
        return members[0], weights[members[0]]
    total = math.fsum(weights[i] for i in members)
    same = [i for i in members if weights[i] * total > 0] or members
    return max(same, key=lambda i: abs(weights[i])), total


def _strength(reason: Reason) -> float:
    return -abs(float(reason["contribution"]))


def _reason(story: str, feature: Feature, value: float, weight: float, currency: str) -> Reason:
    return {
        "code": story,
        "family": feature.family,
        "effect": "raises" if weight > 0 else "lowers",
        "contribution": weight,
        "feature": feature.name,
        "value": _number(value),
        "text": sentence(feature, value, currency),
    }


def _number(value: float) -> float | int | None:
    """A whole number as one; None where it is unknown."""
    if value != value:  # noqa: PLR0124 - NaN is unknown, and this is the quick way to ask
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else round(value, 6)
