"""The right of return, and the consent of the shop outside it."""

from __future__ import annotations

from dataclasses import replace

from risk.facts import UNRECEIVED_REASONS
from risk.policy import articles
from risk.policy.as_told import reads_fault, reads_otherwise
from risk.policy.effects import Effect, RuleContext
from risk.policy.hearing import has_agreed, has_declined, is_due_by_law
from risk.policy.lanes import (
    is_late_fault,
    is_partly_excluded,
    lane,
    quality_return,
    seller_proves,
)
from risk.policy.money_left import asks_no_goods
from risk.policy.purchase_terms import is_deposit_given_up
from risk.policy.return_receipt import is_sent_back
from risk.policy.rules.shared import PERSON, received
from risk.policy.schema import Policy
from risk.policy.shop_noes import owes_record
from risk.policy.situation import NOT_WITH_CUSTOMER, Situation

_CONSENT = Effect(condition="merchant_consent")


def told_otherwise(context: RuleContext) -> Effect | None:
    """The text gives another reason than the one that is named: it is read so, and the customer is
    told how to say otherwise."""
    read = reads_otherwise(context.policy, context.case)
    return Effect(note="told_otherwise") if read else None


def told_fault(context: RuleContext) -> Effect | None:
    """The text plainly says that the article is broken, whatever was picked: it is treated so."""
    return Effect(note="told_fault") if reads_fault(context.policy, context.case) else None


def seven_day_right(context: RuleContext) -> Effect | None:
    shops = is_deposit_given_up(context.policy, context.case)
    return Effect(at_most="approve") if context.lane == "no_reason" and not shops else None


def statutory_refund(context: RuleContext) -> Effect | None:
    """Refund-only of goods that the law gives the money for while they are not sent back."""
    case, policy = context.case, context.policy
    if case.type != "refund_only" or not received(case):
        return None
    whole = policy.repeats is not None and _asks_all(policy, case)
    due = is_due_by_law(policy, case) and not whole
    return Effect(waives="merchant_consent") if due else None


def _asks_all(policy: Policy, case: Situation) -> bool:
    """Whether the whole price is asked back for one of several pieces that is missing, or for a
    part by the customer's own words; earlier policies read none."""
    used = case.money
    whole = used is not None and used.paid is not None and used.asked >= used.paid
    part = case.told_part and "look_first" in policy.rules and case.reason_code != "counterfeit"
    return whole and (part or (case.reason_code == "missing_item" and case.pieces > 1))


def burden_of_proof(context: RuleContext) -> Effect | None:
    """Says to whoever looks at the case that the seller has to prove."""
    if context.tier == "approve" or not seller_proves(context.policy, context.case):
        return None
    return Effect(note="seller_proves")


def quality_right(context: RuleContext) -> Effect | None:
    return Effect(at_most="approve") if quality_return(context.policy, context.case) else None


def merchant_consent(context: RuleContext) -> Effect | None:
    case = context.case
    if articles.is_service(context.policy, case):
        return None
    if _keeps_what_is_not_sent_back(context) or is_made_for(context.policy, case):
        return _CONSENT
    if not _keeps_goods(context) or is_sent_back(context.policy, case):
        return None
    if not received(case) and not _has_code(context):
        return None
    if context.policy.repeats is not None and asks_no_goods(case.money):
        return None
    return None if has_agreed(context.policy, case.merchant_id, context.money.amount) else _CONSENT


def _keeps_goods(context: RuleContext) -> bool:
    """Whether money, or another article, is asked for goods that stay; of another one in place of
    what is at fault the law gives it. Earlier policies sent another one whatever the reason."""
    case = context.case
    another = (case.type, case.reason_code) == ("resend", "unwanted")
    return case.type == "refund_only" or (another and "told_otherwise" in context.policy.rules)


def is_made_for(policy: Policy, case: Situation) -> bool:
    """Whether an article that is made for its customer is given up before it is with them: the shop
    may have begun."""
    law = policy.law(case.merchant_id)
    if law is None or "consent_made" not in policy.phrases or case.courier != "not_shipped":
        return False
    given_up = (case.type, case.reason_code) == ("refund_only", "unwanted")
    return given_up and law.no_reason.excluded.made_to_measure.holds(case.category)


def _keeps_what_is_not_sent_back(context: RuleContext) -> bool:
    """Whether another one is wanted in place of an article that nobody can send back and that
    nothing is wrong with, such as fruit or a code."""
    policy, case = context.policy, context.case
    wanted = (case.type, case.reason_code) == ("exchange", "unwanted")
    with_them = received(case) or case.claims_received is None
    known = "return_code" in policy.phrases and wanted and with_them
    return known and not articles.comes_back(policy, case) and case.courier != "moving"


def _has_code(context: RuleContext) -> bool:
    """Whether the customer has what no courier brings, such as a code, by their own reason."""
    policy, case = context.policy, context.case
    known = "return_code" in policy.phrases and case.claims_received is None
    unshipped = known and not articles.is_shipped(policy, case)
    return unshipped and case.reason_code not in UNRECEIVED_REASONS


def shop_declined(context: RuleContext) -> Effect | None:
    """A shop that has said no is not asked again whether it agrees: a person tells the customer
    what else they may do, once the shop was asked for its record where one shows how it was."""
    policy, case = context.policy, context.case
    waits = "merchant_consent" in context.conditions
    asked = context.tier == "request_evidence" and owes_record(policy, case)
    return PERSON if waits and not asked and has_declined(policy, case) else None


def late_fault(context: RuleContext) -> Effect | None:
    """A fault so long after delivery that nobody presumes it was there from the start: the shop is
    heard before the price is paid back; it may repair."""
    case, law = context.case, context.policy.law(context.case.merchant_id)
    if law is None or not is_late_fault(context.policy, case):
        return None
    return _CONSENT


def excluded_by_law(context: RuleContext) -> Effect | None:
    """A change of mind about goods that the law excludes by itself."""
    case, law = context.case, context.policy.law(context.case.merchant_id)
    if law is None or case.no_reason_return is not None or not _changed_mind(context):
        return None
    exclusion = law.no_reason.excluded.of(case.category)
    if exclusion is None:
        return None
    return Effect(condition="merchant_consent", figures={"article": exclusion.article})


def partly_excluded(context: RuleContext) -> Effect | None:
    """A change of mind about a whole order, some of whose articles the right does not cover: those
    are the shop's to take back, the others come back by right."""
    case = context.case
    undecided = case.reason_code == "unwanted" and _is_before_return(context)
    return _CONSENT if undecided and is_partly_excluded(context.policy, case) else None


def outside_right(context: RuleContext) -> Effect | None:
    """A change of mind outside the days of the right, or about goods that the order excludes."""
    known = context.case.no_reason_return is not None
    if context.policy.law(context.case.merchant_id) is not None:
        known = known or context.case.placed_at is not None
    return _CONSENT if known and _changed_mind(context) else None


def _changed_mind(context: RuleContext) -> bool:
    case = context.case
    return (
        case.reason_code == "unwanted"
        and _is_outside(context)
        and _is_before_return(context)
        and not _is_cancelled(context)
    )


def _is_before_return(context: RuleContext) -> bool:
    """Whether nothing has come back yet; earlier policies asked no shop any more once the customer
    had given something."""
    known = "partly_excluded" in context.policy.rules
    return context.case.stage in (("request", "evidence") if known else ("request",))


def _is_outside(context: RuleContext) -> bool:
    """Whether goods come back without a right to it: what a return would need the shop's agreement
    for, an exchange needs it for as well."""
    policy, case = context.policy, context.case
    if case.type == "exchange" and "exchange_goodwill" in policy.phrases:
        with_them = case.courier not in NOT_WITH_CUSTOMER and articles.comes_back(policy, case)
        return with_them and lane(policy, replace(case, type="return_and_refund")) == "standard"
    return case.type == "return_and_refund" and context.lane == "standard"


def _is_cancelled(context: RuleContext) -> bool:
    """Whether the order is given up before it left the shop: it is cancelled, unless it was made
    for this customer, or the order itself excludes it."""
    policy, case = context.policy, context.case
    law = policy.law(case.merchant_id)
    if case.courier != "not_shipped" or case.no_reason_return is False or law is None:
        return False
    made = law.no_reason.excluded.made_to_measure.holds(case.category)
    return not made and "goodwill_moving" in policy.phrases and articles.is_shipped(policy, case)
