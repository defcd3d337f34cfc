"""What the systems send that we know how to receive, each signed as it signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from risk.facts import KINDS
from risk.history.schema import FACTS
from risk.webhooks.signing import signature
from tests.api.serving import Running

PAYLOADS = Path(__file__).parent / "payloads"


SECRET = "a secret that both sides know"


APP_KEY = "7700112233"


FRESHDESK = """
[maps.reason]
Broken = "damaged"
"*" = "other"

[[messages]]
decide = true
[[messages.refunds]]
refund_id = "freshdesk_webhook.ticket_id"
order_id = "freshdesk_webhook.ticket_cf_order"
requested_at = { path = "freshdesk_webhook.ticket_created_at", zone = "Asia/Shanghai" }
amount = "freshdesk_webhook.ticket_cf_amount"
reason_code = { path = "freshdesk_webhook.ticket_cf_reason", map = "reason" }
reason_text = "freshdesk_webhook.ticket_description"
"""


GORGIAS = """
[endpoint]
header = "X-Our-Token"

[defaults.orders]
currency = "EUR"
merchant_id = "M-own"

[maps.reason]
wrong = "wrong_item"

[[messages]]
decide = true
[[messages.orders]]
order_id = "customer.integration.order"
customer_id = "customer.id"
placed_at = "customer.integration.placed"
amount = "customer.integration.total"
[[messages.refunds]]
refund_id = "ticket.id"
order_id = "customer.integration.order"
requested_at = "ticket.created_datetime"
amount = "customer.integration.total"
reason_code = { path = "reason", map = "reason" }
reason_text = "ticket.excerpt"
"""


GENERIC = """
[maps.why]
"nothing arrived" = "not_received"

[[messages]]
topic = "claim.*"
decide = true
[[messages.refunds]]
refund_id = "claim"
order_id = "order"
requested_at = { path = "at", unix = "ms" }
amount = { path = "cents", times = "0.01" }
reason_code = { path = "why", map = "why" }
[[messages.evidence]]
each = "photos"
evidence_id = "item.id"
refund_id = "claim"
submitted_at = { path = ["item.sent", "item.taken"], zone = "Asia/Shanghai" }
kind = { value = "photo" }
content_hash = "item.sha"
needs = ["content_hash"]
"""


MAPPINGS = {
    "doudian": f'[endpoint]\napp_key = "{APP_KEY}"\n[maps.reason]\n115 = "late"\n',
    "freshdesk": FRESHDESK,
    "gorgias": GORGIAS,
    "generic": GENERIC,
    "shopify": '[endpoint]\nshop = "bags.example.com"\n',
}


Headers = dict[str, str]


def _hmac(signed: bytes) -> str:
    return base64.b64encode(hmac.digest(SECRET.encode(), signed, hashlib.sha256)).decode()


def zendesk(raw: bytes, now: float, message_id: str) -> Headers:
    at = datetime.fromtimestamp(now, UTC).isoformat()
    return {
        "X-Zendesk-Webhook-Signature": _hmac(at.encode() + raw),
        "X-Zendesk-Webhook-Signature-Timestamp": at,
        "X-Zendesk-Webhook-Invocation-Id": message_id,
    }


def shopify(raw: bytes, now: float, message_id: str, topic: str = "returns/request") -> Headers:
    return {
        "X-Shopify-Hmac-SHA256": _hmac(raw),
        "X-Shopify-Topic": topic,
        "X-Shopify-Webhook-Id": message_id,
        "X-Shopify-Shop-Domain": "bags.example.com",
    }


def doudian(raw: bytes, now: float, message_id: str) -> Headers:
    signed = APP_KEY.encode() + raw + SECRET.encode()
    return {"event-sign": hashlib.md5(signed, usedforsecurity=False).hexdigest()}


def freshdesk(raw: bytes, now: float, message_id: str) -> Headers:
    return {"x-refund-risk-secret": SECRET}


def gorgias(raw: bytes, now: float, message_id: str) -> Headers:
    return {"x-our-token": SECRET}


def generic(raw: bytes, now: float, message_id: str) -> Headers:
    at = str(int(now))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,bm8= {signature(SECRET.encode(), message_id, at, raw)}",
    }


@dataclass(frozen=True)
class Sender:
    """A system as it pushes: how it signs, and a recorded request of its own."""

    name: str
    sign: Callable[..., Headers]
    payload: str
    refund_id: str
    reason: str
    amount: int
    requested_at: str


SENDERS = [
    Sender("zendesk", zendesk, "zendesk_ticket", "35436", "not_received", 590_000,
           "2026-03-05T01:30:00+00:00"),
    Sender("shopify", shopify, "shopify_returns_request", "945000954", "defective", 1_999_000,
           "2026-03-06T13:30:00+00:00"),
    Sender("doudian", doudian, "doudian_apply", "6936001122334455", "late", 1_990_000,
           "2026-03-05T01:30:00+00:00"),
    Sender("freshdesk", freshdesk, "freshdesk_ticket", "1204", "damaged", 245_000,
           "2026-03-05T01:30:00+00:00"),
    Sender("gorgias", gorgias, "gorgias_ticket", "98765", "wrong_item", 420_000,
           "2026-03-05T01:30:00.277000+00:00"),
    Sender("generic", generic, "generic_request", "K-1", "not_received", 199_900,
           "2026-03-05T01:30:00+00:00"),
]  # fmt: skip


def raw_of(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def set_up(
    client: httpx.Client, system: str, name: str, mapping: str | None = None, **more: Any
) -> str:
    """The path of a new endpoint, with the mapping of the tests where none is given."""
    body = {
        "secret": SECRET,
        "mapping": MAPPINGS.get(system) if mapping is None else mapping,
        **more,
    }
    client.put(f"/v1/hooks/{system}/{name}", json=body).raise_for_status()
    return f"/v1/hooks/{system}/{name}"


def push(stranger: httpx.Client, place: str, raw: bytes, headers: Headers) -> httpx.Response:
    return stranger.post(
        place, content=raw, headers={"content-type": "application/json", **headers}
    )


def rows(run: Running, kind: str, prefix: str) -> list[Any]:
    table = FACTS[kind]
    key = table.c[KINDS[kind].about[0]]
    query = sa.select(table).where(key.startswith(prefix)).order_by(table.c.known_at)
    with run.service.history.read() as connection:
        return list(connection.execute(query))


def prefix_of(place: str) -> str:
    """What the ids of an endpoint's facts begin with."""
    _, _, _, system, name = place.split("/")
    return f"{system}:{name}:"
