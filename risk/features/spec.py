"""What a feature is: integer measures computed by SQL, and one formula that finishes them.

A `Measure` is one aggregate over the rows of a source that concern one entity and were visible at
`as_of`. A `Feature` names its measures and a formula. Both are data; `compile` makes them SQL.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

ENGINE_VERSION = 4
"""Raised when the meaning of a source or of the visibility rule changes. A decision names the engine
that made it, and only under that one must the facts give its features again."""

_DEFINITION_FORM = 1
"""Part of every hash: a model trained under an earlier engine loads as long as it stays."""


Family = Literal[
    "purchase_pattern",
    "shared_identity",
    "reason",
    "evidence",
    "logistics",
    "returned_goods",
    "order_context",
]
FAMILIES: tuple[Family, ...] = get_args(Family)
NO_REASON_FAMILIES: frozenset[str] = frozenset(FAMILIES) - {"reason", "evidence"}
"""What the seven-day lane may use: no reason is owed there, so neither reason nor proof."""

Formula = Literal[
    "copy", "share", "elapsed", "pace", "ratio", "against", "before", "came_after", "live", "unseen",
    "net", "net_share", "all_came", "all_came_elapsed", "if_whole",
]  # fmt: skip
_ZERO_AT_FIRST = (
    "before", "came_after", "live", "unseen", "net", "all_came", "if_whole",
)  # fmt: skip
"""The formulas that make 0 of nothing."""
Unit = Literal["count", "share", "days", "hours", "money", "flag", "points", "ratio", "grams"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One integer from SQL: `aggregate` of `value` over the rows where `where` holds.

    `group` is `source@entity` (see `sources.GROUPS`), or `case` for an expression over the spine
    itself. Expressions name the row `e.` and the spine `s.`. `window` is in
    milliseconds before `as_of`; None counts everything within the bound of the group.
    """

    group: str
    aggregate: Literal["count", "sum", "min", "max", "distinct", "value"]
    value: str = "1"
    where: str = ""
    window: int | None = None

    @property
    def empty(self) -> float:
        """Its value without any row: zero for counts and sums, unknown for the rest."""
        return 0.0 if self.aggregate in ("count", "sum", "distinct") else math.nan


@dataclass(frozen=True, slots=True)
class Feature:
    """One number of a feature vector, with everything a reader of it needs.

    `monotone` is +1 where more of it may only raise the risk, -1 where it may only lower it, 0
    where it is free. `cold_start` is its value when nothing is known yet (NaN: unknown). `text`
    holds its sentence by language, with `{value}` where the number goes, and by `none_of` the
    language the one for zero where it has its own: empty where zero is no fact.
    """

    name: str
    family: Family
    formula: Formula
    measures: tuple[Measure, ...]
    unit: Unit
    text: Mapping[str, str]
    monotone: int = 0
    params: tuple[float, ...] = ()
    retired: bool = False
    story: str = ""
    hash: str = field(default="", compare=False)

    @property
    def is_share(self) -> bool:
        """Whether it is a share of a count, its second measure."""
        return self.formula in ("share", "net_share")

    @property
    def cold_start(self) -> float:
        """The value with no history: what the formula makes of empty measures."""
        first = self.measures[0].empty
        if self.formula == "copy":
            return first * self.params[0]
        if self.is_share:
            return (first + self.params[0]) / (self.measures[1].empty + self.params[1])
        return 0.0 if self.formula in _ZERO_AT_FIRST else math.nan


def none_of(language: str) -> str:
    """Where a feature's `text` keeps the sentence for zero, or for a no.

    >>> none_of("en")
    'en_none'
    """
    return f"{language}_none"


def definition(feature: Feature) -> str:
    """Everything that decides the feature's value, as one canonical line."""
    measures = "; ".join(
        f"{m.group}|{m.aggregate}|{m.value}|{m.where}|{m.window}" for m in feature.measures
    )
    return f"{_DEFINITION_FORM}|{feature.name}|{feature.formula}|{feature.params}|{measures}"


def hashed(feature: Feature) -> Feature:
    """The feature with the hash of its definition: a model loads where its hashes exist.

    The sentence is no part of the definition; what is measured is.

    >>> month, year = (Measure("requests@customer", "count", window=d) for d in (30, 365))
    >>> count = Feature("count", "purchase_pattern", "copy", (month,), "count", {}, params=(1.0,))
    >>> hashed(count).hash == hashed(replace(count, text={"en": "{value} requests"})).hash
    True
    >>> hashed(count).hash == hashed(replace(count, measures=(year,))).hash
    False
    """
    digest = hashlib.blake2b(definition(feature).encode(), digest_size=8).hexdigest()
    return replace(feature, hash=digest)
