"""Receivers of events, and what is delivered to them."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, WithJsonSchema

from api.dependencies.body import JsonBody
from api.schemas.common import Time
from risk.decisions.decision_example import example as example_decision
from risk.facts.format import iso
from risk.webhooks.subscriptions import EVENTS, EventName, Subscription, SubscriptionSettings


class ReceiverSetUp(SubscriptionSettings):
    """Where to push to, and what."""


class Receiver(BaseModel):
    """A receiver that events are pushed to."""

    receiver_id: str
    url: str
    events: Annotated[
        list[EventName], Field(description="what it wants to have; empty is everything")
    ]
    merchants: Annotated[
        list[Annotated[str, Field(max_length=200)]],
        Field(description="whose orders it wants to have events of; empty is everybody's"),
    ]
    private: Annotated[
        bool, Field(description="plain http and addresses of the own network are allowed")
    ]
    made_at: Time
    secret: Annotated[str, Field(description="shown once, when it is made")] = ""

    @classmethod
    def of(cls, subscription: Subscription, **more: str) -> Self:
        """The receiver of a subscription, as it is shown; its secret only where it is given."""
        return cls(
            receiver_id=subscription.receiver_id,
            url=subscription.url,
            events=sorted(event for event in EVENTS if event in subscription.events),
            merchants=sorted(subscription.merchants),
            private=subscription.private,
            made_at=iso(subscription.made_at),
            **more,
        )


class StoppedReceiver(BaseModel):
    """A receiver that gets nothing any more."""

    receiver_id: str
    stopped_at: Time


EXAMPLE: dict[str, Any] = {
    "receiver_id": "rcv_5f0c6c1e8a5b4a0f",
    "url": "https://tickets.example.com/hooks/refund-risk",
    "events": ["decision.made"],
    "merchants": [],
    "private": False,
    "made_at": "2026-03-05T01:00:00.000+00:00",
}

receiver_body: JsonBody[ReceiverSetUp] = JsonBody(
    ReceiverSetUp,
    "receiver",
    {
        "all": {"url": EXAMPLE["url"]},
        "some": {"url": EXAMPLE["url"], "events": ["decision.made"], "merchants": ["M-3"]},
    },
)


class Push(BaseModel):
    """What is pushed to a receiver, as Standard Webhooks lays it out."""

    type: EventName
    timestamp: Annotated[Time, Field(description="when it happened")]
    data: Annotated[
        dict[str, Any],
        WithJsonSchema({"type": "object"}),
        Field(description="the Decision of a decision's event, else the case with its Decision"),
    ]


_DECISION = example_decision()
_AT = _DECISION["decided_at"]
_CASE = {"refund_id": "R-2001", "decision": _DECISION}
_EVENTS: dict[EventName, tuple[str, dict[str, Any]]] = {
    "decision.made": ("A decision was made; `data` is the whole Decision.", _DECISION),
    "decision.tier_changed": (
        "A later decision about the same request came to another tier; `data` is the Decision, "
        "with `previous_tier`.",
        {**_DECISION, "previous_tier": "approve"},
    ),
    "case.deadline_near": (
        "Four hours are left to answer an open case.",
        {**_CASE, "respond_by": _DECISION["respond_by"]},
    ),
    "case.decided": (
        "A finding closed a case.",
        {**_CASE, "verdict": "legitimate", "found_by": "reviewer", "closed_at": _AT},
    ),
    "case.closed": (
        "A case is closed without a finding: its request was withdrawn, or retracted.",
        {**_CASE, "closed_because": "withdrawn", "closed_at": _AT},
    ),
    "case.asked": (
        "A reviewer asked for evidence: what (`kind`), of whom (`from`), in which words (`text`).",
        {"refund_id": "R-2001", "by": "mei", "kind": "document", "from": "courier",
         "text": "Please send the delivery record with signature and place."},
    ),
    "case.call_asked": (
        "A reviewer wants to call the customer; `text` is what the customer is told.",
        {"refund_id": "R-2001", "by": "mei", "kind": "chat", "from": "customer",
         "text": "We would like to hear from you what happened. When may we call you?"},
    ),
    "case.offered": (
        "A reviewer offers the customer something instead of the refund: what (`kind`), how much "
        "where it is money (`amount`, `currency`), in which words (`text`).",
        {"refund_id": "R-2001", "by": "mei", "kind": "partial_refund", "from": "customer",
         "amount": "20.00", "currency": "CNY",
         "text": "We can pay back a part of the price, and you keep the article."},
    ),
    "case.escalated": (
        "A reviewer put a case before somebody more senior; not for receivers of a merchant.",
        {"refund_id": "R-2001", "by": "mei", "text": "The third such parcel this week."},
    ),
    "case.mentioned": (
        "A note names people by @login; not for receivers of a merchant.",
        {"refund_id": "R-2001", "by": "mei", "mentions": ["leo"], "text": "@leo please look."},
    ),
    "requests.surging": (
        "This week has far more requests than the weeks before about a category, an article "
        "(`sku`), a shop or a courier (`dimension`), told once a week; not for receivers of a "
        "merchant.",
        {"refund_id": None, "dimension": "sku", "name": "SKU-9", "this_week": 25,
         "weekly_before": 4.0},
    ),
}  # fmt: skip
_SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")


def webhooks() -> dict[str, Any]:
    """What is pushed, by event, as OpenAPI describes webhooks."""
    return {event: {"post": _webhook(event, *_EVENTS[event])} for event in EVENTS}


def _webhook(event: EventName, text: str, data: dict[str, Any]) -> dict[str, Any]:
    example = {"type": event, "timestamp": _AT, "data": data}
    content = {
        "schema": {"$ref": "#/components/schemas/Push"},
        "examples": {"example": {"value": example}},
    }
    return {
        "operationId": "on_" + event.replace(".", "_"),
        "tags": ["hooks"],
        "summary": event,
        "description": text,
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
            for name in _SIGNED
        ],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {"2XX": {"description": "taken; anything else is tried again for a day"}},
    }
