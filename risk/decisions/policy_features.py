"""The features that a policy reads, and where they stand in a vector."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from risk.decisions.honest_groups import honest_groups
from risk.facts.units import MONEY_UNIT

POLICY_FEATURES = (
    "customer_money_asked_30d", "photo_seen_elsewhere", "customer_orders_365d",
    "customer_requests_365d", "customer_honest", "customer_abuse", "ring_customers",
    "ring_requests", "ring_abuse", "ring_money_30d", "account_age_days", "days_since_first_order",
    "customer_abuse_live_730d", "payment_abuse_live_730d", "device_abuse_live_730d",
    "payout_abuse_live_730d", "payout_changed", "device_changed", "address_changed",
    "payout_money_1d", "picture_of_stranger",
    "customer_refund_only_30d", "order_pieces", "customer_abuse_here_730d",
    "payment_abuse_here_730d", "device_abuse_here_730d", "payout_abuse_here_730d",
    "ring_abuse_here", "customer_unproven_30d",
    "payment_newest_days", "phone_newest_days", "payout_newest_days",
    "customer_unproven_orders_30d", "device_newest_days", "address_customers",
)  # fmt: skip
"""The features that a policy reads, whatever the model uses.

A stored vector ends with those that its model does not use, in this order, so none is taken out
and a new one is added at the end. What changed of a customer is read by `change_rows` since.
"""

_LINKED = ("payment_abuse_here_730d", "device_abuse_here_730d", "payout_abuse_here_730d")
"""One finding may be counted by several of them: the greatest is what is known for sure."""

Places = Mapping[str, int]
"""Where each of `POLICY_FEATURES` stands in a vector."""


def policy_places(names: Sequence[str]) -> dict[str, int]:
    """Where the policy's features stand among features in this order."""
    return {name: names.index(name) for name in POLICY_FEATURES}


def _known(value: float) -> int:
    """A count; 0 where nothing is known."""
    return 0 if math.isnan(value) else int(value)


def findings_and_links(values: Mapping[str, float]) -> dict[str, Any]:
    """What a situation says of findings and linked people, by its fields."""
    return {
        "abuse_findings": int(values["customer_abuse_here_730d"]),
        "kept_before": int(values["customer_refund_only_30d"]),
        "honest_findings": int(values["customer_honest"]),
        "unproven_before": int(values["customer_unproven_30d"]),
        "unproven_orders": int(values["customer_unproven_orders_30d"]),
        "order_pieces": _known(values["order_pieces"]),
        "live_findings": int(values["customer_abuse_here_730d"]),
        "live_linked": max(int(values[name]) for name in _LINKED),
        "linked_customers": int(values["ring_customers"]),
        "linked_refunds": int(values["ring_requests"]),
        "linked_fraud": int(values["ring_abuse_here"]),
        "payout_stake": round(values["payout_money_1d"] * MONEY_UNIT),
        "groups": tuple(name for name, of in honest_groups(values).items() if of),
    }
