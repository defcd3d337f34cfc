"""What the courier and the shop recorded of the parcels, and what came back."""

from __future__ import annotations

from risk.facts import UNRECEIVED_REASONS
from risk.policy.costs import STRICTNESS
from risk.policy.effects import Effect, RuleContext
from risk.policy.rules.shared import SETTLED, all_found, evidence_tier
from risk.policy.schema import Policy
from risk.policy.situation import Situation, Tier


def is_light(policy: Policy, case: Situation) -> bool:
    """Whether an unopened return weighs far less than what was sent."""
    sent, back = case.sent_weight_g, case.return_weight_g
    if case.inspections or not sent or back is None:
        return False
    return back < sent * policy.light_parcel.share


def courier_admits(context: RuleContext) -> Effect | None:
    case = context.case
    missing = case.claims_received is False or (
        case.claims_received is None and case.reason_code in UNRECEIVED_REASONS
    )
    lost = case.courier == "lost" and case.delivered_at is None and missing
    return SETTLED if lost or (case.courier == "returned_to_sender" and missing) else None


def another_article(context: RuleContext) -> Effect | None:
    """The strictest tier that the inspections call for."""
    if not context.case.inspections:
        return None
    table = context.policy.inspection
    raised: list[Tier] = [getattr(table, c, "approve") for c in context.case.inspections]
    tier: Tier = max(raised, key=STRICTNESS.__getitem__, default="approve")
    if tier == "request_evidence":
        tier = evidence_tier(context)
    return Effect(at_least=tier) if tier != "approve" else None


def returned_as_sent(context: RuleContext) -> Effect | None:
    return Effect(at_most="approve", settles=True) if all_found(context.case, "as_sent") else None


def light_parcel(context: RuleContext) -> Effect | None:
    if not context.light:
        return None
    return Effect(at_least=evidence_tier(context), condition="inspect_on_return")
