"""Receivers and deliveries in OpenAPI."""

from __future__ import annotations

from typing import Any

from api.wire.decision import DECISION_EXAMPLE
from risk.webhooks.subscriptions import EVENTS

_TEXT = {"type": "string"}
_TIME = {"type": "string", "format": "date-time"}
_EVENTS = {
    "type": "array",
    "items": {"type": "string", "enum": list(EVENTS)},
    "description": "what it wants to hear; empty is everything",
}
_MERCHANTS = {
    "type": "array",
    "items": {"type": "string", "maxLength": 200},
    "description": "whose orders it wants to hear of; empty is everybody's",
}
_PRIVATE = {
    "type": "boolean",
    "description": "plain http and addresses of the own network too; only a call from the "
    "service's own machine may allow it",
}


def _maybe(schema: dict[str, Any]) -> dict[str, Any]:
    """The same or null, described as a whole."""
    inner = {name: value for name, value in schema.items() if name != "description"}
    outer = {"description": schema["description"]} if "description" in schema else {}
    return {**outer, "anyOf": [inner, {"type": "null"}]}


RECEIVER_SET_UP: dict[str, Any] = {
    "type": "object",
    "required": ["url"],
    "additionalProperties": False,
    "properties": {
        "url": {"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 2_000},
        "events": _maybe(_EVENTS),
        "merchants": _maybe(_MERCHANTS),
        "private": _maybe(_PRIVATE),
    },
}
RECEIVER: dict[str, Any] = {
    "type": "object",
    "required": ["receiver_id", "url", "events", "merchants", "private", "made_at"],
    "properties": {
        "receiver_id": _TEXT,
        "url": _TEXT,
        "events": _EVENTS,
        "merchants": _MERCHANTS,
        "private": _PRIVATE,
        "made_at": _TIME,
        "secret": {"type": "string", "description": "shown once, when it is made"},
    },
}
DELIVERY: dict[str, Any] = {
    "type": "object",
    "required": ["delivery_id", "receiver_id", "event", "refund_id", "state", "tries", "made_at"],
    "properties": {
        **dict.fromkeys(("delivery_id", "receiver_id", "refund_id"), _TEXT),
        "event": {"type": "string", "enum": list(EVENTS)},
        "state": {"type": "string", "enum": ["waiting", "sent", "failed"]},
        "tries": {"type": "integer"},
        "status": {**_maybe({"type": "integer"}), "description": "what was answered last"},
        "trouble": {**_maybe(_TEXT), "description": "why it did not arrive"},
        "made_at": _TIME,
        "due_at": {**_TIME, "description": "when it is tried next"},
        "done_at": _maybe(_TIME),
    },
}
DELIVERY_PAGE: dict[str, Any] = {
    "type": "object",
    "required": ["deliveries", "next"],
    "properties": {
        "deliveries": {"type": "array", "items": {"$ref": "#/components/schemas/Delivery"}},
        "next": {**_maybe(_TEXT), "description": "send it as `cursor`; null on the last page"},
    },
}


def _filter(name: str, schema: dict[str, Any], text: str = "") -> dict[str, Any]:
    """A filter; one that is left empty is none."""
    said = {"name": name, "in": "query", "schema": schema, "allowEmptyValue": True}
    return {**said, "description": text} if text else said


DELIVERY_FILTERS: tuple[dict[str, Any], ...] = (
    _filter("state", {"type": "string", "enum": ["waiting", "sent", "failed"]}),
    _filter("receiver_id", _TEXT),
    _filter("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
    _filter("cursor", _TEXT, "`next` of the page before"),
)
RECEIVER_EXAMPLE: dict[str, Any] = {
    "receiver_id": "rcv_5f0c6c1e8a5b4a0f",
    "url": "https://tickets.example.com/hooks/refund-risk",
    "events": ["decision.made"],
    "merchants": [],
    "private": False,
    "made_at": "2026-03-05T01:00:00.000+00:00",
}
DELIVERY_EXAMPLE: dict[str, Any] = {
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

_AT = DECISION_EXAMPLE["decided_at"]
_SAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "decision.made": ("A decision was made; `data` is the whole Decision.", DECISION_EXAMPLE),
    "decision.tier_changed": (
        "A later decision about the same request came to another tier; `data` is the Decision, "
        "with `previous_tier`.",
        {**DECISION_EXAMPLE, "previous_tier": "approve"},
    ),
    "case.deadline_near": (
        "Four hours are left to answer an open case.",
        {"refund_id": "R-2001", "respond_by": DECISION_EXAMPLE["respond_by"],
         "decision": DECISION_EXAMPLE},
    ),
    "case.decided": (
        "A finding closed a case.",
        {"refund_id": "R-2001", "verdict": "legitimate", "found_by": "reviewer", "closed_at": _AT,
         "decision": DECISION_EXAMPLE},
    ),
}  # fmt: skip
_SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")
PUSH: dict[str, Any] = {
    "type": "object",
    "description": "What is pushed to a receiver, as Standard Webhooks lays it out.",
    "required": ["type", "timestamp", "data"],
    "properties": {
        "type": {"type": "string", "enum": list(EVENTS)},
        "timestamp": {**_TIME, "description": "when it happened"},
        "data": {
            "type": "object",
            "description": "the Decision of a decision's event, else the case with its Decision",
        },
    },
}


def webhooks() -> dict[str, Any]:
    """What is pushed, by event, as OpenAPI describes webhooks."""
    return {event: {"post": _webhook(event, *_SAYS[event])} for event in EVENTS}


def _webhook(event: str, text: str, data: dict[str, Any]) -> dict[str, Any]:
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
            {"name": name, "in": "header", "required": True, "schema": _TEXT} for name in _SIGNED
        ],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {"2XX": {"description": "taken; anything else is tried again for a day"}},
    }
