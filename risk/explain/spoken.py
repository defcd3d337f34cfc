"""Which features a person of the trade would give as a reason; the others are in the full list.

The model may learn from the hour of an order or the number of its lines. Nobody would tell a
customer, or a colleague, that this is why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_UNSPOKEN = re.compile(
    r"""
    amount|asked_of_order|order_(lines|articles|money|pieces|hour|weekday)|.*_line(_share)?|sold_live
  | price_a_piece|(money|pieces)_a_line|single_piece_share|price_against_article
  | pieces_against_article|amount_against_(merchant|usual)|just_under_hundred|type_.*|reason_.*
  | no_reason_right|sku_(orders|abuse_share|abuse_here_share)|category_abuse_share
  | merchant_(abuse_share|requests_30d)
  | days_since_(first_order|last_order|last_request)|customer_(requests_a_month|days_kept)
  | customer_money_(asked|spent)_.*|customer_just_under_365d|asked_against_spent
  | .*_(requests_each|newest_days|newest_account_days|oldest_days)
  | ring_(knit|money_30d|new_customers)
  | ip_customers|text_(length|agitated|content|specificity)|claims_received
  | parcel_movements|parcel_delivered|hours_(since_movement|to_deliver|since_return_moved|to_return)
  | return_(movements|without_weight)|sent_against_catalogue
    """,
    re.VERBOSE,
)
_NOT_THEIRS = re.compile(r"(sku|courier|merchant|category)_.*")
"""What others did with the article, its shop or courier is never a reason against a customer."""

_SPOKEN_FOR = re.compile(r"customer_orders.*|account_age_days|known_tier|.*_customers")
"""Said where they speak for somebody: many orders, an old account, nobody else at the address."""

_NONE_OF = re.compile(r"(?<!\d)0 of \d|: 0, ")
"""A share of which nothing was counted, in the words of decisions that earlier releases made: new
ones have the number."""

_NEVER_FOR = re.compile(
    r"""
    customer_(never_came|refund_only|unproven|kept|same|quick).*|text_copied|order_requests
  | (address|door|payment|device|phone|payout|ring)_requests.*|tracking_.*
    """,
    re.VERBOSE,
)
"""What speaks for nobody once it was counted."""

LATE_HOURS = 168.0
"""A request so long after the delivery may be said against it."""

WHOLE_WEIGHT = 1.5
"""A return of more times the weight of its lines is odd, and speaks for nobody."""

YOUNG_DAYS = 30
"""An account of so few days may be said against a request."""


def is_spoken(reason: Mapping[str, Any]) -> bool:
    """Whether a person would give this reason of a Decision.

    That something did not happen is no reason against anybody.

    >>> is_spoken({"feature": "order_hour", "effect": "raises", "value": 3.0})
    False
    >>> is_spoken({"feature": "customer_requests_90d", "effect": "raises", "value": 3.0})
    True
    >>> is_spoken({"feature": "customer_requests_90d", "effect": "raises", "value": 0.0})
    False
    >>> is_spoken({"feature": "unmet_share", "effect": "raises", "value": 0.2, "counted": 0})
    False
    >>> is_spoken({"feature": "address_requests_30d", "effect": "lowers", "value": 1.0})
    False
    >>> is_spoken({"feature": "address_requests_30d", "effect": "lowers", "value": 0.0})
    True
    """
    feature, value = reason.get("feature"), reason.get("value")
    if feature is None or value is None:
        return False
    none = not value or _counts_nothing(reason)
    return is_told(feature, value, none=none, raises=reason["effect"] == "raises")


def _counts_nothing(reason: Mapping[str, Any]) -> bool:
    if "counted" in reason:
        return bool(reason["counted"] == 0)
    return bool(_NONE_OF.search(reason.get("text", {}).get("en", "")))


def is_told(feature: str, value: float, *, none: bool, raises: bool) -> bool:
    """As `is_spoken`, of a known value; `none` says that nothing was counted.

    >>> is_told("customer_requests_90d", 3.0, none=False, raises=True)
    True
    """
    if _is_unspoken(feature):
        return False
    if raises:
        return not none and _speaks_against(feature, value)
    return _speaks_for(feature, value, none)


@lru_cache(maxsize=1_024)
def _is_unspoken(feature: str) -> bool:
    return _UNSPOKEN.fullmatch(feature) is not None


def _speaks_for(feature: str, value: float, none: bool) -> bool:
    if feature == "hours_delivery_to_request":
        return value <= -1
    if feature == "return_against_catalogue":
        return value <= WHOLE_WEIGHT
    return none or not _speaks_for_nobody(feature)


@lru_cache(maxsize=1_024)
def _speaks_for_nobody(feature: str) -> bool:
    return _NEVER_FOR.fullmatch(feature) is not None


def _speaks_against(feature: str, value: float) -> bool:
    if feature == "hours_delivery_to_request":
        return value >= LATE_HOURS
    if feature == "account_age_days":
        return value < YOUNG_DAYS
    return not _is_told_for(feature) and feature != "parcel_signed"


@lru_cache(maxsize=1_024)
def _is_told_for(feature: str) -> bool:
    return bool(_SPOKEN_FOR.fullmatch(feature) or _NOT_THEIRS.fullmatch(feature))
