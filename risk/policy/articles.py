"""Kinds of articles, by the categories that the policy lists: what is neither repaired nor sent
back, and what shows a fault of it."""

from __future__ import annotations

from risk.policy.article_sections import Article
from risk.policy.lanes import FAULT_REASONS, lane
from risk.policy.law import plain_category
from risk.policy.schema import Policy
from risk.policy.situation import NOT_WITH_CUSTOMER, Situation


def kind_of(policy: Policy, category: str | None) -> tuple[str, Article] | None:
    """The kind of article that a category names, and its name."""
    return None if category is None else policy.kinds.get(plain_category(category))


def evidence_topic(policy: Policy, case: Situation) -> str | None:
    """What shows a fault of this kind of article, where the reason is one that it shows."""
    kind = kind_of(policy, case.category)
    if kind is None or case.reason_code not in kind[1].shown_for:
        return None
    return kind[0] if kind[0] in policy.evidence else None


def is_repairable(policy: Policy, case: Situation) -> bool:
    """Whether an article of this kind can be repaired."""
    kind = kind_of(policy, case.category)
    return kind is None or kind[1].repaired


ANIMALS = "animals"
SERVICES, DEPOSITS, SPOILS = ("services", "bookings"), ("deposits",), ("spoils", ANIMALS)
"""The kinds that have rules of their own, by their names in a policy."""


def may_be_animal(policy: Policy, category: str) -> bool:
    """Whether a category may hold live animals, beside what is bought for them."""
    kind = (policy.articles or {}).get(ANIMALS)
    named = () if kind is None else kind.told_in or ()
    return plain_category(category) in named


def is_of(policy: Policy, case: Situation, names: tuple[str, ...]) -> bool:
    """Whether an article is of one of these kinds."""
    kind = kind_of(policy, case.category)
    return kind is not None and kind[0] in names


def is_service(policy: Policy, case: Situation) -> bool:
    """Whether something is done for its customer, or booked: neither a parcel nor a code."""
    return is_of(policy, case, SERVICES)


def is_late_food(policy: Policy, case: Situation) -> bool:
    """Whether what spoils came late, by the reason as it was named, and goes not back by right;
    earlier policies had it sent back."""
    late = "late" in (case.reason_code, case.stated_reason) and case.claims_received is not False
    with_them = case.return_arrived is None and case.courier not in NOT_WITH_CUSTOMER
    known = "late_food" in policy.rules and case.courier != "moving"
    by_right = lane(policy, case) == "no_reason"
    return known and late and with_them and not by_right and is_of(policy, case, SPOILS)


def is_shipped(policy: Policy, case: Situation) -> bool:
    """Whether an article of this kind goes through a courier's hands."""
    kind = kind_of(policy, case.category)
    return kind is None or kind[1].shipped is not False


def is_provided_again(policy: Policy, case: Situation) -> bool:
    """Whether a code or a service is exchanged: there is nothing to send back. Earlier policies had
    it sent back unless something was wrong with it."""
    known = "exchange_unshipped" in policy.phrases and case.type == "exchange"
    return known and not is_shipped(policy, case) and case.return_arrived is None


def is_collected(policy: Policy, case: Situation) -> bool:
    """Whether goods that are to come back are too bulky to be sent by post, and are with their
    customer."""
    kind = kind_of(policy, case.category)
    with_them = case.courier not in NOT_WITH_CUSTOMER and case.return_arrived is None
    return kind is not None and bool(kind[1].collected) and with_them and not case.inspections


def comes_back(policy: Policy, case: Situation) -> bool:
    """Whether goods of this kind can come back, or do; policies without `repeats` asked only
    whether faulty ones do."""
    if policy.repeats is None:
        return not stays(policy, case)
    kind = kind_of(policy, case.category)
    return kind is None or kind[1].sent_back or case.return_arrived is not None


def stays(policy: Policy, case: Situation) -> bool:
    """Whether faulty goods stay with the customer, since nobody could use what came back."""
    kind = kind_of(policy, case.category)
    if is_late_food(policy, case) or is_provided_again(policy, case):
        return True
    if kind is None or kind[1].sent_back or case.reason_code not in FAULT_REASONS:
        return False
    return case.return_arrived is None and case.courier not in NOT_WITH_CUSTOMER
