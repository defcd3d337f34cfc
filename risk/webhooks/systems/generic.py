"""Anything that signs as Standard Webhooks does, distinguished by the member `type`.

Its headers begin with `webhook-`, or with `svix-`, where the standard comes from. The secret is
base64 behind `whsec_`, or used as it is without that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from risk.webhooks.endpoints import Endpoint
from risk.webhooks.mapping_table import MappingTable
from risk.webhooks.signing import key_of, signature
from risk.webhooks.systems.system import (
    Message,
    System,
    WebhookRequest,
    is_equal,
    must_be_now,
    refused,
)


def _verify(request: WebhookRequest, endpoint: Endpoint, _: MappingTable) -> None:
    message_id, signed_at = _header(request, "id"), _header(request, "timestamp")
    wanted = signature(key_of(endpoint.secret), message_id, signed_at, request.raw)
    given = _header(request, "signature").split()
    fitting = [is_equal(one, wanted) for one in given]
    if not any(fitting) or not signed_at.isdecimal():
        raise refused()
    must_be_now(float(signed_at), request.now)


def _messages(request: WebhookRequest, body: Any, _: MappingTable) -> Sequence[Message]:
    named = isinstance(body, dict) and "type" in body
    payload = body.get("data", body) if named else body
    topic = str(body["type"]) if named else ""
    return [Message(_header(request, "id"), topic, payload, signed_id=True)]


def _header(request: WebhookRequest, name: str) -> str:
    headers = request.headers
    return headers.get(f"webhook-{name}") or headers.get(f"svix-{name}", "")


SYSTEM = System("generic", _verify, _messages, explains=True)
