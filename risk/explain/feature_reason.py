"""The reasons of one feature: their sentence, what a share counts, and their JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson

from risk.explain.remainders import NO_FACT
from risk.explain.sentences import counted, sentence
from risk.explain.spoken import is_told
from risk.facts.localised import LocalisedText
from risk.features.spec import Feature
from risk.features.subjects import speaks_of

Reason = dict[str, Any]

CACHE_SIZE = 256
"""Rendered values kept for one feature; most values recur."""

Values = Sequence[float]


class _Rendered(NamedTuple):
    """The sentence for a value, what a share counts, and the JSON of a reason after its
    contribution."""

    text: LocalisedText | None
    counts: dict[str, float | int | None]
    tail: bytes


class FeatureReason:
    """Renders reasons of one feature and caches the sentences of its values.

    `counts_at` is the position of the feature that holds the count behind a share; `subjects`
    are what the feature speaks of, where that may be unknown.
    """

    __slots__ = ("_cache", "_counts_at", "_feature", "_lowers", "_raises", "_story", "subjects")

    def __init__(self, feature: Feature, counts_at: int | None) -> None:
        self._feature, self._story = feature, feature.story or feature.name
        self.subjects = speaks_of(feature)
        self._counts_at = counts_at
        self._raises, self._lowers = (self._prefix(effect) for effect in ("raises", "lowers"))
        self._cache: dict[tuple[Any, ...], _Rendered] = {}

    def _prefix(self, effect: str) -> bytes:
        """The JSON of a reason up to its contribution."""
        head = {"code": self._story, "family": self._feature.family, "effect": effect}
        return orjson.dumps(head)[:-1] + b',"contribution":'

    def has_sentence(self, at: int, values: Values, currency: str) -> bool:
        """Whether the feature at a position of `values` states a fact."""
        return self._rendered(at, values, currency).text is not None

    def is_told(self, at: int, values: Values, currency: str, *, raises: bool) -> bool:
        """Whether a person would give it as a reason."""
        value = _number(_known(values[at]))
        if value is None:
            return False
        counts = self._rendered(at, values, currency).counts
        none = not value or counts.get("counted") == 0
        return is_told(self._feature.name, value, none=none, raises=raises)

    def reason(
        self, at: int, values: Values, weight: float, currency: str, *, stated: bool = True
    ) -> Reason:
        """The reason for a contribution other than 0; `stated` where its sentence is a fact."""
        rendered = self._rendered(at, values, currency)
        text = rendered.text if stated else None
        return {
            "code": self._story,
            "family": self._feature.family,
            "effect": "raises" if weight > 0 else "lowers",
            "contribution": weight,
            "feature": self._feature.name,
            "value": _number(_known(values[at])),
            **(rendered.counts if text else {}),
            "text": (text or NO_FACT).copy(),
        }

    def reason_json(
        self, at: int, values: Values, raises: bool, weight: bytes, currency: str
    ) -> bytes:
        """The JSON of the same reason; `weight` is its contribution in JSON."""
        rendered = self._rendered(at, values, currency).tail
        return (self._raises if raises else self._lowers) + weight + rendered

    def _rendered(self, at: int, values: Values, currency: str) -> _Rendered:
        known = _known(values[at])
        whole = None if self._counts_at is None else _known(values[self._counts_at])
        return self._cache.get((known, whole, currency)) or self._render(known, whole, currency)

    def _render(self, known: float | None, whole: float | None, currency: str) -> _Rendered:
        if len(self._cache) >= CACHE_SIZE:
            self._cache.clear()
        value = math.nan if known is None else known
        text, part = sentence(self._feature, value, currency, whole), None
        if text is not None:
            part = counted(self._feature, value, whole)
        counts: dict[str, float | int | None] = {} if part is None else {"counted": _number(part)}
        tail = {"feature": self._feature.name, "value": _number(known), **counts, "text": text}
        rendered = _Rendered(text, counts, b"," + orjson.dumps(tail)[1:])
        self._cache[known, whole, currency] = rendered
        return rendered


def _known(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124 - NaN is unknown


def _number(value: float | None) -> float | int | None:
    """A whole number as an int, any other to six decimals."""
    if value is None:
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else round(value, 6)
