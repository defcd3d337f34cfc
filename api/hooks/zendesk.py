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

from api.hooks.system import Message, Push, System, must_be_now, must_equal, refuse
from api.hooks.table import Table
from risk.webhooks.endpoints import Endpoint


def _verify(push: Push, endpoint: Endpoint, _: Table) -> None:
    signed_at = push.headers.get("x-zendesk-webhook-signature-timestamp", "")
    signed = signed_at.encode("utf-8", "surrogateescape") + push.raw
    digest = hmac.digest(endpoint.secret.encode(), signed, hashlib.sha256)
    must_equal(push.headers.get("x-zendesk-webhook-signature", ""), base64.b64encode(digest))
    try:
        moment = datetime.fromisoformat(signed_at).timestamp()
    except ValueError:
        raise refuse() from None
    must_be_now(moment, push.now)


def _messages(push: Push, body: Any) -> Sequence[Message]:
    message_id = push.headers.get("x-zendesk-webhook-invocation-id")
    topic = body.get("type", "") if isinstance(body, dict) else ""
    return [Message(message_id, str(topic), body)]


SYSTEM = System("zendesk", _verify, _messages)
