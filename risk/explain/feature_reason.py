"""The reason of one feature, as an object and as JSON."""

from __future__ import annotations

import math
from typing import Any

import orjson

from risk.explain.sentences import sentence
from risk.facts.localised import LocalisedText
from risk.features.spec import Feature

CACHE_SIZE = 256
"""Rendered values kept for one feature; most values recur."""


class FeatureReason:
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

    def reason(self, value: float, weight: float, currency: str) -> dict[str, Any]:
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


def _number(value: float | None) -> float | int | None:
    """A whole number as an int, any other to six decimals."""
    if value is None:
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else round(value, 6)
