"""Contributions of features → reasons, raising and lowering alike: those first that a person would
give, the strongest of either first.

Features with the same `story` become one reason whose contribution is their sum, so that the
reasons and the base still add up to the raw score. A reason is stated where its feature has a
sentence; all others go into the remainder of their family.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
import orjson
from numpy.typing import NDArray

from risk.explain.feature_reason import FeaturePlaces, FeatureReason, Reason, Values
from risk.explain.remainders import SMALLEST, Stated, remainders
from risk.features.spec import Feature

Lead = tuple[int, float]
"""The position of the feature that represents a story, and the story's contribution."""

StatedLead = tuple[int, float, bool]
"""A lead that is stated, and whether a person would give it as a reason."""


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
        places = FeaturePlaces.of(features)
        self._features = tuple(FeatureReason(one, places) for one in features)
        self._none_says = np.array([one.none_says for one in self._features], dtype=np.bool_)

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
        """The reasons that are stated, those first that a person would give, then the remainders
        of the families.

        A story is represented by its strongest feature with a sentence on the side of the sum,
        such as a person would give before any other. That there is none of something is stated only
        where it speaks for somebody.
        """
        known = values.tolist()
        leads, others = self._split(values, known, contributions, currency, unknown)
        told = [self._features[at].reason(at, known, weight, currency) for at, weight in leads]
        return [*told, *remainders(others)]

    def reasons_json(
        self, values: NDArray[np.float64], contributions: NDArray[np.float64], currency: str,
        unknown: Collection[str] = (),
    ) -> bytes:  # fmt: skip
        """The same reasons as JSON, joined from prepared fragments."""
        known = values.tolist()
        leads, others = self._split(values, known, contributions, currency, unknown)
        numbers = orjson.dumps([weight for _, weight in leads])[1:-1].split(b",")
        fragments = [
            self._features[at].reason_json(at, known, weight > 0, number, currency)
            for (at, weight), number in zip(leads, numbers, strict=False)
        ]
        fragments += [orjson.dumps(one) for one in remainders(others)]
        return b"[" + b",".join(fragments) + b"]"

    def _split(
        self, vector: NDArray[np.float64], values: Values, contributions: NDArray[np.float64],
        currency: str, unknown: Collection[str],
    ) -> tuple[list[Lead], list[tuple[str, float]]]:  # fmt: skip
        """What is stated, in its order, and the (family, contribution) of all else; `values` are
        those of the vector.

        Stories with anything to say are taken from the strongest on, until no weaker one could be
        stated.
        """
        weights = contributions.tolist()
        sums = np.bincount(self._story_of, contributions, len(self._stories))
        says = np.bincount(self._story_of, (vector != 0) | self._none_says, len(self._stories))
        sums[says == 0] = 0.0
        found = Stated()
        told: list[tuple[int, StatedLead]] = []
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
        ranked = sorted((lead for _, lead in kept), key=lambda lead: not _heads(lead))
        leads = [(at, weight) for at, weight, _ in ranked]
        return leads, list(zip(self._families, left, strict=True))

    def _speaker(
        self, members: Sequence[int], values: Values, weights: Values, currency: str,
        unknown: Collection[str],
    ) -> StatedLead | None:  # fmt: skip
        """The strongest member with something to say on the side of the story's sum, before all
        others one that a person would give; None without one."""
        moved = [i for i in members if weights[i]]
        total = weights[moved[0]] if len(moved) == 1 else math.fsum(weights[i] for i in moved)
        if len(moved) > 1:
            moved = [i for i in moved if weights[i] * total > 0]
            moved.sort(key=lambda i: -abs(weights[i]))
        plain: StatedLead | None = None
        for i in moved:
            about = self._features[i]
            if not about.subjects.isdisjoint(unknown):
                continue
            said = about.says(i, values, currency, raises=total > 0)
            if said == "reason":
                return i, total, True
            if said == "fact" and plain is None:
                plain = i, total, False
        return plain

    def _moved(self, weights: Values) -> list[list[int]]:
        """The members of each story that contribute, for stories with any."""
        found = ([i for i in members if weights[i]] for members in self._stories)
        return [moved for moved in found if moved]


def _heads(lead: StatedLead) -> bool:
    """Whether a person would give a lead before what only moves the score: not where it hardly
    moves it itself."""
    return lead[2] and abs(lead[1]) >= SMALLEST


def _lead(members: Sequence[int], weights: Sequence[float]) -> Lead:
    """The member that represents a story, and the story's contribution."""
    if len(members) == 1:
        return members[0], weights[members[0]]
    total = math.fsum(weights[i] for i in members)
    same = [i for i in members if weights[i] * total > 0] or members
    return max(same, key=lambda i: abs(weights[i])), total
