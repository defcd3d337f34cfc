"""Which message a customer gets where the shop is asked whether it agrees."""

from __future__ import annotations

from risk.policy import articles
from risk.policy.lanes import is_late, is_late_fault, is_partly_excluded
from risk.policy.occurrences import is_by_fitter
from risk.policy.purchase_terms import is_deposit_given_up
from risk.policy.rules.right import is_made_for
from risk.policy.schema import Policy
from risk.policy.settlement import is_on_its_way, may_send_back
from risk.policy.situation import Situation


def consent_key(policy: Policy, case: Situation) -> str:
    """The message where the shop is asked whether it agrees: that goods come back without a right,
    or stay, or are not made after all."""
    if by_purchase := _of_purchase(policy, case):
        return by_purchase
    if case.type == "exchange" and articles.comes_back(policy, case):
        return "exchange_goodwill" if "exchange_goodwill" in policy.phrases else "consent"
    if case.type == "return_and_refund":
        return "goodwill_part" if is_partly_excluded(policy, case) else "goodwill"
    return "consent"


def _of_purchase(policy: Policy, case: Situation) -> str | None:
    """The message by what was bought, and how."""
    if is_by_fitter(policy, case) and case.type == "refund_only":
        return "consent_fitter"
    if is_made_for(policy, case):
        return "consent_made"
    if articles.is_service(policy, case):
        return "consent_service"
    if "consent_code" in policy.phrases and not articles.is_shipped(policy, case):
        return "consent_code"
    if is_deposit_given_up(policy, case):
        return "consent_deposit"
    return "consent" if articles.is_late_food(policy, case) else None


def of_consent(policy: Policy, case: Situation, key: str) -> str | None:
    """What the shop is asked to agree to, and what the customer may do without it."""
    if key == "consent":
        return "consent_return" if may_send_back(policy, case) else None
    if is_on_its_way(policy, case):
        return "goodwill_moving"
    if is_late_fault(policy, case):
        return "consent_late"
    return None if is_late(policy, case) else "goodwill_kind"
