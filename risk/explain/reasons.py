"""Contributions of features → reasons, strongest first, raising and lowering alike.

Features with the same `story` become one reason whose contribution is their sum, so that the
reasons and the base still add up to the raw score. A reason is stated where its feature has a
sentence; all others go into the remainder of their family.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from risk.explain.remainders import NO_FACT, Stated, remainders
from risk.explain.sentences import sentence
from risk.facts.localised import LocalisedText
from risk.features.spec import Feature
from risk.features.subjects import speaks_of

Reason = dict[str, Any]

Lead = tuple[int, float]
"""The position of the feature that represents a story, and the story's contribution."""

CACHE_SIZE = 256
"""Rendered values kept for one feature; most values recur."""

_Values = Sequence[float]


class _FeatureReason:
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
        self._cache: dict[tuple[Any, ...], tuple[LocalisedText | None, bytes]] = {}

    def _prefix(self, effect: str) -> bytes:
        """The JSON of a reason up to its contribution."""
        head = {"code": self._story, "family": self._feature.family, "effect": effect}
        return orjson.dumps(head)[:-1] + b',"contribution":'

    def has_sentence(self, at: int, values: _Values, currency: str) -> bool:
        """Whether the feature at a position of `values` states a fact."""
        return self._rendered(at, values, currency)[0] is not None

    def reason(
        self, at: int, values: _Values, weight: float, currency: str, *, stated: bool = True
    ) -> Reason:
        """The reason for a contribution other than 0; `stated` where its sentence is a fact."""
        text = self._rendered(at, values, currency)[0] if stated else None
        return {
            "code": self._story,
            "family": self._feature.family,
            "effect": "raises" if weight > 0 else "lowers",
            "contribution": weight,
            "feature": self._feature.name,
            "value": _number(_known(values[at])),
            "text": (text or NO_FACT).copy(),
        }

    def reason_json(
        self, at: int, values: _Values, raises: bool, weight: bytes, currency: str
    ) -> bytes:
        """The JSON of the same reason; `weight` is its contribution in JSON."""
        rendered = self._rendered(at, values, currency)[1]
        return (self._raises if raises else self._lowers) + weight + rendered

    def _rendered(
        self, at: int, values: _Values, currency: str
    ) -> tuple[LocalisedText | None, bytes]:
        known = _known(values[at])
        whole = None if self._counts_at is None else _known(values[self._counts_at])
        return self._cache.get((known, whole, currency)) or self._render(known, whole, currency)

    def _render(
        self, known: float | None, whole: float | None, currency: str
    ) -> tuple[LocalisedText | None, bytes]:
        """The sentence for a value, and the JSON of a reason after its contribution."""
        if len(self._cache) >= CACHE_SIZE:
            self._cache.clear()
        text = sentence(self._feature, math.nan if known is None else known, currency, whole)
        tail = {"feature": self._feature.name, "value": _number(known), "text": text}
        rendered = self._cache[known, whole, currency] = text, b"," + orjson.dumps(tail)[1:]
        return rendered


class ReasonBuilder:
    """Builds reasons from the contributions of some features; what can be prepared is, once.

    `values` and `contributions` run in parallel with the features, shape (n,). What is `unknown` of
    a case (a device that nobody gave) has no sentences.
    """

    def __init__(self, features: Sequence[Feature]) -> None:
        stories: dict[str, list[int]] = {}
        for i, feature in enumerate(features):
            stories.setdefault(feature.story or feature.name, []).append(i)
        self._stories = tuple(tuple(members) for members in stories.values())
        number = {i: n for n, members in enumerate(self._stories) for i in members}
        self._story_of = np.array([number[i] for i in range(len(features))], dtype=np.intp)
        self._families = tuple(dict.fromkeys(feature.family for feature in features))
        family = {name: n for n, name in enumerate(self._families)}
        self._family_of = np.array([family[f.family] for f in features], dtype=np.intp)
        counting = {f.measures[0]: i for i, f in enumerate(features) if f.formula == "copy"}
        self._features = tuple(
            _FeatureReason(f, counting.get(f.measures[1]) if f.is_share else None) for f in features
        )

    def every(
        self, values: NDArray[np.float64], contributions: NDArray[np.float64], currency: str,
        unknown: Collection[str] = (),
    ) -> list[Reason]:  # fmt: skip
        """Every reason with a contribution, strongest first.

        A story is represented by its strongest feature on the side of the sum.
        """
        known, weights = values.tolist(), contributions.tolist()
        leads = [_lead(moved, weights) for moved in self._moved(weights)]
        leads.sort(key=lambda lead: -abs(lead[1]))
        return [
            self._features[at].reason(
                at, known, weight, currency, stated=self._features[at].subjects.isdisjoint(unknown)
            )
            for at, weight in leads
        ]

    def reasons(
        self, values: NDArray[np.float64], contributions: NDArray[np.float64], currency: str,
        unknown: Collection[str] = (),
    ) -> list[Reason]:  # fmt: skip
        """The reasons that are stated, strongest first, then the remainders of the families.

        A story is represented by its strongest feature with a sentence on the side of the sum.
        """
        known = values.tolist()
        leads, others = self._split(known, contributions, currency, unknown)
        told = [self._features[at].reason(at, known, weight, currency) for at, weight in leads]
        return [*told, *remainders(others)]

    def reasons_json(
        self, values: NDArray[np.float64], contributions: NDArray[np.float64], currency: str,
        unknown: Collection[str] = (),
    ) -> bytes:  # fmt: skip
        """The same reasons as JSON, joined from prepared fragments."""
        known = values.tolist()
        leads, others = self._split(known, contributions, currency, unknown)
        numbers = orjson.dumps([weight for _, weight in leads])[1:-1].split(b",")
        fragments = [
            self._features[at].reason_json(at, known, weight > 0, number, currency)
            for (at, weight), number in zip(leads, numbers, strict=False)
        ]
        fragments += [orjson.dumps(one) for one in remainders(others)]
        return b"[" + b",".join(fragments) + b"]"

    def _split(
        self, values: _Values, contributions: NDArray[np.float64], currency: str,
        unknown: Collection[str],
    ) -> tuple[list[Lead], list[tuple[str, float]]]:  # fmt: skip
        """What is stated, strongest first, and the (family, contribution) of all else.

        Stories are taken from the strongest on, until no weaker one could be stated.
        """
        weights = contributions.tolist()
        sums = np.bincount(self._story_of, contributions, len(self._stories))
        found = Stated()
        told: list[tuple[int, Lead]] = []
        for story in np.argsort(-np.abs(sums), kind="stable").tolist():
            if found.complete or not sums[story]:
                break
            lead = self._speaker(self._stories[story], values, weights, currency, unknown)
            if lead is not None:
                told.append((story, lead))
                found.add(lead[1])
        kept = [told[i] for i in found.kept()]
        rest = contributions.copy()
        rest[[i for story, _ in kept for i in self._stories[story]]] = 0.0
        left = np.bincount(self._family_of, rest, len(self._families)).tolist()
        leads = [lead for _, lead in kept]
        return leads, list(zip(self._families, left, strict=True))

    def _speaker(
        self, members: Sequence[int], values: _Values, weights: _Values, currency: str,
        unknown: Collection[str],
    ) -> Lead | None:  # fmt: skip
        """The strongest member with a sentence on the side of the story's sum; None without one."""
        moved = [i for i in members if weights[i]]
        total = weights[moved[0]] if len(moved) == 1 else math.fsum(weights[i] for i in moved)
        if len(moved) > 1:
            moved = [i for i in moved if weights[i] * total > 0]
            moved.sort(key=lambda i: -abs(weights[i]))
        for i in moved:
            about = self._features[i]
            if about.subjects.isdisjoint(unknown) and about.has_sentence(i, values, currency):
                return i, total
        return None

    def _moved(self, weights: _Values) -> list[list[int]]:
        """The members of each story that contribute, for stories with any."""
        found = ([i for i in members if weights[i]] for members in self._stories)
        return [moved for moved in found if moved]


def _lead(members: Sequence[int], weights: Sequence[float]) -> Lead:
    """The member that represents a story, and the story's contribution."""
    if len(members) == 1:
        return members[0], weights[members[0]]
    total = math.fsum(weights[i] for i in members)
    same = [i for i in members if weights[i] * total > 0] or members
    return max(same, key=lambda i: abs(weights[i])), total


def _known(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124 - NaN is unknown


def _number(value: float | None) -> float | int | None:
    """A whole number as an int, any other to six decimals."""
    if value is None:
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else round(value, 6)
