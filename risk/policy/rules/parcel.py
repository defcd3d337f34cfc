"""What the courier and the shop recorded of the parcels."""

from __future__ import annotations

from risk.facts import UNRECEIVED_REASONS
from risk.policy.effects import Effect, RuleContext
from risk.policy.rules.shared import SETTLED, evidence_tier
from risk.policy.schema import Policy
from risk.policy.situation import Situation


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


def light_parcel(context: RuleContext) -> Effect | None:
    if not context.light:
        return None
    return Effect(at_least=evidence_tier(context), condition="inspect_on_return")
