"""The shop's own: what is paid at once, and what a person sees first."""

from __future__ import annotations

from risk.policy.contact_check import is_contact_open
from risk.policy.effects import Effect, RuleContext
from risk.policy.hearing import hears_shop, is_suspect
from risk.policy.money_left import in_base
from risk.policy.purchase_terms import about_payment
from risk.policy.rules.shared import AT_ONCE, abuse_nearby, received
from risk.policy.schema import Policy
from risk.policy.situation import Situation


def small_amount(context: RuleContext) -> Effect | None:
    lane = context.policy.small_amount
    fits = context.money.stake <= lane.up_to and context.case.probability < lane.below
    return AT_ONCE if fits and _decides(context) and _fast(context) else None


def good_customer(context: RuleContext) -> Effect | None:
    lane, case = context.policy.good_customer, context.case
    long_standing = (
        (case.age_days or 0.0) >= lane.age_days
        and case.orders >= lane.orders
        and case.refunds <= lane.refund_share * case.orders
    )
    named = is_named(context.policy, case)
    fits = context.money.stake <= lane.up_to and case.probability < lane.below
    fits = fits and (long_standing or named) and _decides(context)
    return AT_ONCE if fits and _fast(context) else None


def _decides(context: RuleContext) -> bool:
    """Whether a fast lane has anything to decide: where the shop is asked for its consent, or for
    the payment, and the customer for nothing, it has not. Earlier policies named it even so."""
    if "shop_answer" not in context.policy.rules:
        return True
    asks_shop = "merchant_consent" in context.conditions and context.tier == "approve"
    return not asks_shop and not about_payment(context.case)


def is_named(policy: Policy, case: Situation) -> bool:
    """Whether the customer has a tier that the shop trusts. Its name is no conduct: it stands for
    orders of an account of some age, and against no record of a delivery; earlier policies took it
    by itself."""
    lane, tier = policy.good_customer, case.customer_tier
    if tier is None or tier.strip().casefold() not in lane.tiers:
        return False
    if lane.tier_days is None:
        return True
    signed = case.delivered_at is not None and not received(case)
    return (case.age_days or 0.0) >= lane.tier_days and not signed


def _fast(context: RuleContext) -> bool:
    """Whether money may go at once: no abuse is confirmed nearby, it goes the way it went before,
    and not more a day to one payout account than the policy's amount."""
    policy, case = context.policy, context.case
    if abuse_nearby(case) or is_contact_open(policy, case):
        return False
    if policy.payout_account is None or case.payout_stake == 0:
        return True
    others = in_base(policy, case, case.payout_stake)
    return context.money.amount + others <= policy.payout_account.per_day


def person_first(context: RuleContext) -> Effect | None:
    """Applies where a question is due anyway, and to large amounts from a lower probability on.
    That shop or courier are heard first is no reason by itself to have a customer wait for a
    person, where little speaks against the request; earlier policies knew that of claims alone in
    which the law hears the shop."""
    first, case, amount = context.policy.person_first, context.case, context.money.amount
    large = amount >= first.amount
    live = case.channel in first.channels and amount >= first.channel_amount
    heated = first.agitated and case.agitated
    others = bool(first.others_first) and context.tier == "request_evidence"
    others = others and not is_suspect(context.policy, case)
    shops = (others or hears_shop(context.policy, case)) and not context.question.bothers
    question_due = context.tier != "approve" and (heated or (not shops and (large or live)))
    if question_due or (large and case.probability >= first.amount_above):
        return Effect(at_least="platform_intervention", priority=True)
    return None


def with_reviewer(context: RuleContext) -> Effect | None:
    """What somebody works on is not paid under their hands; by right nobody waits for a person, and
    what was found or paid waits for nobody."""
    case = context.case
    open_ = case.verdict in (None, "undetermined") and not case.paid_back and not case.withdrawn
    return Effect(holds=True) if case.held and open_ and context.lane != "no_reason" else None


def _unanswered(context: RuleContext) -> Effect | None:
    """Says that the shop has not answered in time, to whoever works the case."""
    waits = "merchant_consent" in context.conditions and context.policy.repeats is not None
    return Effect(note="shop_unanswered") if waits else None


def deadline_passed(context: RuleContext) -> Effect | None:
    if not context.overdue:
        return None
    if context.tier == "approve":
        return _unanswered(context)
    pays = context.policy.deadline.when_passed == "approve"
    gives_way = pays and context.tier == "request_evidence"
    return Effect(at_most="approve" if gives_way else "platform_intervention", priority=True)
