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

from risk.explain.sentences import sentence
from risk.facts.localised import LocalisedText
from risk.features.spec import Feature

Reason = dict[str, Any]

Lead = tuple[int, float]
"""The position of the feature that represents a story, and the story's contribution."""

CACHE_SIZE = 256
"""Rendered values kept for one feature; most values recur."""


class _FeatureReason:
    """Renders reasons of one feature and caches the sentences of its values."""

    __slots__ = ("_cache", "_feature", "_lowers", "_raises", "_story")

    def __init__(self, feature: Feature) -> None:
        self._feature, self._story = feature, feature.story or feature.name
        self._raises, self._lowers = (self._prefix(effect) for effect in ("raises", "lowers"))
        self._cache: dict[tuple[float | None, str], tuple[LocalisedText, bytes]] = {}

    def _prefix(self, effect: str) -> bytes:
        """The JSON of a reason up to its contribution."""
        head = {"code": self._story, "family": self._feature.family, "effect": effect}
        return orjson.dumps(head)[:-1] + b',"contribution":'

    def reason(self, value: float, weight: float, currency: str) -> Reason:
        """The reason for a contribution other than 0; `value` NaN is unknown."""
        known = None if value != value else value  # noqa: PLR0124 - NaN is unknown
        return {
            "code": self._story,
            "family": self._feature.family,
            "effect": "raises" if weight > 0 else "lowers",
            "contribution": weight,
            "feature": self._feature.name,
            "value": _number(known),
            "text": (self._cache.get((known, currency)) or self._render(known, currency))[0],
        }

    def reason_json(self, value: float, raises: bool, weight: bytes, currency: str) -> bytes:
        """The JSON of the same reason; `weight` is its contribution in JSON."""
        known = None if value != value else value  # noqa: PLR0124 - NaN is unknown
        rendered = self._cache.get((known, currency)) or self._render(known, currency)
        return (self._raises if raises else self._lowers) + weight + rendered[1]

    def _render(self, known: float | None, currency: str) -> tuple[LocalisedText, bytes]:
        """The sentence for a value, and the JSON of a reason after its contribution."""
        if len(self._cache) >= CACHE_SIZE:
            self._cache.clear()
        text = sentence(self._feature, math.nan if known is None else known, currency)
        tail = {"feature": self._feature.name, "value": _number(known), "text": text}
        rendered = self._cache[known, currency] = text, b"," + orjson.dumps(tail)[1:]
        return rendered


class ReasonBuilder:
    """Builds reasons from the contributions of some features; what can be prepared is, once."""

    def __init__(self, features: Sequence[Feature]) -> None:
        stories: dict[str, list[int]] = {}
        for i, feature in enumerate(features):
            stories.setdefault(feature.story or feature.name, []).append(i)
        self._stories = tuple(tuple(members) for members in stories.values())
        self._features = tuple(_FeatureReason(feature) for feature in features)

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
        found: list[tuple[float, int, Lead]] = []
        for place, members in enumerate(self._stories):
            if len(members) == 1:
                if weight := weights[members[0]]:
                    found.append((-abs(weight), place, (members[0], weight)))
            elif moved := [i for i in members if weights[i]]:
                lead = _lead(moved, weights)
                found.append((-abs(lead[1]), place, lead))
        found.sort()
        return [lead for _, _, lead in found]


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


def _number(value: float | None) -> float | int | None:
    """A whole number as an int, any other to six decimals."""
    if value is None:
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else round(value, 6)
