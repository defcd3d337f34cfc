"""The kinds of facts: their fields, keys and times. All that knows a field derives it from here."""

from __future__ import annotations

from risk.facts.fields import Kind
from risk.facts.kinds.of_orders import ORDERS, PAYMENT_DISPUTES, SHIPMENTS
from risk.facts.kinds.of_requests import (
    EVIDENCE,
    FEEDBACK,
    FILES,
    INSPECTIONS,
    OUTCOMES,
    REFUNDS,
)

__all__ = [
    "EVIDENCE",
    "FEEDBACK",
    "FILES",
    "INSPECTIONS",
    "KINDS",
    "MEMBERS",
    "ORDERS",
    "OUTCOMES",
    "OWN_IDS",
    "PAYMENT_DISPUTES",
    "REFUNDS",
    "SHIPMENTS",
    "SUBMITTED",
]

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        ORDERS,
        SHIPMENTS,
        REFUNDS,
        EVIDENCE,
        INSPECTIONS,
        OUTCOMES,
        FEEDBACK,
        PAYMENT_DISPUTES,
        FILES,
    )
}
SUBMITTED: dict[str, Kind] = {name: kind for name, kind in KINDS.items() if kind.submitted}
"""The kinds whose facts callers send and folders hold."""

MEMBERS: dict[str, Kind] = {kind.member: kind for kind in KINDS.values() if kind.member}
"""The members of a scoring body and the kind of fact each holds."""

OWN_IDS = ("order_id", "refund_id", "evidence_id", "dispute_id")
"""The ids that facts are known by: unique in the whole store, prefixed where a hook brings them."""
