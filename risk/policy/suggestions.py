"""Alternatives to a refund: exchange, repair, resending, part of the money, a voucher."""

from __future__ import annotations

from risk.findings import POSITIVE_CONDITIONS, POSITIVE_VERDICTS
from risk.policy.offers import cost, is_worn
from risk.policy.schema import Policy
from risk.policy.situation import Alternative, Situation


def suggestions(policy: Policy, case: Situation, amount: float) -> tuple[Alternative, ...]:
    """The alternatives that fit the reason and are cheaper for the shop, cheapest first.

    `amount` is in the policy's currency. None where the goods were swapped, abuse
    was found, or nothing is asked any more.
    """
    if not set(case.inspections).isdisjoint(POSITIVE_CONDITIONS) or case.withdrawn:
        return ()
    if policy.offers is not None and case.verdict in POSITIVE_VERDICTS:
        return ()
    offer = policy.suggestions
    fitting: tuple[Alternative, ...] = offer.by_reason[case.reason_code]
    granted = amount * offer.granted[case.type]
    if is_worn(case):
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
    return frozenset((*by_parcel, *by_article))
