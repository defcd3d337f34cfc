"""Applying the rules in order: an earlier one is never undone by a later one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from risk.facts.localised import LocalisedText
from risk.policy.answers import AppliedRule
from risk.policy.costs import STRICTNESS
from risk.policy.effects import Effect, RuleContext
from risk.policy.rules import RULES
from risk.policy.situation import TIERS, Tier


@dataclass(slots=True)
class Bounds:
    """The tiers that rules leave open, from `low` to `high`, and what they add to the answer;
    `wanted` is the tier that cost alone would answer."""

    wanted: Tier = "approve"
    low: int = 0
    high: int = len(TIERS) - 1
    low_by: str | None = None
    high_by: str | None = None
    settled: bool = False
    at_once: bool = False
    priority: bool = False
    conditions: list[str] = field(default_factory=list)
    waived: set[str] = field(default_factory=set)
    applied: list[AppliedRule] = field(default_factory=list)

    def tier(self, wanted: Tier) -> Tier:
        """The tier nearest to `wanted` within the bounds."""
        return TIERS[min(max(STRICTNESS[wanted], self.low), self.high)]

    def narrow(self, rule: str, effect: Effect) -> str:
        """Apply one effect; the changes it made, in machine-readable words."""
        changes = self._narrow_tiers(rule, effect)
        if effect.condition and not self._closed_to(effect.condition):
            self.conditions.append(effect.condition)
            changes.append(f"condition:{effect.condition}")
        if effect.waives and effect.waives not in self.waived:
            self.waived.add(effect.waives)
            changes.append(f"waives:{effect.waives}")
        if effect.note:
            changes.append(f"note:{effect.note}")
        if effect.prepayment:
            changes.append("asks:prepayment")
        if effect.priority and not self.priority and self.high > 0:
            self.priority = True
            changes.append("first_in_queue")
        return " ".join(changes)

    def _closed_to(self, condition: str) -> bool:
        return self.settled or condition in self.conditions or condition in self.waived

    def _narrow_tiers(self, rule: str, effect: Effect) -> list[str]:
        if effect.holds:
            return self._hold(rule)
        changes = []
        low = min(max(self.low, STRICTNESS[effect.at_least]), self.high)
        high = max(min(self.high, STRICTNESS[effect.at_most]), low)
        if low > self.low:
            self.low, self.low_by = low, rule
            changes.append(f"at_least:{TIERS[low]}")
        if high < self.high:
            self.high, self.high_by = high, rule
            self.settled = self.settled or effect.settles
            self.at_once = self.at_once or effect.at_once
            changes.append(f"at_most:{TIERS[high]}")
        return changes

    def _hold(self, rule: str) -> list[str]:
        """Leave only a person, where the answer would be to pay."""
        if self.tier(self.wanted) != "approve":
            return []
        self.low = self.high = len(TIERS) - 1
        self.low_by = rule
        return [f"at_least:{TIERS[self.low]}"]


def apply_rules(context: RuleContext) -> Bounds:
    """The bounds and additions that all rules leave for this case."""
    bounds, known = Bounds(context.tier), context.policy.words(context.case.merchant_id)
    seen = context
    for name, rule in RULES.items():
        words = known.get(name)
        if words is None:
            continue
        effect = rule(seen)
        if effect is not None and (changes := bounds.narrow(name, effect)):
            text = _filled(words.text, effect.figures) if effect.figures else words.text
            bounds.applied.append(AppliedRule(name, changes, text, words.source))
            seen = _seen_after(bounds, context)
    return bounds


def _seen_after(bounds: Bounds, context: RuleContext) -> RuleContext:
    """The case as the rules so far leave it."""
    if not bounds.low and not bounds.conditions:
        return context
    return context._replace(tier=bounds.tier(context.tier), conditions=bounds.conditions)


def _filled(text: LocalisedText, figures: Mapping[str, str | LocalisedText]) -> LocalisedText:
    """The sentence of a rule with its figures; other braces stay as they are written."""
    filled = dict(text)
    for name, figure in figures.items():
        for language, words in filled.items():
            said = figure if isinstance(figure, str) else figure[language]
            filled[language] = words.replace(f"{{{name}}}", said)
    return filled
