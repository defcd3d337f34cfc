"""Which features a person of the trade would give as a reason; the others are in the full list.

The model may learn from the hour of an order or the number of its lines. Nobody would tell a
customer, or a colleague, that this is why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from risk.explain.absences import absent_among

_UNSPOKEN = re.compile(
    r"""
    amount|asked_of_order|(line_)?order_(lines|articles|money|pieces)|order_(hour|weekday)|.*_line(_share)?|sold_live
  | price_a_piece|(line_)?((money|pieces)_a_line|single_piece_share)|price_against_article
  | pieces_against_article|amount_against_(merchant|usual)|just_under_hundred|type_.*|reason_.*
  | no_reason_right|sku_(orders|abuse_share|abuse_here_share)|category_abuse_share
  | merchant_(abuse_share|requests_30d)
  | days_since_(first_order|last_order|last_request)|customer_(requests_a_month|days_kept)
  | customer_money_(asked|spent)_.*|customer_asked_money_share.*|customer_just_under_365d
  | asked_against_spent
  | .*_(requests_each|newest_days|newest_account_days|oldest_days)
  | ring_(knit|money_30d|new_customers)
  | ip_customers|text_(length|agitated|content)|claims_received
  | parcel_movements|(claim_)?(parcel_delivered|hours_to_deliver)
  | hours_(since_movement|since_return_moved|to_return)
  | return_movements|(own_)?return_without_weight|sent_against_catalogue
    """,
    re.VERBOSE,
)
_NOT_THEIRS = re.compile(r"(sku|courier|merchant|category)_.*")
"""What others did with the article, its shop or courier is never a reason against a customer."""

_SPOKEN_FOR = re.compile(
    r"customer_orders(_\d+d)?|account_age_days|known_tier|.*_customers|(claim_)?parcel_signed"
    r"|text_specificity"
    r"|customer_(photos|videos|documents|chats)|proof_given|picture_views|answered_.*"
    r"|(merchant|courier)_proof|(claim_)?parcel_left|(own_)?return_arrived"
    r"|customer_(orders_sent_back|sent_back_share).*"
)
"""Said, if at all, where they speak for somebody: many orders, an old account, a clear account of
what happened; and what was done as it should be: something was given, goods were sent back."""

_NONE_OF = re.compile(r"(?<!\d)0 of \d|: 0, ")
"""A share of which nothing was counted, in the words of decisions that earlier releases made: new
ones have the number."""

_NEVER_FOR = re.compile(
    r"""
    customer_(never_came|refund_only|unproven|kept|same|quick|asked_share).*
  | customer_requests(_\d+d)?|customer_orders_(asked|same|quick).*
  | text_(copied(_before|_elsewhere)?|hedging|irrelevance)|order_requests|(claim_)?parcel_signed
  | (address|door|payment|device|phone|payout|ring)_(requests|(new_)?(customers|strangers)).*
  | tracking_.*
    """,
    re.VERBOSE,
)
"""What speaks for nobody once it was counted."""

CLEAR_POINTS = 500.0
"""From so many points of 1,000 on a text has a quality."""

_AGAINST_BARE = frozenset({"own_return_against_catalogue", "return_against_catalogue"})
"""A parcel, packed, against articles without packing: that it is heavier says nothing."""

_AFTER_DELIVERY = frozenset({"hours_delivery_to_request", "claim_hours_delivery_to_request"})

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
    False
    >>> none = {"feature": "address_requests_30d", "effect": "lowers", "value": 0.0, "counted": 0}
    >>> is_spoken(none)  # among others who are there
    True
    """
    feature, value = reason.get("feature"), reason.get("value")
    if feature is None or value is None:
        return False
    none = not value or _counts_nothing(reason)
    among = "counted" in reason or not absent_among(feature)
    return is_told(feature, value, none=none, among=among, raises=reason["effect"] == "raises")


def _counts_nothing(reason: Mapping[str, Any]) -> bool:
    if "counted" in reason:
        return bool(reason["counted"] == 0)
    return bool(_NONE_OF.search(reason.get("text", {}).get("en", "")))


def is_told(feature: str, value: float, *, none: bool, among: bool, raises: bool) -> bool:
    """As `is_spoken`, of a known value; `none` says that nothing was counted, `among` that there
    was something to count it among.

    >>> is_told("customer_requests_90d", 3.0, none=False, among=False, raises=True)
    True
    >>> is_told("customer_requests_90d", 0.0, none=True, among=False, raises=False)
    False
    """
    if _is_unspoken(feature):
        return False
    if none:
        return not raises and among and absent_among(feature) is not None
    return _speaks_against(feature, value) if raises else _speaks_for(feature, value)


OVERTAKEN_BY = {
    "denied_but_delivered": "hours_delivery_to_request",
    "own_denied_but_delivered": "hours_delivery_to_request",
    "missing_but_signed": "parcel_signed",
}
"""By a feature that speaks of a contradiction, the one that may say that there is none."""


def is_overtaken(feature: str, other: float | None) -> bool:
    """Whether the parcel came after the customer had said that nothing came, or what was signed for
    is another parcel of the order: no contradiction. `other` is the value of `OVERTAKEN_BY`.

    >>> is_overtaken("denied_but_delivered", -3.0), is_overtaken("missing_but_signed", 1.0)
    (True, False)
    """
    if other is None or feature not in OVERTAKEN_BY:
        return False
    return other == 0 if feature == "missing_but_signed" else other < 0


@lru_cache(maxsize=1_024)
def _is_unspoken(feature: str) -> bool:
    return _UNSPOKEN.fullmatch(feature) is not None


def _speaks_for(feature: str, value: float) -> bool:
    if feature in _AFTER_DELIVERY:
        return value <= -1
    if feature in _AGAINST_BARE:
        return value <= WHOLE_WEIGHT
    if feature == "text_specificity":
        return value >= CLEAR_POINTS
    return not _speaks_for_nobody(feature)


@lru_cache(maxsize=1_024)
def _speaks_for_nobody(feature: str) -> bool:
    return _NEVER_FOR.fullmatch(feature) is not None


def _speaks_against(feature: str, value: float) -> bool:
    if feature in _AFTER_DELIVERY:
        return value >= LATE_HOURS
    if feature == "account_age_days":
        return value < YOUNG_DAYS
    if feature in _AGAINST_BARE:
        return value < 1
    return not _is_told_for(feature)


@lru_cache(maxsize=1_024)
def _is_told_for(feature: str) -> bool:
    return bool(_SPOKEN_FOR.fullmatch(feature) or _NOT_THEIRS.fullmatch(feature))
