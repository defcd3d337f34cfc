"""Receivers and deliveries in OpenAPI."""

from __future__ import annotations

from typing import Any

from risk.history.receivers import EVENTS

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
    return {"anyOf": [schema, {"type": "null"}]}


RECEIVER_SET_UP: dict[str, Any] = {
    "type": "object",
    "required": ["url"],
    "additionalProperties": False,
    "properties": {
        "url": {"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 2_000},
        "events": _EVENTS,
        "merchants": _MERCHANTS,
        "private": _PRIVATE,
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
DELIVERY_FILTERS: tuple[dict[str, Any], ...] = (
    {
        "name": "state",
        "in": "query",
        "schema": {"type": "string", "enum": ["waiting", "sent", "failed"]},
    },
    {"name": "receiver_id", "in": "query", "schema": _TEXT},
    {
        "name": "limit",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    },
    {"name": "cursor", "in": "query", "schema": _TEXT, "description": "`next` of the page before"},
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
