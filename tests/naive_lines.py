"""The line of an order that a request is about, by the slow obvious truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.naive_revisions import Fact


def first_line(orders: Iterable[Fact], order_id: str) -> Fact | None:
    """The line of an order that was known first."""
    lines = [o for o in orders if o["order_id"] == order_id]
    return min(lines, key=lambda o: (o["known_at"], o["line_id"])) if lines else None


def request_row(refund: Fact, orders: Sequence[Fact]) -> Fact | None:
    """A request with its order: known when both are, as the order stood then."""
    head = first_line(orders, refund["order_id"])
    if head is None:
        return None
    known = max(refund["known_at"], head["known_at"])
    lines = [o for o in orders if o["order_id"] == refund["order_id"] and o["known_at"] <= known]
    line = next((o for o in lines if o["line_id"] == refund["line_id"]), head)
    shared = {name: head[name] for name in ("address", "door", "payment", "phone")}
    return {
        **refund, **shared, "known_at": known, "customer_id": head["customer_id"],
        **{name: line[name] for name in ("merchant_id", "sku", "category")},
        "device": head["device"] if refund["device"] is None else refund["device"],
        "refund_device": refund["device"],
        "currency": None if refund["state"] == "withdrawn" else head["currency"],
        "placed_at": head["placed_at"], "account_created_at": head["account_created_at"],
    }  # fmt: skip
