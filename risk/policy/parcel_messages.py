"""Which message a customer gets by where the outbound parcels are."""

from __future__ import annotations

from risk.policy.evidence import is_dispatch_unknown, is_late_unsent
from risk.policy.given_records import is_record_unread, is_shop_unread
from risk.policy.money_left import parcel_goes_on
from risk.policy.occurrences import is_misaddressed, is_refused
from risk.policy.rules.parcel import is_part_on_way
from risk.policy.schema import Policy
from risk.policy.settlement import is_still
from risk.policy.several_parcels import missing_parcel
from risk.policy.situation import Situation


def of_parcel(policy: Policy, case: Situation, key: str) -> str | None:
    """Where the parcel is: never sent, not known to be sent, or on its way."""
    found = _of_record(policy, case) if key == "record" else _of_money(policy, case)
    stops = case.courier == "moving" and not parcel_goes_on(policy, case)
    return found or ("in_transit" if stops else None)


def _of_record(policy: Policy, case: Situation) -> str | None:
    if is_refused(policy, case):
        return "refused"
    other = missing_parcel(policy, case)
    if other is not None or is_part_on_way(policy, case):
        return "part_lost" if other == "lost" else "part_on_way"
    if is_record_unread(policy, case):
        return "record_read"
    if is_shop_unread(policy, case):
        return "shop_read"
    if is_misaddressed(policy, case):
        return "own_address"
    unsent = "record_unsent" in policy.phrases and is_dispatch_unknown(policy, case)
    return "record_unsent" if unsent else None


def _of_money(policy: Policy, case: Situation) -> str | None:
    if is_still(policy, case):
        return "refund_still"
    if case.courier == "not_shipped" or is_late_unsent(policy, case):
        return "not_shipped" if case.courier else "cancelled_late"
    return None
