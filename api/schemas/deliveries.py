"""Deliveries of events, as calls ask for them and answer them."""

from __future__ import annotations

from typing import Annotated, Any, Self, get_args

from pydantic import BaseModel, Field, WithJsonSchema

from api.schemas.common import Time
from api.schemas.paging import Cursor, EmptyIsNone, Limit
from api.schemas.receivers import EXAMPLE as RECEIVER_EXAMPLE
from risk.cases.lists.queue import PAGE
from risk.facts.format import iso
from risk.webhooks.deliveries import Delivery as StoredDelivery
from risk.webhooks.deliveries import State
from risk.webhooks.subscriptions import EventName

_STATES = {"type": "string", "enum": list(get_args(State))}


class Delivery(BaseModel):
    """An event on its way to a receiver."""

    delivery_id: str
    receiver_id: str
    event: EventName
    refund_id: str
    state: State
    tries: int
    status: Annotated[int | None, Field(description="what was answered last")]
    trouble: Annotated[str | None, Field(description="why it did not arrive")]
    made_at: Time
    due_at: Annotated[Time, Field(description="when it is tried next")]
    done_at: Time | None

    @classmethod
    def of(cls, stored: StoredDelivery) -> Self:
        """A stored delivery with times as the outside world reads them."""
        own = {name: getattr(stored, name) for name in cls.model_fields}
        done = None if stored.done_at is None else iso(stored.done_at)
        times = {"made_at": iso(stored.made_at), "due_at": iso(stored.due_at), "done_at": done}
        return cls.model_validate({**own, **times})


class DeliveryPage(BaseModel):
    """Deliveries, the newest first."""

    deliveries: list[Delivery]
    next: Annotated[str | None, Field(description="send it as `cursor`; null on the last page")]


class DueDelivery(BaseModel):
    """A delivery that is due again."""

    delivery_id: str
    due_at: Time


class DeliveryFilters(BaseModel):
    """Which deliveries are wanted, and which page of them; a filter left empty is none."""

    state: Annotated[State | None, EmptyIsNone, WithJsonSchema(_STATES)] = None
    receiver_id: Annotated[str | None, EmptyIsNone, WithJsonSchema({"type": "string"})] = None
    limit: Limit = PAGE
    cursor: Cursor = None


EXAMPLE: dict[str, Any] = {
    "delivery_id": "msg_7f0c6c1e8a5b4a0f9d3e2b1c",
    "receiver_id": RECEIVER_EXAMPLE["receiver_id"],
    "event": "decision.made",
    "refund_id": "R-2001",
    "state": "waiting",
    "tries": 1,
    "status": 503,
    "trouble": "answered 503",
    "made_at": "2026-03-05T01:30:04.200+00:00",
    "due_at": "2026-03-05T01:30:10.000+00:00",
    "done_at": None,
}
