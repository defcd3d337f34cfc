"""The input of a rule, and what it may change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from risk.facts.localised import LocalisedText
from risk.policy.answers import Money
from risk.policy.evidence_items import Question
from risk.policy.schema import Policy
from risk.policy.situation import Lane, Situation, Tier


class RuleContext(NamedTuple):
    """A case with what is known about it. `tier` is what cost alone would answer,
    `conditions` are those that earlier rules added."""

    policy: Policy
    case: Situation
    lane: Lane
    money: Money
    question: Question
    light: bool
    tier: Tier
    overdue: bool
    conditions: Collection[str] = ()


class Effect(NamedTuple):
    """The changes a rule makes. `settles`: the claim is true, and no condition may be added.
    `at_once`: paid without the checks that cost would add. `waives`: a condition that no later rule
    may add. `holds`: what would be paid waits for a person, whatever was settled. `note`: what a
    reviewer needs to know and no tier hangs on. `figures` fill the braces of the rule's sentence.
    """

    at_least: Tier = "approve"
    at_most: Tier = "platform_intervention"
    condition: str | None = None
    settles: bool = False
    at_once: bool = False
    prepayment: bool = False
    waives: str | None = None
    note: str | None = None
    priority: bool = False
    holds: bool = False
    figures: Mapping[str, str | LocalisedText] = {}
