"""Zendesk webhooks: signed with their time; the body is what the trigger's administrator writes.

Signature as Zendesk's page "Verifying webhook authenticity" gives it: base64 of HMAC-SHA256 over
the timestamp and the raw body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from risk.webhooks.endpoints import Endpoint
from risk.webhooks.mapping_table import MappingTable
from risk.webhooks.systems.system import (
    Message,
    System,
    WebhookRequest,
    must_be_now,
    must_equal,
    refused,
)


def _verify(request: WebhookRequest, endpoint: Endpoint, _: MappingTable) -> None:
    signed_at = request.headers.get("x-zendesk-webhook-signature-timestamp", "")
    signed = signed_at.encode("utf-8", "surrogateescape") + request.raw
    digest = hmac.digest(endpoint.secret.encode(), signed, hashlib.sha256)
    must_equal(request.headers.get("x-zendesk-webhook-signature", ""), base64.b64encode(digest))
    try:
        moment = datetime.fromisoformat(signed_at).timestamp()
    except ValueError:
        raise refused() from None
    must_be_now(moment, request.now)


def _messages(request: WebhookRequest, body: Any, _: MappingTable) -> Sequence[Message]:
    message_id = request.headers.get("x-zendesk-webhook-invocation-id")
    topic = body.get("type", "") if isinstance(body, dict) else ""
    return [Message(message_id, str(topic), body)]


SYSTEM = System("zendesk", _verify, _messages, explains=True)
