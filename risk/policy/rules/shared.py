"""What several rules share: common effects, and questions about a case."""

from __future__ import annotations

from risk.facts import RECEIVED_REASONS
from risk.policy.effects import Effect, RuleContext
from risk.policy.situation import Situation, Tier

SETTLED = Effect(at_most="approve", settles=True, at_once=True)
AT_ONCE = Effect(at_most="approve", at_once=True)
PERSON = Effect(at_least="platform_intervention")


def evidence_tier(context: RuleContext) -> Tier:
    """Request evidence where any is open; where the customer declined, a person takes over."""
    if context.question.refused:
        return "platform_intervention"
    return "request_evidence" if context.question.open else "approve"


def all_found(case: Situation, condition: str) -> bool:
    return bool(case.inspections) and all(c == condition for c in case.inspections)


def received(case: Situation) -> bool:
    """Whether the customer has the goods: as they state, else by the reason and the courier."""
    if case.claims_received is not None:
        return case.claims_received
    delivered = case.delivered_at is not None and case.reason_code != "not_received"
    return delivered or case.reason_code in RECEIVED_REASONS


def abuse_nearby(case: Situation) -> bool:
    return case.own_abuse > 0 or case.linked_abuse > 0
