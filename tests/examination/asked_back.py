"""Requests of some days after the goods came."""

from __future__ import annotations

from typing import Any

from tests.examination.stories import Ago, Event, Facts, Story

HANDED_OVER = {"received_by": "customer"}


def delivered(days: float) -> tuple[Event, ...]:
    return (Event("shipped", days + 2), Event("delivered", days, HANDED_OVER))


def asked(type_: str, reason: str, text: str | None, days: float = 12, **more: Any) -> Story:
    """A request for a coat that was delivered so many days ago."""
    order: Facts = {"placed_at": Ago(days + 4), "sku": "@sku", **more.pop("order", {})}
    refund = {"type": type_, "reason_code": reason, "reason_text": text, **more.pop("refund", {})}
    return Story(order=order, refund=refund, parcels=more.pop("parcels", delivered(days)), **more)
