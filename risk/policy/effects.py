"""What a rule sees of a case, and what it may change."""

from __future__ import annotations

from typing import NamedTuple

from risk.policy.answers import Money
from risk.policy.asking import Question
from risk.policy.schema import Policy
from risk.policy.situation import Lane, Situation, Tier


class Seen(NamedTuple):
    """A case as the rules see it. `tier` is what cost alone would answer."""

    policy: Policy
    case: Situation
    lane: Lane
    money: Money
    asking: Question
    light: bool
    tier: Tier
    overdue: bool


class Effect(NamedTuple):
    """What a rule changes. `settles`: the claim is found true, and nothing more is asked of it.
    `at_once`: paid without the checks that cost would add."""

    at_least: Tier = "approve"
    at_most: Tier = "platform_intervention"
    condition: str | None = None
    settles: bool = False
    at_once: bool = False
    prepayment: bool = False
    priority: bool = False
