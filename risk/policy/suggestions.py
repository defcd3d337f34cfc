"""Middle ways before confrontation: exchange, repair, resending, part of the money, a voucher."""

from __future__ import annotations

from risk.findings import INCOMPLETE, POSITIVE_CONDITIONS, WORN_CONDITIONS
from risk.policy.schema import MiddleWay, Policy
from risk.policy.situation import Situation

_LESS_WORTH = frozenset({*WORN_CONDITIONS, INCOMPLETE})


def suggestions(policy: Policy, case: Situation, amount: float) -> tuple[MiddleWay, ...]:
    """What may be offered instead of what was asked: by reason, cheaper for the shop, cheapest
    first. `amount` is in the policy's currency."""
    found = set(case.inspections)
    if not found.isdisjoint(POSITIVE_CONDITIONS):
        return ()
    offer = policy.suggestions
    fitting: tuple[MiddleWay, ...] = offer.by_reason[case.reason_code]
    granted = amount * offer.granted[case.type]
    if found & _LESS_WORTH:
        fitting, granted = ("partial_refund", *fitting), amount
    priced = sorted(
        (cost, way)
        for way in dict.fromkeys(fitting)
        if way != case.type and (cost := _cost(policy, way, amount)) < granted
    )
    return tuple(way for _, way in priced[: offer.most])


def _cost(policy: Policy, way: MiddleWay, amount: float) -> float:
    price = policy.suggestions.costs[way]
    return price.fixed + price.share * amount
