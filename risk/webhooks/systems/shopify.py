"""Shopify webhooks: signed over the raw body, distinguished by topic and webhook id."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from risk.webhooks.endpoints import Endpoint
from risk.webhooks.mapping_table import MappingTable
from risk.webhooks.systems.system import Message, System, WebhookRequest, must_equal


def _verify(request: WebhookRequest, endpoint: Endpoint, table: MappingTable) -> None:
    digest = hmac.digest(endpoint.secret.encode(), request.raw, hashlib.sha256)
    must_equal(request.headers.get("x-shopify-hmac-sha256", ""), base64.b64encode(digest))
    shop = table.endpoint.get("shop")
    if shop:
        must_equal(request.headers.get("x-shopify-shop-domain", ""), shop)


def _messages(request: WebhookRequest, body: Any, _: MappingTable) -> Sequence[Message]:
    headers = request.headers
    topic = headers.get("x-shopify-topic", "")
    subject = str(body.get("id", "")) if isinstance(body, Mapping) else ""
    return [Message(headers.get("x-shopify-webhook-id"), topic, body, subject)]


SYSTEM = System("shopify", _verify, _messages)
