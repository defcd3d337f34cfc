"""The rules that come before cost: law first, then findings nearby, then the habits of the house.

Each looks at a case and says what it changes, or nothing. They bind in the order of `RULES`: a
later rule moves the tier only within what the earlier ones left open.
"""

from __future__ import annotations

from collections.abc import Callable

from risk.findings import FAULT_CONDITION, FAULT_VERDICTS, POSITIVE_VERDICTS
from risk.policy.costs import STRICTNESS
from risk.policy.effects import Effect, Seen
from risk.policy.schema import Policy
from risk.policy.situation import Listing, Situation, Tier

_MISSING = ("not_received", "late")
_IN_HAND = frozenset(
    {"damaged", "defective", "not_as_described", "wrong_item", "missing_item", "counterfeit"}
)


Rule = Callable[[Seen], Effect | None]

_SETTLED = Effect(at_most="approve", settles=True, at_once=True)
_AT_ONCE = Effect(at_most="approve", at_once=True)
_CONSENT = Effect(condition="merchant_consent")
_PERSON = Effect(at_least="platform_intervention")


def is_light(policy: Policy, case: Situation) -> bool:
    """What came back weighs far less than what was sent, and nobody has opened it yet."""
    sent, back = case.sent_weight_g, case.return_weight_g
    if case.inspections or not sent or back is None:
        return False
    return back < sent * policy.light_parcel.share


def fault_found(seen: Seen) -> Effect | None:
    case = seen.case
    by_inspection = case.verdict is None and _all_say(case, FAULT_CONDITION)
    at_fault = case.verdict in FAULT_VERDICTS or by_inspection
    return _SETTLED if at_fault else None


def honest_found(seen: Seen) -> Effect | None:
    return _SETTLED if seen.case.verdict == "legitimate" else None


def courier_admits(seen: Seen) -> Effect | None:
    case = seen.case
    missing = case.claims_received is False or (
        case.claims_received is None and case.reason_code in _MISSING
    )
    lost = case.courier == "lost" and case.delivered_at is None and missing
    return _SETTLED if lost or (case.courier == "returned_to_sender" and missing) else None


def abuse_found(seen: Seen) -> Effect | None:
    return _PERSON if seen.case.verdict in POSITIVE_VERDICTS else None


def another_article(seen: Seen) -> Effect | None:
    """The strictest of what the inspections raise the tier to."""
    if not seen.case.inspections:
        return None
    table = seen.policy.inspection
    raised: list[Tier] = [getattr(table, c, "approve") for c in seen.case.inspections]
    tier: Tier = max(raised, key=STRICTNESS.__getitem__, default="approve")
    if tier == "request_evidence":
        tier = _question(seen)
    return Effect(at_least=tier) if tier != "approve" else None


def returned_as_sent(seen: Seen) -> Effect | None:
    return Effect(at_most="approve", settles=True) if _all_say(seen.case, "as_sent") else None


def seven_day_right(seen: Seen) -> Effect | None:
    return Effect(at_most="approve") if seen.lane == "no_reason" else None


def light_parcel(seen: Seen) -> Effect | None:
    if not seen.light:
        return None
    return Effect(at_least=_question(seen), condition="inspect_on_return")


def merchant_consent(seen: Seen) -> Effect | None:
    case, consent = seen.case, seen.policy.consent
    if case.type != "refund_only" or not _received(case):
        return None
    agreed = (
        consent.standing
        or case.merchant_id in consent.merchants
        or seen.money.amount <= consent.up_to
    )
    return None if agreed else _CONSENT


def outside_right(seen: Seen) -> Effect | None:
    case = seen.case
    goodwill = (
        case.reason_code == "unwanted"
        and case.type == "return_and_refund"
        and seen.lane == "standard"
        and case.no_reason_return is not None
        and case.stage == "request"
    )
    return _CONSENT if goodwill else None


def block_list(seen: Seen) -> Effect | None:
    if not seen.case.listings:
        return None
    asked = {entry.asks for entry in seen.case.listings if _stands(entry, "block", seen.case.as_of)}
    if not asked:
        return None
    tier: Tier = _question(seen) if "evidence" in asked else "approve"
    return Effect(at_least=tier, prepayment="prepayment" in asked)


def allow_list(seen: Seen) -> Effect | None:
    for entry in seen.case.listings:
        if _stands(entry, "allow", seen.case.as_of):
            return _AT_ONCE
    return None


def small_amount(seen: Seen) -> Effect | None:
    lane = seen.policy.small_amount
    fits = seen.money.stake <= lane.up_to and seen.case.probability < lane.below
    return _AT_ONCE if fits and not _abuse_nearby(seen.case) else None


def good_customer(seen: Seen) -> Effect | None:
    lane, case = seen.policy.good_customer, seen.case
    long_standing = (
        (case.age_days or 0.0) >= lane.age_days
        and case.orders >= lane.orders
        and case.refunds <= lane.refund_share * case.orders
    )
    named = case.customer_tier is not None and case.customer_tier.strip().casefold() in lane.tiers
    fits = seen.money.stake <= lane.up_to and case.probability < lane.below
    return _AT_ONCE if fits and (long_standing or named) and not _abuse_nearby(case) else None


def person_first(seen: Seen) -> Effect | None:
    """Bears on what would be asked anyway, and on large amounts from a lower probability on."""
    first, case, amount = seen.policy.person_first, seen.case, seen.money.amount
    large = amount >= first.amount
    live = case.channel in first.channels and amount >= first.channel_amount
    heated = first.agitated and case.agitated
    question_due = seen.tier != "approve" and (large or live or heated)
    if question_due or (large and case.probability >= first.amount_above):
        return Effect(at_least="platform_intervention", priority=True)
    return None


def deadline_passed(seen: Seen) -> Effect | None:
    if not seen.overdue or seen.tier == "approve":
        return None
    gives_way = seen.policy.deadline.when_passed == "approve" and seen.tier == "request_evidence"
    return Effect(at_most="approve" if gives_way else "platform_intervention", priority=True)


RULES: tuple[tuple[str, Rule], ...] = tuple(
    (rule.__name__, rule)
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
)


def _question(seen: Seen) -> Tier:
    """Ask where there is something to ask; where the customer gave nothing, a person goes on."""
    if seen.asking.refused:
        return "platform_intervention"
    return "request_evidence" if seen.asking.open else "approve"


def _all_say(case: Situation, condition: str) -> bool:
    return bool(case.inspections) and all(c == condition for c in case.inspections)


def _received(case: Situation) -> bool:
    """Whether the customer has the goods: by what they say, else by the reason and the courier."""
    if case.claims_received is not None:
        return case.claims_received
    delivered = case.delivered_at is not None and case.reason_code != "not_received"
    return delivered or case.reason_code in _IN_HAND


def _stands(entry: Listing, kind: str, as_of: int) -> bool:
    recorded = bool(entry.cause.strip() and entry.by.strip())
    current = entry.expires_at is None or as_of < entry.expires_at
    return entry.kind == kind and recorded and current


def _abuse_nearby(case: Situation) -> bool:
    return case.abuse_findings > 0 or case.linked_fraud > 0
