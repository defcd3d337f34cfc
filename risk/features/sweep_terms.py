"""Which measures one pass over sorted rows can compute, read from the catalogue's own entries.

A measure that probes of a row nothing but what the row itself says, that a column equals the case's
own, and that another differs from it, is a difference of prefix sums. What probes for more, and the
case's own few rows, is left to the join.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from risk.features.sources import GROUPS, Group, stands
from risk.features.spec import Measure

_EQUAL = re.compile(r"e\.(\w+) = s\.\1")
_OTHER = re.compile(r"e\.(\w+) <> s\.\1")
_FACTOR = re.compile(r"s\.(\w+)")


@dataclass(frozen=True, slots=True)
class SweepTerm:
    """A measure as a sweep reads it: `value` and `when` are SQL over the row `e` alone.

    Rows count whose columns `equal` equal the case's own, and whose column `other` differs from it.
    A sum is multiplied by the case's own column `factor`, where one is named.
    """

    measure: Measure
    value: str
    when: str = ""
    equal: tuple[str, ...] = ()
    other: str = ""
    factor: str = ""

    @property
    def number(self) -> str:
        """What a row contributes, as SQL: nothing where `when` does not hold, and 1 among distinct
        values."""
        value = "1" if self.distinct else self.value
        return f"CASE WHEN {self.when} THEN {value} END" if self.when else value

    @property
    def distinct(self) -> bool:
        """Whether distinct values count."""
        return self.measure.aggregate == "distinct"


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """A group's measures that are swept. `ends` says whether its rows stop to stand."""

    group: Group
    terms: tuple[SweepTerm, ...]
    ends: bool

    @property
    def several(self) -> bool:
        """Whether a case may read several entities."""
        return bool(self.group.many) or len(self.group.keys) > 1

    @property
    def compared(self) -> tuple[str, ...]:
        """The columns that are compared with the case's own."""
        named = {c for term in self.terms for c in (*term.equal, term.other) if c}
        return tuple(sorted(named))


def plan_of(name: str, measures: Sequence[Measure]) -> SweepPlan | None:
    """How a group is swept; None where no measure of it can be."""
    group = GROUPS.get(name)
    if group is None or group.own or group.exact or group.rows:
        return None
    terms = tuple(term for m in measures if (term := _term(m, group)) is not None)
    return SweepPlan(group, terms, stands(group.seen) in group.skip) if terms else None


def _term(measure: Measure, group: Group) -> SweepTerm | None:
    found = _compared(group.skip.replace(f" AND {stands(group.seen)}", ""), measure.where)
    factor = _FACTOR.fullmatch(measure.value)
    if factor and measure.aggregate == "sum":
        value, column = "1", factor[1]
    elif "s." not in measure.value:
        value, column = measure.value, ""
    else:
        return None
    if found is None:
        return None
    when, equal, other = found
    return SweepTerm(measure, value, when, equal, other, column)


def _compared(*conditions: str) -> tuple[str, tuple[str, ...], str] | None:
    """The conditions as what the row alone says, the columns that equal the case's own, and the one
    that differs from it; None where they cannot be read so."""
    alone: list[str] = []
    equal: set[str] = set()
    other: set[str] = set()
    for condition in conditions:
        if "s." not in condition:
            alone += [f"({condition})"] if condition else []
            continue
        if re.search(r"\b(OR|CASE|BETWEEN|NOT(?! NULL))\b", condition):
            return None
        for part in condition.split(" AND "):
            if found := _EQUAL.fullmatch(part):
                equal.add(found[1])
            elif found := _OTHER.fullmatch(part):
                other.add(found[1])
            elif "s." in part or part.count("(") != part.count(")"):
                return None
            else:
                alone.append(part)
    if len(other) > 1:
        return None
    return " AND ".join(alone), tuple(sorted(equal)), "".join(other)
