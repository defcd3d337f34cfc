"""The rules that come before cost: money, law, findings nearby, then the shop's own.

Each is a function from a case to its effect, or None. They apply in the order of `RULES`: a later
rule moves the tier only within the bounds that the earlier ones left. A rule's name is that of its
function; its sentence and its source are in the policy file. A rule that a policy does not name,
as one stored by an earlier release, does not apply under that policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from risk.policy.effects import Effect, RuleContext
from risk.policy.rules.article import (
    code_record,
    not_repairable,
    repair_replaced,
    unsafe_goods,
)
from risk.policy.rules.found import (
    abuse_found,
    already_paid,
    fault_found,
    honest_found,
    refused_unfound,
)
from risk.policy.rules.heard import (
    courier_answer,
    look_first,
    packing_heard,
    shop_answer,
    shop_first,
    shop_record,
)
from risk.policy.rules.inspected import (
    another_article,
    claim_confirmed,
    empty_return,
    incomplete_return,
    inspection_disputed,
    inspection_unshown,
    return_compared,
    returned_as_sent,
    worn_goods,
)
from risk.policy.rules.kinds_of_purchase import (
    deposit,
    late_food,
    minor_purchase,
    record_refused,
    service_consent,
    service_record,
)
from risk.policy.rules.known_abuse import (
    declined_found,
    declined_vague,
    fresh_picture,
    linked_findings,
    own_findings,
    payout_limit,
    repeated_refunds,
    whole_basket,
)
from risk.policy.rules.lists import allow_list, block_list
from risk.policy.rules.money import (
    amount_check,
    old_contact,
    order_record,
    other_open_request,
    own_postage,
    payment_disputed,
    payment_record,
    postage_and_compensation,
)
from risk.policy.rules.parcel import (
    came_since,
    courier_admits,
    dispatch_unknown,
    in_transit,
    light_parcel,
    packed_otherwise,
    part_arrived,
    return_astray,
    return_contested,
    return_receipt,
    return_unconfirmed,
    withdrawn,
)
from risk.policy.rules.right import (
    burden_of_proof,
    excluded_by_law,
    late_fault,
    merchant_consent,
    outside_right,
    partly_excluded,
    quality_right,
    seven_day_right,
    shop_declined,
    statutory_refund,
    told_fault,
    told_otherwise,
)
from risk.policy.rules.told_events import (
    animal_died,
    fitter_damage,
    own_address,
    refused_delivery,
    told_price,
    told_unsent,
)
from risk.policy.rules.urgency import (
    deadline_passed,
    good_customer,
    person_first,
    small_amount,
    with_reviewer,
)

Rule = Callable[[RuleContext], Effect | None]

RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        other_open_request,
        amount_check,
        payment_disputed,
        order_record,
        postage_and_compensation,
        withdrawn,
        told_otherwise,
        told_fault,
        told_price,
        told_unsent,
        animal_died,
        fitter_damage,
        own_postage,
        unsafe_goods,
        old_contact,
        payment_record,
        not_repairable,
        repair_replaced,
        code_record,
        minor_purchase,
        service_record,
        fault_found,
        honest_found,
        courier_admits,
        packed_otherwise,
        abuse_found,
        refused_unfound,
        claim_confirmed,
        return_compared,
        another_article,
        empty_return,
        inspection_unshown,
        inspection_disputed,
        worn_goods,
        incomplete_return,
        already_paid,
        returned_as_sent,
        return_unconfirmed,
        return_contested,
        return_astray,
        quality_right,
        seven_day_right,
        own_findings,
        linked_findings,
        payout_limit,
        repeated_refunds,
        whole_basket,
        shop_first,
        packing_heard,
        shop_record,
        look_first,
        declined_found,
        declined_vague,
        fresh_picture,
        light_parcel,
        burden_of_proof,
        return_receipt,
        refused_delivery,
        own_address,
        in_transit,
        part_arrived,
        came_since,
        courier_answer,
        shop_answer,
        dispatch_unknown,
        statutory_refund,
        merchant_consent,
        service_consent,
        record_refused,
        deposit,
        late_food,
        late_fault,
        excluded_by_law,
        partly_excluded,
        outside_right,
        shop_declined,
        block_list,
        allow_list,
        small_amount,
        good_customer,
        person_first,
        deadline_passed,
        with_reviewer,
    )
}
"""Every rule by its name, in the order in which they apply."""
