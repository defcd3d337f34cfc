"""Whether the reasons of a stored decision are some of all reasons, with the sums of the others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from risk.explain import is_remainder

EXACT = 1e-9
"""How far apart the sums of a family's contributions may be."""

Reasons = Sequence[Mapping[str, Any]]


def states(stored: Reasons, every: Reasons) -> bool:
    """Whether each stored reason is among `every` with the same contribution, to the bit, and the
    remainders are the sums of the others. Which reasons have a sentence may change by release."""
    known = {reason["code"]: reason for reason in every}
    stated = [reason for reason in stored if not is_remainder(reason)]
    if len({reason["code"] for reason in stated}) != len(stated):
        return False
    for reason in stated:
        again = known.get(reason["code"])
        if again is None or any(
            reason[name] != again[name] for name in ("family", "effect", "contribution")
        ):
            return False
    return _equal(_by_family(stored), _by_family(every))


def _equal(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    names = {*one, *other}
    return all(abs(one.get(name, 0.0) - other.get(name, 0.0)) <= EXACT for name in names)


def _by_family(reasons: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    families: dict[str, list[float]] = {}
    for reason in reasons:
        families.setdefault(reason["family"], []).append(reason["contribution"])
    return {family: math.fsum(parts) for family, parts in families.items()}
