"""Shopify webhooks: signed over the raw body, told apart by topic and webhook id."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from api.hooks.system import Message, Push, System, must_equal
from api.hooks.table import Table
from risk.webhooks.endpoints import Endpoint


def _verify(push: Push, endpoint: Endpoint, table: Table) -> None:
    digest = hmac.digest(endpoint.secret.encode(), push.raw, hashlib.sha256)
    must_equal(push.headers.get("x-shopify-hmac-sha256", ""), base64.b64encode(digest))
    shop = table.endpoint.get("shop")
    if shop:
        must_equal(push.headers.get("x-shopify-shop-domain", ""), shop)


def _messages(push: Push, body: Any) -> Sequence[Message]:
    headers = push.headers
    topic = headers.get("x-shopify-topic", "")
    return [Message(headers.get("x-shopify-webhook-id"), topic, body)]


SYSTEM = System("shopify", _verify, _messages)
