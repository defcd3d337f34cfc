"""What changed between the decisions on a request, and whether a decision's reasons add up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from risk.explain.remainders import is_remainder, remainder_code
from risk.facts.parse import parse_time

MOST = 4
SMALLEST = 0.05
"""Changes of a contribution below this (log-odds) are not listed."""

Decision = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReasonChange:
    """A reason that was added, dropped or changed weight: its text, and by how much (log-odds)."""

    text: Mapping[str, str]
    by: float


@dataclass(frozen=True, slots=True)
class DecisionChange:
    """A decision, made at `at` (ms), and the reasons that changed since the one before."""

    at: int
    decision: Decision
    reasons: tuple[ReasonChange, ...]


def decision_changes(decisions: Sequence[Decision]) -> list[DecisionChange]:
    """Every decision with its changes, newest first."""
    pairs = zip((None, *decisions), decisions, strict=False)
    return [
        DecisionChange(
            parse_time(now["decided_at"]), now, _changed_reasons(before, now) if before else ()
        )
        for before, now in pairs
    ][::-1]


def _changed_reasons(before: Decision, now: Decision) -> tuple[ReasonChange, ...]:
    old = {reason["code"]: reason for reason in before["reasons"]}
    new = {reason["code"]: reason for reason in now["reasons"]}
    moved = [
        ReasonChange((new.get(code) or old[code])["text"], _weight(new, code) - _weight(old, code))
        for code in dict.fromkeys((*new, *old))
        if _is_comparable(code, old, new) and _is_comparable(code, new, old)
    ]
    strongest = sorted(moved, key=lambda one: -abs(one.by))[:MOST]
    return tuple(one for one in strongest if abs(one.by) >= SMALLEST)


def _is_comparable(code: str, here: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether a reason stated here is known there: stated too, or in no remainder there."""
    if code not in here:
        return True
    return not is_remainder(here[code]) and (
        code in there or remainder_code(here[code]["family"]) not in there
    )


def _weight(reasons: Mapping[str, Any], code: str) -> float:
    return float(reasons[code]["contribution"]) if code in reasons else 0.0


def adds_up(decision: Decision) -> bool:
    """Whether base and contributions sum to the raw score, as the contract promises (1e-9)."""
    parts = math.fsum(reason["contribution"] for reason in decision["reasons"])
    return abs(float(decision["base"]) + parts - float(decision["raw_score"])) <= 1e-9


def by_family(decision: Decision) -> list[tuple[str, float]]:
    """The contribution of each family, strongest first."""
    families: dict[str, list[float]] = {}
    for reason in decision["reasons"]:
        families.setdefault(reason["family"], []).append(reason["contribution"])
    summed = [(family, math.fsum(parts)) for family, parts in families.items()]
    return sorted(summed, key=lambda pair: -abs(pair[1]))
