"""What is left of what was paid for the lines of a request."""

from __future__ import annotations

from dataclasses import replace

from risk.facts.currencies import rounding_unit
from risk.facts.units import MONEY_UNIT
from risk.features.order_money import OrderMoney
from risk.policy.schema import Policy
from risk.policy.situation import Situation


def asked_of(policy: Policy, case: Situation) -> int:
    """What a case asks for, in its currency: the amount; of another article, or of an exchange
    that names none, what it uses up of the price. A part that is missing may cost less. Earlier
    policies took the amount alone."""
    used, names_none = case.money, case.amount == 0
    whole = case.type == "resend" and (names_none or case.reason_code != "missing_item")
    goods = whole or (case.type == "exchange" and names_none)
    if not goods or used is None or "no_amount" not in policy.phrases:
        return case.amount
    return max(case.amount, used.asked + used.extras)


def in_base(policy: Policy, case: Situation, amount: int) -> float:
    """An amount of the case in the policy's currency."""
    return amount * policy.currency.rates[case.currency] / MONEY_UNIT


def exceeds(used: OrderMoney, paid: int) -> bool:
    """Whether more is asked than is left of what was paid; a rounding unit is no excess.

    >>> exceeds(OrderMoney(100_0000, 60_0100, 40_0000, 0, "CNY"), 100_0000)
    False
    >>> exceeds(OrderMoney(100_0000, 60_0200, 40_0000, 0, "CNY"), 100_0000)
    True
    """
    return used.asked > 0 and used.asked > left_of(used, paid) + rounding_unit(used.currency)


def is_open_elsewhere(used: OrderMoney, paid: int) -> bool:
    """Whether more is asked than is left only because another open request asks for the same.

    >>> is_open_elsewhere(OrderMoney(100_0000, 60_0000, 60_0000, 0, "CNY"), 100_0000)
    True
    >>> is_open_elsewhere(OrderMoney(100_0000, 60_0000, 60_0000, 60_0000, "CNY"), 100_0000)
    False
    """
    before, left = used.asked_before, used.order_left
    if before <= 0 or not exceeds(used, paid):
        return False
    alone = replace(used, asked_before=0, order_left=None if left is None else left + before)
    return not exceeds(alone, paid)


def asked_twice(used: OrderMoney | None) -> bool:
    """Whether the customer's bank is asked for money of the order as well, and both together are
    more than what is left of what was paid.

    >>> asked_twice(OrderMoney(100_0000, 60_0000, 0, 0, "CNY", disputed=50_0000))
    True
    >>> asked_twice(OrderMoney(100_0000, 60_0000, 0, 0, "CNY", disputed=40_0000))
    False
    """
    if used is None or used.paid is None or not used.disputed:
        return False
    return exceeds(used, used.paid - used.disputed)


def asks_no_goods(used: OrderMoney | None) -> bool:
    """Whether all that is asked is postage or compensation."""
    return used is not None and used.asked == 0 and used.extras > 0


def parcel_goes_on(policy: Policy, case: Situation) -> bool:
    """Whether only postage or compensation is asked, so that nobody stops the parcel; earlier
    policies had it stopped."""
    known = policy.extras is not None and bool(policy.extras.parcel_goes_on)
    return known and asks_no_goods(case.money)


def left_of(used: OrderMoney, paid: int) -> int:
    """What is left of what was paid for the lines, and of the whole order where that is less;
    negative where more than that is used up. What `paid` has beside the price of the lines (what
    delivery cost) or without it (what a bank is asked for) counts for the order too."""
    left = paid - used.asked_before - used.granted_before
    if used.order_left is None:
        return left
    return min(left, used.order_left + paid - (used.paid or 0))
