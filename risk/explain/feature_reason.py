"""One feature as it speaks in reasons: as an object, and as the JSON of it."""

from __future__ import annotations

import math
from typing import Any

import orjson

from risk.explain.sentences import Words, sentence
from risk.features.spec import Feature

REMEMBERED = 256
"""So many values of one feature are kept as they are told; most are told again and again."""


class Voice:
    """One feature as it speaks in reasons."""

    __slots__ = ("_feature", "_lowers", "_raises", "_story", "_told")

    def __init__(self, feature: Feature) -> None:
        self._feature, self._story = feature, feature.story or feature.name
        self._raises, self._lowers = (self._opening(effect) for effect in ("raises", "lowers"))
        self._told: dict[tuple[float | None, str], tuple[Words, bytes]] = {}

    def _opening(self, effect: str) -> bytes:
        """The JSON of a reason up to its contribution."""
        said = {"code": self._story, "family": self._feature.family, "effect": effect}
        return orjson.dumps(said)[:-1] + b',"contribution":'

    def reason(self, value: float, weight: float, currency: str) -> dict[str, Any]:
        """The reason for a contribution other than 0."""
        known = None if value != value else value  # noqa: PLR0124 - NaN is unknown
        return {
            "code": self._story,
            "family": self._feature.family,
            "effect": "raises" if weight > 0 else "lowers",
            "contribution": weight,
            "feature": self._feature.name,
            "value": _number(known),
            "text": (self._told.get((known, currency)) or self._tell(known, currency))[0],
        }

    def written(self, value: float, raises: bool, weight: bytes, currency: str) -> bytes:
        """The JSON of the same reason; `weight` is its contribution, written."""
        known = None if value != value else value  # noqa: PLR0124 - NaN is unknown
        told = self._told.get((known, currency)) or self._tell(known, currency)
        return (self._raises if raises else self._lowers) + weight + told[1]

    def _tell(self, known: float | None, currency: str) -> tuple[Words, bytes]:
        """The words for a value, and the JSON of a reason from its contribution on."""
        if len(self._told) >= REMEMBERED:
            self._told.clear()
        words = sentence(self._feature, math.nan if known is None else known, currency)
        said = {"feature": self._feature.name, "value": _number(known), "text": words}
        told = self._told[known, currency] = words, b"," + orjson.dumps(said)[1:]
        return told


def _number(value: float | None) -> float | int | None:
    """A whole number as one."""
    if value is None:
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else round(value, 6)
