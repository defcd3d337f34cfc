"""A sign of the trade: two cases that differ in it, and what a model should make of that."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import httpx

from tests.examination.stories import (
    Decision,
    Story,
    Telling,
)

Direction = Literal["up", "not down", "down", "not up", "no sign", "forbidden"]

A_LITTLE = 0.35
"""How far (log-odds) what is no sign may move a probability: .05 to .07."""

NEARLY = 0.05
"""How far it may move against its sign: all cases of a store are told in the same words, and how
often others used them moves each a little."""

EXACT = 1e-9


def log_odds(decision: Decision) -> float:
    """Those of the decision's probability."""
    probability = float(decision["probability"])
    return math.log(probability / (1 - probability))


@dataclass(frozen=True, slots=True)
class Sign:
    """What the other case has that the first has not, and where that should move a model."""

    name: str
    one: Story
    other: Story
    direction: Direction

    def fault_of(self, client: httpx.Client, name: str) -> str | None:
        """What is wrong with how a service decides the two, each among facts of its own."""
        return self.fault(
            Telling(client, f"{name}a").tell(self.one), Telling(client, f"{name}b").tell(self.other)
        )

    def fault(self, one: Decision, other: Decision) -> str | None:
        """How the probabilities moved, where that is wrong."""
        moved = log_odds(other) - log_odds(one)
        right = {
            "up": moved > EXACT,
            "not down": moved >= -NEARLY,
            "down": moved < -EXACT,
            "not up": moved <= NEARLY,
            "no sign": abs(moved) <= A_LITTLE,
            "forbidden": abs(moved) <= EXACT,
        }[self.direction]
        if right:
            return None
        before, after = one["probability"], other["probability"]
        return f"{self.direction}: {before:.3f} to {after:.3f} ({moved:+.2f})"
