"""Pushes to an endpoint, and what the inbox says of them."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx

from tests.api.hook_senders import push, raw_of
from tests.api.hook_senders import zendesk as signed_by_zendesk


def pushed(client: httpx.Client, place: str, **filters: Any) -> list[dict[str, Any]]:
    """What the inbox holds of an endpoint, the newest first."""
    _, _, _, system, name = place.split("/")
    asked = {"system": system, "endpoint": name, **filters}
    found: list[dict[str, Any]] = (
        client.get("/v1/hooks/inbox", params=asked).raise_for_status().json()["messages"]
    )
    return found


def zendesk_push(stranger: httpx.Client, place: str, body: Any, message_id: str) -> httpx.Response:
    raw = json.dumps(body).encode()
    return push(stranger, place, raw, signed_by_zendesk(raw, time.time(), message_id))


def ticket(number: str, **refund: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(raw_of("zendesk_ticket"))
    body["refund"] |= {"refund_id": number, "order_id": f"O{number}", **refund}
    body.pop("order", None)
    return body
