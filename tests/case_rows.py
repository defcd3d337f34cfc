"""Cases for tests: requests with their orders, and the row a decision puts in the queue."""

from __future__ import annotations

from typing import Any

from risk.facts.format import iso
from risk.history.case_state import upsert_case
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.store import History

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = now_ms()


def request(history: History, refund_id: str, customer: str = "C-1", **more: Any) -> None:
    """A request of yesterday with its order of four days ago."""
    order = f"O-{refund_id}"
    line = {
        "order_id": order, "customer_id": customer, "placed_at": iso(NOW - 4 * DAY),
        "amount": "100.00", "category": "shoes", "merchant_id": "M-1", "sku": "S-1",
    }  # fmt: skip
    refund = {
        "refund_id": refund_id, "order_id": order, "requested_at": iso(NOW - DAY),
        "amount": "100.00", "reason_code": "damaged",
    }  # fmt: skip
    ingest(history, "orders", [{**line, **more.get("line", {})}])
    ingest(history, "refunds", [{**refund, **more.get("refund", {})}])


def decided(refund_id: str, **more: Any) -> dict[str, Any]:
    """What a decision that asks for a person says of a case."""
    return {
        "refund_id": refund_id, "decision_id": f"D-{refund_id}", "wanted": True,
        "tier": "platform_intervention", "stage": "request", "probability": 0.4,
        "amount": 1_000_000, "currency": "CNY", "stake": 100.0, "respond_by": NOW + DAY,
        "requested_at": NOW - DAY, "type": "refund_only", "reason_code": "damaged",
        "merchant_id": "M-1", "linked": 0, "linked_fraud": 0, "audit": False, "audit_share": None,
        "selected_by": "model", "priority": False, "headline": '{"en":"why","zh":"原因"}',
        "decided_at": NOW - HOUR, **more,
    }  # fmt: skip


def open_case(history: History, refund_id: str, customer: str = "C-1", **more: Any) -> str:
    """A stored request whose case is open."""
    request(history, refund_id, customer)
    with history.write() as write:
        upsert_case(write.connection, decided(refund_id, **more))
    return refund_id
