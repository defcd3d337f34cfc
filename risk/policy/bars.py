"""Which thresholds bother a case: what a training proves its promise on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import NamedTuple

from risk.policy import costs
from risk.policy.answers import bothers
from risk.policy.binding import apply_rules
from risk.policy.rule_on import state
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
    """The bars of one case under a policy, at one probability after another; what no probability
    changes is computed once.

    Of a probability, rules that change tiers see what cost alone would answer, and how many of
    `marks` it reaches.
    """

    __slots__ = ("_ruled", "_stated")

    def __init__(self, policy: Policy, situation: Situation) -> None:
        self._stated = state(policy, situation)
        self._ruled: dict[tuple[Tier, int], tuple[Tier, str | None]] = {}

    def at(self, probability: float) -> InterventionBar:
        """The bar at a probability."""
        sources = self._stated.sources
        by_cost: Tier = "approve"
        if probability >= NEVER:
            by_cost = self._by_cost(probability, Thresholds(NEVER))
        low, low_by = self._rules(by_cost, probability)
        if bothers(low, sources):
            return InterventionBar(1.0, 1.0, low_by)
        held = float(low != "approve")
        if probability < self._stated.policy.caps.ask_above:  # no threshold goes below this floor
            return InterventionBar(0.0, held)
        high, _ = self._rules(self._by_cost(probability, Thresholds(0.0)), probability)
        bothered = probability if bothers(high, sources) else 0.0
        return InterventionBar(bothered, held or (probability if high != "approve" else 0.0))

    def _by_cost(self, probability: float, thresholds: Thresholds) -> Tier:
        policy, case = self._stated.policy, replace(self._stated.case, probability=probability)
        options, question = self._stated.options(case), self._stated.question
        return costs.choose(policy, case, options, question, thresholds).option.tier

    def _rules(self, by_cost: Tier, probability: float) -> tuple[Tier, str | None]:
        """The tier that rules make of what cost alone would answer, and which set its lower end."""
        case, policy = self._stated.case, self._stated.policy
        side = bisect_right(marks(policy), probability)
        found = self._ruled.get((by_cost, side))
        if found is None:
            if bisect_right(marks(policy), case.probability) != side:
                case = replace(case, probability=probability)
            bounds = apply_rules(self._stated.context(case, by_cost))
            found = self._ruled[by_cost, side] = bounds.tier(by_cost), bounds.low_by
        return found


def marks(policy: Policy) -> list[float]:
    """The probabilities at which a rule changes what it does, lowest first."""
    quick = (policy.small_amount.below, policy.good_customer.below)
    return sorted((policy.caps.ask_above, policy.person_first.amount_above, *quick))
