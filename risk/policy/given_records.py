"""What shop and courier gave of a case, and whether the courier is still to be heard."""

from __future__ import annotations

from risk.facts import NOT_GIVEN, UNRECEIVED_REASONS
from risk.policy.hearing import asked_in_base, hears_packers, is_contradicted, reads_first
from risk.policy.schema import Policy
from risk.policy.several_parcels import missing_parcel
from risk.policy.situation import ON_ITS_WAY, Situation


def is_shown_by_shop(policy: Policy, case: Situation) -> bool:
    """Whether the shop gave something of the packing, or of a parcel that was delivered, that
    somebody reads before the money goes."""
    known = "no_amount" in policy.phrases and case.type == "refund_only"
    packed = case.reason_code in ("missing_item", "wrong_item") and not case.packed_otherwise
    missing = case.claims_received is False and case.delivered_at is not None
    given = any(by == "merchant" and kind not in NOT_GIVEN for kind, by in case.evidence)
    read = policy.hearing is None or "shop_answer" not in policy.rules
    worth = read or asked_in_base(policy, case) > _record_above(policy)
    return known and given and worth and (packed or missing) and not courier_told(case)


def _record_above(policy: Policy) -> float:
    return policy.hearing.record_above if policy.hearing else 0.0


def shown_step(case: Situation) -> str:
    """The step that reads what the shop gave: of a parcel that is missing, of the packing, or of
    its purchase."""
    if case.claims_received is False:
        return "read_shop"
    return "purchase" if case.reason_code == "counterfeit" else "packed"


def is_shop_unread(policy: Policy, case: Situation) -> bool:
    """Whether somebody reads what the shop gave before money goes, above an amount that is not
    worth it; of what never came the courier is heard first, and what contradicts the customer has a
    rule of its own. Earlier policies paid, and had it read."""
    open_ = case.verdict in (None, "undetermined") and not case.paid_back and not case.withdrawn
    looked = case.return_arrived is not None or bool(case.inspections)
    known = "shop_answer" in policy.rules and not is_contradicted(policy, case)
    silent = any(by == "courier" and kind in NOT_GIVEN for kind, by in case.evidence)
    heard = silent or case.claims_received is not False
    worth = asked_in_base(policy, case) > _record_above(policy)
    shown = is_shown_by_shop(policy, case) or (reads_first(policy, case) and worth)
    shown = shown or _is_packing_given(policy, case)
    return known and open_ and heard and not looked and shown


def _is_packing_given(policy: Policy, case: Situation) -> bool:
    """Whether shop or courier gave something of a parcel whose record alone says otherwise than the
    customer, money or another article being asked; earlier policies sent that unread."""
    known = policy.hearing is not None and bool(policy.hearing.photo_answers)
    given = any(by != "customer" and kind not in NOT_GIVEN for kind, by in case.evidence)
    return known and given and hears_packers(policy, case)


def courier_told(case: Situation) -> bool:
    """Whether the courier gave something that somebody reads."""
    return any(by == "courier" and kind not in NOT_GIVEN for kind, by in case.evidence)


def is_record_unread(policy: Policy, case: Situation) -> bool:
    """Whether the courier answered about a parcel that it says it delivered and the customer says
    did not come, and nobody has found anything: what it sent may show either."""
    open_ = case.verdict in (None, "undetermined") and not case.paid_back and not case.withdrawn
    missing = case.claims_received is False or (
        case.claims_received is None and case.reason_code in UNRECEIVED_REASONS
    )
    looked = case.return_arrived is not None or bool(case.inspections)
    known = "courier_answer" in policy.rules and case.delivered_at is not None
    return known and open_ and missing and not looked and courier_told(case)


def is_way_unread(policy: Policy, case: Situation) -> bool:
    """Whether the courier answered about a parcel that has not come, and nobody has read it;
    earlier policies asked again."""
    open_ = case.verdict in (None, "undetermined") and case.return_arrived is None
    on_way = case.courier in ON_ITS_WAY or case.partly_on_way
    on_way = on_way or missing_parcel(policy, case) is not None
    return "part_on_way" in policy.phrases and open_ and on_way and courier_told(case)


def asks_courier_first(policy: Policy, case: Situation) -> bool:
    """Whether something did not come by the customer's account, and the courier, who had it, has
    said nothing yet but what is in its record."""
    known = "inspection_disputed" in policy.rules and case.reason_code in UNRECEIVED_REASONS
    handled = case.courier not in (None, "not_shipped") and case.stage in ("request", "evidence")
    heard = any(by == "courier" for _, by in case.evidence)
    return known and case.claims_received is not True and handled and not heard
