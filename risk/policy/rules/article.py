"""What the kind of article allows."""

from __future__ import annotations

from risk.policy import articles, evidence
from risk.policy.effects import Effect, RuleContext
from risk.policy.purchase_terms import is_by_child


def not_repairable(context: RuleContext) -> Effect | None:
    """The customer chooses something else; a person settles it with them after the answer."""
    if not evidence.cannot_be_repaired(context.policy, context.case):
        return None
    asks = context.question.open
    return Effect(at_least="request_evidence" if asks else "platform_intervention")


def repair_replaced(context: RuleContext) -> Effect | None:
    """Another article is sent in place of a repair; whoever would rather have the money says so."""
    replaced = context.case.in_place_of_repair and not context.case.withdrawn
    return Effect(note="repair_replaced") if replaced else None


def unsafe_goods(context: RuleContext) -> Effect | None:
    """Whoever was hurt, or holds what burned, is called at once, by right too: nothing dangerous is
    used on, repaired or sent by post meanwhile."""
    case = context.case
    if not case.unsafe or case.withdrawn or case.verdict not in (None, "undetermined"):
        return None
    return Effect(at_least="platform_intervention", priority=True, waives="merchant_consent")


def code_record(context: RuleContext) -> Effect | None:
    """The shop is asked for its record of a code before money moves for it, above an amount that is
    not worth a question, and a person reads it: no courier could know of anything."""
    case, policy = context.case, context.policy
    shown = articles.evidence_topic(policy, case)
    if shown is None or articles.is_shipped(policy, case) or case.withdrawn:
        return None
    if articles.is_service(policy, case) or is_by_child(policy, case):
        return None
    if case.verdict not in (None, "undetermined") or context.lane == "no_reason":
        return None
    if context.money.stake <= policy.small_amount.up_to:
        return None
    if ("document", "merchant") in case.evidence:
        return Effect(at_least="platform_intervention")
    from_shop = any(item.source == "merchant" for item in context.question.requests)
    return Effect(at_least="request_evidence") if from_shop and context.question.open else None
