"""What the kind of article allows."""

from __future__ import annotations

from risk.policy import evidence
from risk.policy.effects import Effect, RuleContext


def not_repairable(context: RuleContext) -> Effect | None:
    """The customer chooses something else; a person settles it with them after the answer."""
    if not evidence.cannot_be_repaired(context.policy, context.case):
        return None
    asks = context.question.open
    return Effect(at_least="request_evidence" if asks else "platform_intervention")
