"""What a shop says no to: the refund itself, or a record that it was asked for."""

from __future__ import annotations

from risk.policy import articles
from risk.policy.schema import Policy
from risk.policy.situation import Situation

_NO = ("declined", "merchant")


def spoke_of_it(policy: Policy, case: Situation) -> bool:
    """Whether the shop has said or given anything, beside a no to the refund that it was not asked
    for: that one answers no question. Earlier policies took any no for an answer to it."""
    refusals = _refusals(policy, case)
    return sum(by == "merchant" for _, by in case.evidence) > refusals


def answers_no_question(policy: Policy, case: Situation) -> bool:
    """Whether all that the shop gave no answer by is a no to the refund, so that it may still be
    asked what it has on record."""
    refusals = _refusals(policy, case)
    silent = ("unanswered", "merchant") in case.evidence
    return 0 < refusals == case.evidence.count(_NO) and not silent


def shows_no_record(policy: Policy, case: Situation) -> bool:
    """Whether the shop was asked for its record of a service or a code, and said no to that."""
    if "record_refused" not in policy.rules or not _is_by_record(policy, case):
        return False
    noes = case.evidence.count(_NO) - _refusals(policy, case)
    return noes > 0 and ("document", "merchant") not in case.evidence


def owes_record(policy: Policy, case: Situation) -> bool:
    """Whether a shop that refuses the refund has not been asked yet for its record of a service
    or a code."""
    shown = ("document", "merchant") in case.evidence
    return answers_no_question(policy, case) and _is_by_record(policy, case) and not shown


def is_no_to_record(policy: Policy, case: Situation) -> bool:
    """Whether the only no of a shop is to the record that it was asked for, before anybody asked
    whether it agrees to the refund."""
    alone = case.evidence.count(_NO) == 1 and not case.shop_refusals
    return alone and shows_no_record(policy, case)


def _refusals(policy: Policy, case: Situation) -> int:
    return case.shop_refusals if "record_refused" in policy.rules else 0


def _is_by_record(policy: Policy, case: Situation) -> bool:
    """Whether the shop's record is what shows how it was: of a service, a booking or a code."""
    unsent = articles.is_service(policy, case) or not articles.is_shipped(policy, case)
    return unsent and articles.evidence_topic(policy, case) is not None
