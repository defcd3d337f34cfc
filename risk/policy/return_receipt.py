"""A return that was scanned as delivered while the shop has not received it."""

from __future__ import annotations

from risk.facts import NOT_GIVEN
from risk.facts.units import HOUR_MS
from risk.policy.schema import Policy
from risk.policy.situation import Situation


def is_due(policy: Policy, case: Situation) -> bool:
    """Whether the courier is asked: the shop's hours are over, and the courier's are not."""
    return _hours(policy, case) == "courier"


def is_over(policy: Policy, case: Situation) -> bool:
    """Whether the courier has answered as well, or its hours are over."""
    return _hours(policy, case) == "over"


def is_scanned(case: Situation) -> bool:
    """Whether there is a scan of the return and nothing from those who should have received it."""
    unseen = not case.inspections and case.verdict in (None, "undetermined")
    return case.return_arrived_at is not None and unseen


def is_unread(policy: Policy, case: Situation) -> bool:
    """Whether courier or shop have said something of a return that somebody reads before it is
    paid, and nothing known of it says otherwise than the scan."""
    if "return_compared" not in policy.rules or case.return_against or not is_scanned(case):
        return False
    told = any(by == "courier" and kind not in NOT_GIVEN for kind, by in case.evidence)
    return (told or case.return_chat) and is_over(policy, case)


def is_sent_back(policy: Policy, case: Situation) -> bool:
    """Whether the goods of a request for money alone are sent back all the same."""
    known = "return_astray" in policy.rules
    return known and case.type == "refund_only" and case.return_arrived is not None


def is_astray(case: Situation) -> bool:
    """Whether the courier lost the return, or is bringing it back to the customer."""
    unseen = not case.inspections and case.verdict in (None, "undetermined")
    return case.return_astray is not None and unseen


def _hours(policy: Policy, case: Situation) -> str:
    limit, since = policy.return_receipt, case.return_arrived_at
    if limit is None or since is None or not is_scanned(case):
        return "shop"
    waited = case.as_of - since
    if waited < limit.shop_hours * HOUR_MS:
        return "shop"
    answered = any(by == "courier" and kind not in NOT_GIVEN for kind, by in case.evidence)
    over = waited >= (limit.shop_hours + limit.courier_hours) * HOUR_MS
    return "over" if answered or over else "courier"
