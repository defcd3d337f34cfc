"""The reasons of one feature: their sentence, what a share counts, and their JSON."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import orjson

from risk.explain.absences import absent_among
from risk.explain.remainders import NO_FACT
from risk.explain.sentences import counted, sentence
from risk.explain.spoken import OVERTAKEN_BY, is_overtaken, is_told
from risk.facts.localised import LocalisedText
from risk.features.spec import Feature, Measure
from risk.features.subjects import speaks_of

Reason = dict[str, Any]

CACHE_SIZE = 256
"""Rendered values kept for one feature; most values recur."""

Values = Sequence[float]

Said = Literal["reason", "fact", "nothing"]


class FeaturePlaces(NamedTuple):
    """Where features stand in a vector, by name, and by the measure of those that count it."""

    named: Mapping[str, int]
    counting: Mapping[Measure, int]

    @staticmethod
    def of(features: Sequence[Feature]) -> FeaturePlaces:
        counting = {f.measures[0]: i for i, f in enumerate(features) if f.formula == "copy"}
        return FeaturePlaces({f.name: i for i, f in enumerate(features)}, counting)


def read_beside(features: Sequence[Feature], used: Collection[str]) -> set[str]:
    """What the sentences of the `used` features rest on besides them, as far as it is there: the
    count behind a share, what there must be for a 0 to say something, and what overtakes it."""
    places = FeaturePlaces.of(features)
    beside: set[str] = set()
    for feature in features:
        if feature.name in used:
            behind = places.counting.get(feature.measures[1]) if feature.is_share else None
            beside |= set() if behind is None else {features[behind].name}
            beside |= {*(absent_among(feature.name) or ()), OVERTAKEN_BY.get(feature.name, "")}
    return beside & places.named.keys()


class _Rendered(NamedTuple):
    """The sentence for a value, what a share counts, the JSON of a reason after its contribution,
    and what it says where it lowers and where it raises."""

    text: LocalisedText | None
    counts: dict[str, float | int | None]
    tail: bytes
    said: tuple[Said, Said]


class FeatureReason:
    """Renders reasons of one feature and caches the sentences of its values.

    `places` are the positions of all features: that of the count behind a share, and of what there
    must be for a 0 to say something. `subjects` are what the feature speaks of, where that may be
    unknown.
    """

    __slots__ = (
        "_among",
        "_cache",
        "_counts_at",
        "_feature",
        "_lowers",
        "_overtaken_at",
        "_raises",
        "_story",
        "none_says",
        "subjects",
    )  # fmt: skip

    def __init__(self, feature: Feature, places: FeaturePlaces) -> None:
        self._feature, self._story = feature, feature.story or feature.name
        self.subjects = speaks_of(feature)
        self._counts_at = places.counting.get(feature.measures[1]) if feature.is_share else None
        among = absent_among(feature.name)
        self.none_says = among is not None and all(name in places.named for name in among)
        self._overtaken_at = places.named.get(OVERTAKEN_BY.get(feature.name, ""))
        self._among = tuple(places.named[name] for name in among or ()) if self.none_says else ()
        self._raises, self._lowers = (self._prefix(effect) for effect in ("raises", "lowers"))
        self._cache: dict[tuple[Any, ...], _Rendered] = {}

    def _prefix(self, effect: str) -> bytes:
        """The JSON of a reason up to its contribution."""
        head = {"code": self._story, "family": self._feature.family, "effect": effect}
        return orjson.dumps(head)[:-1] + b',"contribution":'

    def says(self, at: int, values: Values, currency: str, *, raises: bool) -> Said:
        """What the feature at a position of `values` says in a decision: a reason that a person
        would give, a plain fact, or nothing, as where there is none of something."""
        value = values[at]
        if value != value or (not value and not self.none_says):  # noqa: PLR0124 - NaN: unknown
            return "nothing"
        if self._overtaken_at is not None and self._is_overtaken(values):
            return "nothing"
        return self._rendered(at, values, currency).said[raises]

    def _is_overtaken(self, values: Values) -> bool:
        at = self._overtaken_at
        return at is not None and is_overtaken(self._feature.name, _known(values[at]))

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
        if known == 0 and self._among and all(values[one] > 0 for one in self._among):
            whole = values[self._among[0]]
        return self._cache.get((known, whole, currency)) or self._render(known, whole, currency)

    def _render(self, known: float | None, whole: float | None, currency: str) -> _Rendered:
        if len(self._cache) >= CACHE_SIZE:
            self._cache.clear()
        value = math.nan if known is None else known
        text, part = sentence(self._feature, value, currency, whole), None
        if text is not None:
            absent = known == 0 and whole is not None and bool(self._among)
            part = 0.0 if absent else counted(self._feature, value, whole)
        counts: dict[str, float | int | None] = {} if part is None else {"counted": _number(part)}
        tail = {"feature": self._feature.name, "value": _number(known), **counts, "text": text}
        said = (self._said(known, text, counts, raises=False),
                self._said(known, text, counts, raises=True))  # fmt: skip
        rendered = _Rendered(text, counts, b"," + orjson.dumps(tail)[1:], said)
        self._cache[known, whole, currency] = rendered
        return rendered

    def _said(
        self, known: float | None, text: LocalisedText | None,
        counts: dict[str, float | int | None], *, raises: bool,
    ) -> Said:  # fmt: skip
        value = _number(known)
        if value is None or text is None:
            return "nothing"
        none = not value or counts.get("counted") == 0
        among = self.none_says and ("counted" in counts or not self._among)
        if is_told(self._feature.name, value, none=none, among=among, raises=raises):
            return "reason"
        return "nothing" if none else "fact"


def _known(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124 - NaN is unknown


def _number(value: float | None) -> float | int | None:
    """A whole number as an int, any other to six decimals."""
    if value is None:
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else round(value, 6)
