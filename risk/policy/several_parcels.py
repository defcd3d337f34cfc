"""Claims about an order of several parcels, one of which has come and another has not."""

from __future__ import annotations

from risk.facts import UNRECEIVED_REASONS
from risk.facts.localised import LocalisedText
from risk.policy.money_left import parcel_goes_on
from risk.policy.schema import Policy
from risk.policy.situation import OtherParcel, Situation

BECAME: dict[OtherParcel, LocalisedText] = {
    "moving": {"en": "another is still on its way", "zh": "另有包裹仍在途"},
    "still": {"en": "another has not moved for days", "zh": "另有包裹多日没有物流更新"},
    "lost": {"en": "another was lost or sent back", "zh": "另有包裹丢失或被退回"},
}
"""What became of the other parcel, as a clause."""


def missing_parcel(policy: Policy, case: Situation) -> OtherParcel | None:
    """What became of the parcel that may hold what is said not to have come, while another of the
    order has. Where a part of the price is asked nobody waits for one that is lost, or for what was
    missing in one that stands still. Earlier policies knew of parcels on their way alone, and not
    where all was asked."""
    known = "part_arrived" in policy.rules and case.other_parcel is not None
    moves = case.type not in ("price_adjustment", "repair") and not parcel_goes_on(policy, case)
    if not known or not moves or not _is_open(case) or not _is_said_missing(case):
        return None
    waits = case.other_parcel == "moving" or asks_all(case)
    waits = waits or (case.other_parcel == "still" and case.claims_received is not True)
    return case.other_parcel if waits else None


def asks_all(case: Situation) -> bool:
    """Whether the whole price is asked, or another of all that was sent."""
    used = case.money
    return used is None or used.paid is None or used.asked >= used.paid


def _is_said_missing(case: Situation) -> bool:
    unreceived = case.reason_code in UNRECEIVED_REASONS and case.claims_received is not True
    return unreceived or case.claims_received is False or case.reason_code == "missing_item"


def _is_open(case: Situation) -> bool:
    """Whether nobody has found anything of the request or its goods, and it stands."""
    found = case.verdict not in (None, "undetermined") or bool(case.inspections)
    return not found and not case.withdrawn and not case.paid_back
