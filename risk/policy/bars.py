"""Which thresholds bother a case: what a training proves its promise on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import NamedTuple

from risk.policy import costs
from risk.policy.answers import bothers
from risk.policy.binding import apply_rules
from risk.policy.rule_on import StatedCase, state
from risk.policy.schema import Policy
from risk.policy.situation import Situation, Tier
from risk.policy.thresholds import NEVER, Thresholds


class InterventionBar(NamedTuple):
    """The highest `ask_above` under which a case is `bothered`, and under which it is not approved
    at once (`held`: bothered, or waiting for shop or courier).

    0 where it never is, 1 where a rule says so whatever the threshold; `rule` bothers it then.
    """

    bothered: float
    held: float
    rule: str | None = None


def bar(policy: Policy, situation: Situation, probability: float) -> InterventionBar:
    """The highest `ask_above` that training could set and this case would still be bothered.

    Audits apart, a case is bothered under a threshold exactly where its bar is above 0 and not
    below it: what share of the honest a threshold bothers is the share of their bars that reach it.
    """
    return CaseBars(policy, situation).at(probability)


class CaseBars:
    """The bars of one case under a policy, at one probability after another; what is the same
    between two of `marks` is computed once.

    Of a probability, rules that change tiers and questions see what cost alone would answer, and
    how many of `marks` it reaches.
    """

    __slots__ = ("_marks", "_policy", "_ruled", "_situation", "_stated_of")

    def __init__(self, policy: Policy, situation: Situation) -> None:
        self._policy, self._situation, self._marks = policy, situation, marks(policy)
        self._stated_of: dict[int, StatedCase] = {}
        self._ruled: dict[tuple[Tier, int], tuple[Tier, str | None]] = {}

    def at(self, probability: float) -> InterventionBar:
        """The bar at a probability."""
        side = self._side(probability)
        sources = self._stated(side, probability).sources
        by_cost: Tier = "approve"
        if probability >= NEVER:
            by_cost = self._by_cost(side, probability, Thresholds(NEVER))
        low, low_by = self._rules(by_cost, side)
        if bothers(low, sources):
            return InterventionBar(1.0, 1.0, low_by)
        held = float(low != "approve")
        if probability < self._policy.caps.ask_above:  # no threshold goes below this floor
            return InterventionBar(0.0, held)
        high, _ = self._rules(self._by_cost(side, probability, Thresholds(0.0)), side)
        bothered = probability if bothers(high, sources) else 0.0
        return InterventionBar(bothered, held or (probability if high != "approve" else 0.0))

    def _side(self, probability: float) -> int:
        """How many of the marks a probability reaches."""
        return bisect_right(self._marks, probability)

    def _stated(self, side: int, probability: float) -> StatedCase:
        """The case as it is stated on one side of the marks, that of a probability: whom a question
        goes to may depend on it."""
        found = self._stated_of.get(side)
        if found is None:
            case = self._situation
            if self._side(case.probability) != side:
                case = replace(case, probability=probability)
            found = self._stated_of[side] = state(self._policy, case)
        return found

    def _by_cost(self, side: int, probability: float, thresholds: Thresholds) -> Tier:
        stated = self._stated_of[side]
        case = replace(stated.case, probability=probability)
        options, question = stated.options(case), stated.question
        return costs.choose(self._policy, case, options, question, thresholds).option.tier

    def _rules(self, by_cost: Tier, side: int) -> tuple[Tier, str | None]:
        """The tier that rules make of what cost alone would answer, and which set its lower end."""
        found = self._ruled.get((by_cost, side))
        if found is None:
            stated = self._stated_of[side]
            bounds = apply_rules(stated.context(stated.case, by_cost))
            found = self._ruled[by_cost, side] = bounds.tier(by_cost), bounds.low_by
        return found


def marks(policy: Policy) -> list[float]:
    """The probabilities at which a rule changes what it does, lowest first."""
    quick = (policy.small_amount.below, policy.good_customer.below)
    asks = (policy.caps.ask_above, policy.caps.ask_above_unproven)
    return sorted((*asks, policy.person_first.amount_above, *quick))
