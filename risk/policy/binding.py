"""How rules bind: an earlier one is never undone by a later one."""

from __future__ import annotations

from dataclasses import dataclass, field

from risk.policy.answers import Applied
from risk.policy.costs import STRICTNESS
from risk.policy.effects import Effect, Seen
from risk.policy.rules import RULES
from risk.policy.situation import TIERS, Tier


@dataclass(slots=True)
class Bounds:
    """What the rules leave open: tiers from `low` to `high`, and what they add to the answer."""

    low: int = 0
    high: int = len(TIERS) - 1
    low_by: str | None = None
    high_by: str | None = None
    settled: bool = False
    at_once: bool = False
    priority: bool = False
    conditions: list[str] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)

    def tier(self, wanted: Tier) -> Tier:
        """The tier wanted, moved as little as the bounds ask."""
        return TIERS[min(max(STRICTNESS[wanted], self.low), self.high)]

    def narrow(self, rule: str, effect: Effect) -> str:
        """Take one effect in; what of it took hold, in words a machine reads."""
        took = self._narrow_tiers(rule, effect)
        if effect.condition and not self.settled and effect.condition not in self.conditions:
            self.conditions.append(effect.condition)
            took.append(f"condition:{effect.condition}")
        if effect.prepayment:
            took.append("asks:prepayment")
        if effect.priority and not self.priority and self.high > 0:
            self.priority = True
            took.append("first_in_queue")
        return " ".join(took)

    def _narrow_tiers(self, rule: str, effect: Effect) -> list[str]:
        took = []
        low = min(max(self.low, STRICTNESS[effect.at_least]), self.high)
        high = max(min(self.high, STRICTNESS[effect.at_most]), low)
        if low > self.low:
            self.low, self.low_by = low, rule
            took.append(f"at_least:{TIERS[low]}")
        if high < self.high:
            self.high, self.high_by = high, rule
            self.settled = self.settled or effect.settles
            self.at_once = self.at_once or effect.at_once
            took.append(f"at_most:{TIERS[high]}")
        return took


def bind(seen: Seen) -> Bounds:
    """Let every rule look at the case, in order."""
    bounds = Bounds()
    for name, rule in RULES:
        effect = rule(seen._replace(tier=bounds.tier(seen.tier)) if bounds.low else seen)
        took = bounds.narrow(name, effect) if effect is not None else ""
        if took:
            said = seen.policy.rules[name]
            bounds.applied.append(Applied(name, took, said.text, said.source))
    return bounds
