"""What changed from one decision to the next, and whether a decision's parts add up."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from risk.facts.parse import parse_time

MOST = 4
SMALLEST = 0.05
"""Reasons whose contribution moved by less (log-odds) did not change."""

Decision = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """A reason that came, went or weighs differently: its sentence, and by how much (log-odds)."""

    text: Mapping[str, str]
    by: float


@dataclass(frozen=True, slots=True)
class Change:
    """A decision, made at `at` (ms), and what moved since the one before it."""

    at: int
    decision: Decision
    moved: tuple[Moved, ...]


def changes(decisions: Sequence[Decision]) -> list[Change]:
    """Every decision with what moved, newest first."""
    pairs = zip((None, *decisions), decisions, strict=False)
    return [
        Change(parse_time(now["decided_at"]), now, _moved(before, now) if before else ())
        for before, now in pairs
    ][::-1]


def _moved(before: Decision, now: Decision) -> tuple[Moved, ...]:
    old = {reason["code"]: reason for reason in before["reasons"]}
    new = {reason["code"]: reason for reason in now["reasons"]}
    moved = [
        Moved((new.get(code) or old[code])["text"], _weight(new, code) - _weight(old, code))
        for code in dict.fromkeys((*new, *old))
    ]
    strongest = sorted(moved, key=lambda one: -abs(one.by))[:MOST]
    return tuple(one for one in strongest if abs(one.by) >= SMALLEST)


def _weight(reasons: Mapping[str, Any], code: str) -> float:
    return float(reasons[code]["contribution"]) if code in reasons else 0.0


def adds_up(decision: Decision) -> bool:
    """Whether base and contributions give the raw score, as the contract promises (1e-9)."""
    parts = math.fsum(reason["contribution"] for reason in decision["reasons"])
    return abs(float(decision["base"]) + parts - float(decision["raw_score"])) <= 1e-9


def by_family(decision: Decision) -> list[tuple[str, float]]:
    """The contribution of each family, strongest first."""
    families: dict[str, list[float]] = {}
    for reason in decision["reasons"]:
        families.setdefault(reason["family"], []).append(reason["contribution"])
    summed = [(family, math.fsum(parts)) for family, parts in families.items()]
    return sorted(summed, key=lambda pair: -abs(pair[1]))
