"""How something was bought: by a child, or held by a deposit, and whether it is about payment."""

from __future__ import annotations

from risk.policy import articles
from risk.policy.schema import Policy
from risk.policy.situation import Situation


def about_payment(case: Situation) -> bool:
    """Whether the request is about what was charged, not about the goods."""
    return case.reason_code == "double_charge" or case.type == "price_adjustment"


def is_by_child(policy: Policy, case: Situation) -> bool:
    """Whether a child bought what no courier brings, such as a top-up, and nobody has decided yet;
    earlier policies asked the shop alone."""
    open_ = case.verdict in (None, "undetermined") and not (case.withdrawn or case.paid_back)
    money = case.type in ("refund_only", "return_and_refund")
    known = "minor_purchase" in policy.rules and case.told_minor
    return known and open_ and money and not articles.is_shipped(policy, case)


def is_deposit_given_up(policy: Policy, case: Situation) -> bool:
    """Whether a deposit is asked back for a change of mind before the goods are there, under a law
    that leaves it to the shop. Where a lane leaves out the reason, it was another."""
    law = policy.law(case.merchant_id)
    named = case.told_deposit or articles.is_of(policy, case, articles.DEPOSITS)
    unsent = case.courier in (None, "not_shipped") and case.delivered_at is None
    money = case.type in ("refund_only", "return_and_refund") and case.claims_received is not True
    open_ = case.verdict in (None, "undetermined") and not case.withdrawn
    own = case.reason_code == "unwanted" and case.stated_reason is None
    given_up = unsent and money and open_ and own
    by_law = law is not None and law.deposit is not None
    return "deposit" in policy.rules and by_law and named and given_up
