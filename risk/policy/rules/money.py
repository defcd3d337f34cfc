"""What is asked, against the order and what is left of what was paid."""

from __future__ import annotations

from math import floor

from risk.facts.format import money
from risk.facts.localised import LANGUAGES, SEMICOLON, LocalisedText
from risk.policy import evidence
from risk.policy.contact_check import contact_due, is_moved
from risk.policy.effects import Effect, RuleContext
from risk.policy.lanes import lane
from risk.policy.money_left import asked_twice, exceeds, in_base, is_open_elsewhere, left_of
from risk.policy.purchase_terms import about_payment
from risk.policy.return_postage import unowed_postage
from risk.policy.schema import Policy
from risk.policy.situation import NOT_WITH_CUSTOMER, Lane, Situation, Tier


def other_open_request(context: RuleContext) -> Effect | None:
    """Nothing was paid back that is missing: another open request asks for the same, and its
    customer says which of both stands."""
    known = context.case.money
    if known is None or known.paid is None:
        return None
    if not is_asked_elsewhere(context.policy, context.case):
        return None
    paid = known.paid + _delivery(context.policy, context.case, context.lane)
    figures = {
        "asked": money(known.asked, known.currency),
        "before": money(known.asked_before, known.currency),
        "total": money(known.asked + known.asked_before, known.currency),
        "left": money(max(paid - known.granted_before, 0), known.currency),
        "currency": known.currency,
    }
    return Effect(at_least="platform_intervention", condition="amount_check", figures=figures)


def amount_check(context: RuleContext) -> Effect | None:
    """Applies to the price of goods alone, and first of all rules: nothing settles an excess."""
    known = context.case.money
    if known is None or known.paid is None:
        return None
    if not exceeds(known, known.paid + _delivery(context.policy, context.case, context.lane)):
        return None
    left = money(max(left_of(known, known.paid), 0), known.currency)
    figures = {
        "asked": money(known.asked, known.currency),
        "left": left,
        "currency": known.currency,
    }
    return Effect(at_least="platform_intervention", condition="amount_check", figures=figures)


def is_asked_elsewhere(policy: Policy, case: Situation) -> bool:
    """Whether more is asked than is left only because another open request asks for the same."""
    known = case.money
    if known is None or known.paid is None or known.asked_before <= 0:
        return False
    if "other_open_request" not in policy.rules:
        return False
    return is_open_elsewhere(known, known.paid + _delivery(policy, case, lane(policy, case)))


def _delivery(policy: Policy, case: Situation, own_lane: Lane) -> int:
    """What the law of the market pays back beside the price of goods, in a return by right and of
    what never came."""
    law = policy.law(case.merchant_id)
    if law is None or case.money is None:
        return 0
    by_right = own_lane == "no_reason" and law.no_reason.outbound_delivery is not None
    never_came = (
        law.without_return.outbound_delivery is not None and case.courier in NOT_WITH_CUSTOMER
    )
    return case.money.delivery if by_right or never_came else 0


def payment_disputed(context: RuleContext) -> Effect | None:
    """A person settles in one place what the customer's bank is asked for as well, where both
    together are more than what is left of what was paid."""
    known = context.case.money
    if known is None or not asked_twice(known):
        return None
    figures = {"disputed": money(known.disputed, known.currency), "currency": known.currency}
    return Effect(at_least="platform_intervention", figures=figures)


def order_record(context: RuleContext) -> Effect | None:
    """The merchant is asked for the order; a person where the merchant has answered, or does not,
    and above the policy's amount."""
    if not evidence.is_unmatched(context.policy, context.case):
        return None
    limit = context.policy.order_record
    large = limit is not None and context.money.amount > limit.up_to
    asks = context.question.open and not large
    tier: Tier = "request_evidence" if asks else "platform_intervention"
    return Effect(at_least=tier, condition="order_record")


def old_contact(context: RuleContext) -> Effect | None:
    """Confirms with the contact on record that the money goes the right way."""
    if not contact_due(context.policy, context.case):
        return None
    tier: Tier = "request_evidence" if context.question.open else "platform_intervention"
    return Effect(at_least=tier, figures={"changed": _changed(context)})


def _changed(context: RuleContext) -> LocalisedText:
    """What is another than before: where the money goes, device and address, or all of it."""
    payout, moved = context.case.payout_changed, is_moved(context.policy, context.case)
    days = f"{floor(context.case.age_days or 0.0):,}"
    told = [_CHANGED[name] for name, is_so in (("payout", payout), ("moved", moved)) if is_so]
    said = {
        language: SEMICOLON[language].join(one[language].format(days=days) for one in told)
        for language in LANGUAGES
    }
    return {language: text[:1].upper() + text[1:] for language, text in said.items()}


_CHANGED: dict[str, LocalisedText] = {
    "payout": {
        "en": "The money would go to another payout account than before",
        "zh": "退款将进入与以往不同的收款账户",
    },
    "moved": {
        "en": "a new device and a new address came to an account that is {days} days old",
        "zh": "注册 {days} 天的账号出现新设备和新地址",
    },
}


def own_postage(context: RuleContext) -> Effect | None:
    """Of what is asked beside the price nothing is due where goods come back for a change of mind:
    the price is settled without it, and the customer is told why."""
    policy, case = context.policy, context.case
    extras = unowed_postage(policy, case)
    if not extras:
        return None
    figures = {"extras": money(extras, case.currency), "currency": case.currency}
    return Effect(note="own_postage", figures=figures)


def payment_record(context: RuleContext) -> Effect | None:
    """A second charge, or a price that fell, is settled by a look at the payment: the shop is asked
    for it, a person reads it. Nothing is said of the goods."""
    case = context.case
    if not about_payment(case) or case.verdict not in (None, "undetermined"):
        return None
    asks = context.question.open and ("document", "merchant") not in case.evidence
    tier: Tier = "request_evidence" if asks else "platform_intervention"
    return Effect(at_least=tier, waives="merchant_consent")


def postage_and_compensation(context: RuleContext) -> Effect | None:
    """Above the policy's amount a person looks at them, those of other requests for the order
    added, unless one has found about the request."""
    case, limit = context.case, context.policy.extras
    if case.money is None or limit is None or case.verdict not in (None, "undetermined"):
        return None
    extras = case.money.extras + case.money.extras_before
    if not case.money.extras or in_base(context.policy, case, extras) <= limit.up_to:
        return None
    figures = {"extras": money(extras, case.currency), "currency": case.currency}
    return Effect(at_least="platform_intervention", figures=figures)
