"""What services, bookings, deposits, a child's purchase and food that came late ask for."""

from __future__ import annotations

from risk.facts import UNRECEIVED_REASONS
from risk.facts.localised import LocalisedText
from risk.policy import articles, evidence
from risk.policy.effects import Effect, RuleContext
from risk.policy.hearing import has_agreed
from risk.policy.purchase_terms import is_by_child, is_deposit_given_up
from risk.policy.rules.shared import PERSON, evidence_tier
from risk.policy.shop_noes import is_no_to_record, shows_no_record

_CONSENT = Effect(condition="merchant_consent")
_NOT_AS_AGREED = (*UNRECEIVED_REASONS, "missing_item", "double_charge")
"""Reasons that say that nothing was done, or that too much was charged: a record settles those."""


def minor_purchase(context: RuleContext) -> Effect | None:
    """The parent or guardian is asked for what shows it, and a person reads that: whether the money
    is due is for the law to say, not for the shop."""
    policy, case = context.policy, context.case
    if context.lane == "no_reason" or not is_by_child(policy, case):
        return None
    if context.money.stake <= policy.small_amount.up_to:
        return None
    shown = evidence.answered(case, context.question)
    tier = "platform_intervention" if shown else evidence_tier(context)
    return Effect(at_least=tier, waives="merchant_consent")


def service_record(context: RuleContext) -> Effect | None:
    """The shop is asked whether the service was done or the booking used, above an amount that is
    not worth a question, and a person reads its answer."""
    policy, case = context.policy, context.case
    if not articles.is_service(policy, case) or case.withdrawn:
        return None
    shown = articles.evidence_topic(policy, case) is not None
    if not shown or case.verdict not in (None, "undetermined") or context.lane == "no_reason":
        return None
    if context.money.stake <= policy.small_amount.up_to:
        return None
    if ("document", "merchant") in case.evidence:
        return PERSON
    from_shop = any(item.source == "merchant" for item in context.question.requests)
    return Effect(at_least="request_evidence") if from_shop and context.question.open else None


def service_consent(context: RuleContext) -> Effect | None:
    """The shop is heard on a service that is given up, was not as agreed or is to be done again:
    nothing comes back."""
    policy, case = context.policy, context.case
    if not articles.is_service(policy, case) or context.lane == "no_reason":
        return None
    agreed = has_agreed(policy, case.merchant_id, context.money.amount)
    settled = case.type == "price_adjustment" or case.reason_code in _NOT_AS_AGREED
    if settled or agreed:
        return None
    return _CONSENT


def record_refused(context: RuleContext) -> Effect | None:
    """A shop that was asked for its record of a service or a code and says no shows nothing, and
    nothing is kept back for that; where it says why, or much is at stake, a person hears both."""
    policy, case = context.policy, context.case
    open_ = case.verdict in (None, "undetermined") and not case.withdrawn
    if not open_ or context.lane == "no_reason" or not shows_no_record(policy, case):
        return None
    if "merchant_consent" in context.conditions:
        next_ = Effect(note="nothing_shown", figures={"then": _CONSENT_NEXT})
        return next_ if is_no_to_record(policy, case) else None
    told = ("chat", "merchant") in case.evidence
    dear = policy.hearing is not None and context.money.amount > policy.hearing.above
    if told or dear:
        return PERSON._replace(figures={"then": _BOTH_HEARD})
    return Effect(note="nothing_shown", figures={"then": _NOT_KEPT})


_CONSENT_NEXT: LocalisedText = {
    "en": "it is asked now whether it agrees to the refund",
    "zh": "现请商家确认是否同意退款",
}
_BOTH_HEARD: LocalisedText = {"en": "a person hears both", "zh": "由人工听取双方说明"}
_NOT_KEPT: LocalisedText = {
    "en": "nothing is kept back for that",
    "zh": "不因此扣减款项",
}


def deposit(context: RuleContext) -> Effect | None:
    """A deposit that is given up before the goods are there is the shop's to give back."""
    policy, case = context.policy, context.case
    agreed = has_agreed(policy, case.merchant_id, context.money.amount)
    return _CONSENT if is_deposit_given_up(policy, case) and not agreed else None


def late_food(context: RuleContext) -> Effect | None:
    """What spoils and came late stays with the customer: the shop is heard on the money."""
    policy, case = context.policy, context.case
    agreed = has_agreed(policy, case.merchant_id, context.money.amount)
    back = case.type == "return_and_refund" and not agreed
    return _CONSENT if back and articles.is_late_food(policy, case) else None
