"""Which message a customer gets by where a return is, and by what is known of its parcel."""

from __future__ import annotations

from risk.policy.found_words import noted
from risk.policy.return_receipt import is_astray, is_due, is_over, is_scanned, is_unread
from risk.policy.rules.parcel import is_light
from risk.policy.schema import Policy
from risk.policy.settlement import paid_on_sending
from risk.policy.shop_inspection import asks_shop
from risk.policy.situation import Situation


def light_key(policy: Policy, case: Situation, key: str) -> str | None:
    """A return that is opened before anything is promised, unless the law pays on its sending."""
    known = "returned_light" in policy.phrases and not is_astray(case)
    if not known or not is_light(policy, case):
        return None
    paid = key == "returned" and paid_on_sending(policy, case)
    return "returning_paid" if paid else "returned_light"


def statement_key(policy: Policy, case: Situation, _: str) -> str | None:
    """What the shop noted of a return, and is asked to show."""
    known = "return_shown" in policy.phrases and noted(case) is not None
    return "return_shown" if known and asks_shop(policy, case) else None


def return_key(policy: Policy, case: Situation, key: str) -> str | None:
    """Where a return is: lost, coming back, scanned but not received, on its way."""
    if is_astray(case) and "return_lost" in policy.phrases:
        return "return_lost" if case.return_astray == "lost" else "return_came_back"
    contested = key == "record" and is_scanned(case) and is_over(policy, case)
    if is_due(policy, case) or (contested and policy.repeats is not None):
        return "return_read" if is_unread(policy, case) else "return_receipt"
    if key != "returned":
        return None
    if case.return_arrived is False and not case.inspections:
        return "returning_paid" if paid_on_sending(policy, case) else "returning"
    if is_scanned(case):
        return "refund" if is_over(policy, case) else "return_scanned"
    return None
