"""The rules that come before cost: law first, then findings nearby, then the shop's own.

Each is a function from a case to its effect, or None. They apply in the order of `RULES`: a later
rule moves the tier only within the bounds that the earlier ones left. A rule's name is that of its
function; its sentence and its source are in the policy file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from risk.facts import RECEIVED_REASONS, UNRECEIVED_REASONS
from risk.findings import FAULT_CONDITION, FAULT_VERDICTS, POSITIVE_VERDICTS
from risk.policy.costs import STRICTNESS
from risk.policy.effects import Effect, RuleContext
from risk.policy.schema import Policy
from risk.policy.situation import Listing, Situation, Tier

Rule = Callable[[RuleContext], Effect | None]

_SETTLED = Effect(at_most="approve", settles=True, at_once=True)
_AT_ONCE = Effect(at_most="approve", at_once=True)
_CONSENT = Effect(condition="merchant_consent")
_PERSON = Effect(at_least="platform_intervention")


def is_light(policy: Policy, case: Situation) -> bool:
    """Whether an unopened return weighs far less than what was sent."""
    sent, back = case.sent_weight_g, case.return_weight_g
    if case.inspections or not sent or back is None:
        return False
    return back < sent * policy.light_parcel.share


def fault_found(context: RuleContext) -> Effect | None:
    case = context.case
    by_inspection = case.verdict is None and _all_found(case, FAULT_CONDITION)
    at_fault = case.verdict in FAULT_VERDICTS or by_inspection
    return _SETTLED if at_fault else None


def honest_found(context: RuleContext) -> Effect | None:
    return _SETTLED if context.case.verdict == "legitimate" else None


def courier_admits(context: RuleContext) -> Effect | None:
    case = context.case
    missing = case.claims_received is False or (
        case.claims_received is None and case.reason_code in UNRECEIVED_REASONS
    )
    lost = case.courier == "lost" and case.delivered_at is None and missing
    return _SETTLED if lost or (case.courier == "returned_to_sender" and missing) else None


def abuse_found(context: RuleContext) -> Effect | None:
    return _PERSON if context.case.verdict in POSITIVE_VERDICTS else None


def another_article(context: RuleContext) -> Effect | None:
    """The strictest tier that the inspections call for."""
    if not context.case.inspections:
        return None
    table = context.policy.inspection
    raised: list[Tier] = [getattr(table, c, "approve") for c in context.case.inspections]
    tier: Tier = max(raised, key=STRICTNESS.__getitem__, default="approve")
    if tier == "request_evidence":
        tier = _evidence_tier(context)
    return Effect(at_least=tier) if tier != "approve" else None


def returned_as_sent(context: RuleContext) -> Effect | None:
    return Effect(at_most="approve", settles=True) if _all_found(context.case, "as_sent") else None


def seven_day_right(context: RuleContext) -> Effect | None:
    return Effect(at_most="approve") if context.lane == "no_reason" else None


def light_parcel(context: RuleContext) -> Effect | None:
    if not context.light:
        return None
    return Effect(at_least=_evidence_tier(context), condition="inspect_on_return")


def merchant_consent(context: RuleContext) -> Effect | None:
    case, consent = context.case, context.policy.consent
    if case.type != "refund_only" or not _received(case):
        return None
    agreed = (
        consent.standing
        or case.merchant_id in consent.merchants
        or context.money.amount <= consent.up_to
    )
    return None if agreed else _CONSENT


def outside_right(context: RuleContext) -> Effect | None:
    case = context.case
    goodwill = (
        case.reason_code == "unwanted"
        and case.type == "return_and_refund"
        and context.lane == "standard"
        and case.no_reason_return is not None
        and case.stage == "request"
    )
    return _CONSENT if goodwill else None


def block_list(context: RuleContext) -> Effect | None:
    if not context.case.listings:
        return None
    as_of = context.case.as_of
    wanted = {one.asks for one in context.case.listings if _applies(one, "block", as_of)}
    if not wanted:
        return None
    tier: Tier = _evidence_tier(context) if "evidence" in wanted else "approve"
    return Effect(at_least=tier, prepayment="prepayment" in wanted)


def allow_list(context: RuleContext) -> Effect | None:
    for entry in context.case.listings:
        if _applies(entry, "allow", context.case.as_of):
            return _AT_ONCE
    return None


def small_amount(context: RuleContext) -> Effect | None:
    lane = context.policy.small_amount
    fits = context.money.stake <= lane.up_to and context.case.probability < lane.below
    return _AT_ONCE if fits and not _abuse_nearby(context.case) else None


def good_customer(context: RuleContext) -> Effect | None:
    lane, case = context.policy.good_customer, context.case
    long_standing = (
        (case.age_days or 0.0) >= lane.age_days
        and case.orders >= lane.orders
        and case.refunds <= lane.refund_share * case.orders
    )
    named = case.customer_tier is not None and case.customer_tier.strip().casefold() in lane.tiers
    fits = context.money.stake <= lane.up_to and case.probability < lane.below
    return _AT_ONCE if fits and (long_standing or named) and not _abuse_nearby(case) else None


def person_first(context: RuleContext) -> Effect | None:
    """Applies where a question is due anyway, and to large amounts from a lower probability on."""
    first, case, amount = context.policy.person_first, context.case, context.money.amount
    large = amount >= first.amount
    live = case.channel in first.channels and amount >= first.channel_amount
    heated = first.agitated and case.agitated
    question_due = context.tier != "approve" and (large or live or heated)
    if question_due or (large and case.probability >= first.amount_above):
        return Effect(at_least="platform_intervention", priority=True)
    return None


def deadline_passed(context: RuleContext) -> Effect | None:
    if not context.overdue or context.tier == "approve":
        return None
    pays = context.policy.deadline.when_passed == "approve"
    gives_way = pays and context.tier == "request_evidence"
    return Effect(at_most="approve" if gives_way else "platform_intervention", priority=True)


RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        fault_found,
        honest_found,
        courier_admits,
        abuse_found,
        another_article,
        returned_as_sent,
        seven_day_right,
        light_parcel,
        merchant_consent,
        outside_right,
        block_list,
        allow_list,
        small_amount,
        good_customer,
        person_first,
        deadline_passed,
    )
}
"""Every rule by its name, in the order in which they apply."""


def _evidence_tier(context: RuleContext) -> Tier:
    """Request evidence where any is open; where the customer declined, a person takes over."""
    if context.question.refused:
        return "platform_intervention"
    return "request_evidence" if context.question.open else "approve"


def _all_found(case: Situation, condition: str) -> bool:
    return bool(case.inspections) and all(c == condition for c in case.inspections)


def _received(case: Situation) -> bool:
    """Whether the customer has the goods: as they state, else by the reason and the courier."""
    if case.claims_received is not None:
        return case.claims_received
    delivered = case.delivered_at is not None and case.reason_code != "not_received"
    return delivered or case.reason_code in RECEIVED_REASONS


def _applies(entry: Listing, kind: str, as_of: int) -> bool:
    recorded = bool(entry.cause.strip() and entry.by.strip())
    current = entry.expires_at is None or as_of < entry.expires_at
    return entry.kind == kind and recorded and current


def _abuse_nearby(case: Situation) -> bool:
    return case.abuse_findings > 0 or case.linked_fraud > 0
