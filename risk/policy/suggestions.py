"""Alternatives to a refund: exchange, repair, resending, part of the money, a voucher."""

from __future__ import annotations

from collections.abc import Iterator

from risk.findings import (
    INCOMPLETE,
    NEGATIVE_VERDICTS,
    POSITIVE_CONDITIONS,
    POSITIVE_VERDICTS,
    UNDETERMINED,
)
from risk.policy.articles import is_repairable, is_service, kind_of, stays
from risk.policy.contact_check import contact_due
from risk.policy.disputed_inspection import is_disputed
from risk.policy.evidence import is_dispatch_unknown, is_late_unsent, is_unmatched
from risk.policy.money_left import asked_twice, asks_no_goods, exceeds, in_base
from risk.policy.offers import cost, is_worn
from risk.policy.purchase_terms import about_payment, is_by_child
from risk.policy.schema import Policy
from risk.policy.shop_inspection import is_unshown
from risk.policy.situation import UNDELIVERED, Alternative, Situation
from risk.policy.weight_on_way import grew_lighter


def suggestions(policy: Policy, case: Situation, amount: float) -> tuple[Alternative, ...]:
    """The alternatives that fit the reason and are cheaper for the shop, cheapest first.

    `amount` is in the policy's currency. None where the goods were swapped, abuse
    was found, the request was refused, nothing is asked any more, or the goods are dangerous.
    """
    if not set(case.inspections).isdisjoint(POSITIVE_CONDITIONS) or case.withdrawn:
        return ()
    refused = case.refused_unfound and "refused_unfound" in policy.phrases
    if refused or (case.unsafe and "person_unsafe" in policy.phrases):
        return ()
    if policy.offers is not None and case.verdict in POSITIVE_VERDICTS:
        return ()
    if policy.articles is not None and _is_unsettled(policy, case):
        return ()
    if policy.repeats is not None and _has_nothing_left(case):
        return ()
    offer = policy.suggestions
    fitting: tuple[Alternative, ...] = offer.by_reason[case.reason_code]
    if policy.repeats is not None and stays(policy, case):
        fitting = tuple("resend" if one == "exchange" else one for one in fitting)
    granted = amount * offer.granted[case.type]
    if is_worn(policy, case):
        fitting, granted = ("partial_refund", *fitting), amount
    unfit = _unfit(policy, case)
    priced = sorted(
        (price, one)
        for one in dict.fromkeys(fitting)
        if one != case.type
        and one not in unfit
        and (price := cost(policy, case, one, amount)) < granted
    )
    return tuple(one for _, one in priced[: offer.most])


def _unfit(policy: Policy, case: Situation) -> frozenset[Alternative]:
    """What does not fit where the parcel is, or what the article is."""
    offer = policy.suggestions
    by_parcel = (offer.not_while or {}).get(case.courier, ()) if case.courier else ()
    by_article = (offer.not_for or {}).get(case.category or "", ())
    by_kind = _not_for_kind(policy, case) if policy.articles is not None else ()
    by_goods = _not_for_goods(policy, case) if policy.repeats is not None else ()
    by_dispute = _not_while_disputed(policy, case) if policy.hearing is not None else ()
    return frozenset((*by_parcel, *by_article, *by_kind, *by_goods, *by_dispute))


def _not_while_disputed(policy: Policy, case: Situation) -> Iterator[Alternative]:
    """What does not fit while it is open whether anything came in a parcel that was delivered:
    that goods are kept which the parcel's weight says are not there, and above a large amount that
    another is sent."""
    missing = case.reason_code in ("not_received", "missing_item")
    if not missing or case.verdict not in (None, UNDETERMINED):
        return
    if grew_lighter(case, "outbound"):
        yield "partial_refund"
    dear = in_base(policy, case, case.amount) >= policy.person_first.amount
    if dear and case.courier == "delivered":
        yield from ("resend", "exchange")


def _is_unsettled(policy: Policy, case: Situation) -> bool:
    """Whether nothing could be offered: the order is not known, more than is left is asked, a
    payment or a child's purchase is looked at, or whoever asks may not be the customer."""
    if policy.hearing is not None and contact_due(policy, case):
        return True
    used = case.money
    excess = used is not None and used.paid is not None and exceeds(used, used.paid)
    unsettled = is_unmatched(policy, case) or about_payment(case) or is_by_child(policy, case)
    return excess or unsettled


def _has_nothing_left(case: Situation) -> bool:
    """Whether nothing is left to offer: a finding has granted it, nothing is asked for goods, or
    the customer's bank is asked for the same money."""
    found = case.verdict in NEGATIVE_VERDICTS and (case.paid_back is not None or case.inspections)
    return bool(found) or asks_no_goods(case.money) or asked_twice(case.money)


def _not_for_goods(policy: Policy, case: Situation) -> Iterator[Alternative]:
    """What presumes that the customer keeps goods that are on their way back, or never came; nobody
    buys back what was sent in for repair, or exchanges what was worn."""
    if case.return_arrived is not None or case.inspections:
        yield "voucher"
        if not is_worn(policy, case):
            yield "partial_refund"
    kept = not {"used", INCOMPLETE}.isdisjoint(case.inspections)
    said = is_unshown(policy, case) and not is_disputed(policy, case)
    if kept and (said or is_worn(policy, case)) and "returned_light" in policy.phrases:
        yield "exchange"
    if case.type == "repair" and "no_amount" in policy.phrases:
        yield "partial_refund"
    if case.in_place_of_repair:
        yield from ("exchange", "resend")
    used = case.money
    if case.reason_code == "missing_item" and used and used.paid and used.asked < used.paid:
        yield "partial_refund"


def _not_for_kind(policy: Policy, case: Situation) -> Iterator[Alternative]:
    """What does not fit the kind of article, or goods that the customer does not have."""
    if not is_repairable(policy, case):
        yield "repair"
    if is_service(policy, case):
        yield from ("exchange", "repair", "resend")
    unsent = is_dispatch_unknown(policy, case) or is_late_unsent(policy, case)
    if unsent and "told_unsent" in policy.rules:
        yield from ("exchange", "repair", "partial_refund")
    kind = kind_of(policy, case.category)
    if kind is not None and not kind[1].sent_back and case.reason_code == "unwanted":
        yield "exchange"
    if case.claims_received is False or case.courier in UNDELIVERED:
        yield from ("repair", "partial_refund")
