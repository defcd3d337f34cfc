"""Stories of goods that were sent back."""

from __future__ import annotations

from typing import Any

from tests.examination.stories import Event, Facts, Story

BACK = (Event("shipped", 1), Event("delivered", 0.5))


def returned(reason: str, amount: str = "4200.00", **more: Any) -> Story:
    """A return, for a fault outside the right of return, that has arrived."""
    order: Facts = {"amount": amount, "sku": "@sku", "category": "electronics",
                    "no_reason_return": False, **more.pop("order", {})}  # fmt: skip
    asked: Facts = {"type": "return_and_refund", "reason_code": reason, "claims_received": True,
                    "reason_text": "There was something else in the box"}  # fmt: skip
    return Story(order=order, refund=asked, back=more.pop("back", BACK), later=True, **more)
