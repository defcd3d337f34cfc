"""What is left of what was paid for the lines of a request."""

from __future__ import annotations

from risk.facts.currencies import rounding_unit
from risk.features.order_money import OrderMoney


def exceeds(used: OrderMoney, paid: int) -> bool:
    """Whether more is asked than is left of what was paid; a rounding unit is no excess.

    >>> exceeds(OrderMoney(100_0000, 60_0100, 40_0000, 0, "CNY"), 100_0000)
    False
    >>> exceeds(OrderMoney(100_0000, 60_0200, 40_0000, 0, "CNY"), 100_0000)
    True
    """
    return used.asked > 0 and used.asked > left_of(used, paid) + rounding_unit(used.currency)


def left_of(used: OrderMoney, paid: int) -> int:
    """What is left of what was paid for the lines, and of the whole order where that is less;
    negative where more than that is used up."""
    left = paid - used.asked_before - used.granted_before
    return left if used.order_left is None else min(left, used.order_left)
