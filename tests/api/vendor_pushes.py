"""Pushes as vendors make them, each with the facts that it brings through the shipped table."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.api.hook_senders import SECRET

Headers = dict[str, str]
Row = dict[str, Any]
NOW_MS = 1_772_674_200_000
ADYEN_KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
HUBSPOT_URL = "https://risk.example.com/v1/hooks/hubspot/desk"


def b64(algorithm: str, signed: bytes, key: bytes = SECRET.encode()) -> str:
    return base64.b64encode(hmac.digest(key, signed, algorithm)).decode()


def _longer(raw: bytes) -> bytes:
    return raw + b" "


@dataclass(frozen=True)
class Push:
    """What is pushed, how it is signed at a time (seconds), and the columns it must lead to.

    Ids stand without the prefix of the endpoint. `forged` changes what is signed.
    """

    system: str
    name: str
    body: Any
    sign: Callable[[bytes, float], Headers]
    facts: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    ignored: int = 0
    mapping: str = ""
    secret: str = SECRET
    timed: bool = False
    forged: Callable[[bytes], bytes] = _longer

    @property
    def raw(self) -> bytes:
        """The body as it is sent."""
        return json.dumps(self.body).encode()


def _woocommerce(raw: bytes, _: float) -> Headers:
    return {"x-wc-webhook-signature": b64("sha256", raw), "x-wc-webhook-topic": "order.updated",
            "x-wc-webhook-delivery-id": "d1"}  # fmt: skip


WOOCOMMERCE = {
    "id": 727, "status": "processing", "currency": "JPY", "customer_id": 0,
    "date_created_gmt": "2026-03-01T01:30:00", "date_modified_gmt": "2026-03-04T01:30:00",
    "customer_ip_address": "", "billing": {"address_1": "1 Example Road", "phone": "5550100"},
    "shipping": {"address_1": ""}, "refunds": [{"id": 9, "reason": "late", "total": "-300"}],
    "line_items": [{"id": 315, "product_id": 93, "sku": "", "quantity": 2,
                    "subtotal": "600", "total": "540", "total_tax": "54"}],
}  # fmt: skip


def stripe(raw: bytes, at: float) -> Headers:
    """Signed with a secret of before and with the one of now."""
    stamp = str(int(at))
    digest = hmac.digest(SECRET.encode(), f"{stamp}.".encode() + raw, "sha256").hex()
    return {"stripe-signature": f"t={stamp},v0={digest},v1={'1' * 64},v1={digest}"}


def _stripe_event(type_: str, thing: Row) -> Row:
    return {"id": f"evt_{type_}_{thing['status']}", "object": "event", "type": type_,
            "created": 1_772_700_000, "livemode": False, "data": {"object": thing}}  # fmt: skip


def _stripe_pushes(currency: str, minor: int, amount: int) -> list[Push]:
    dispute = {"id": "dp_1", "object": "dispute", "amount": minor, "currency": currency,
               "charge": "ch_1", "payment_intent": "pi_1", "reason": "product_not_received",
               "status": "needs_response", "created": 1_772_674_200, "metadata": {}}  # fmt: skip
    refund = {"id": "re_1", "object": "refund", "amount": minor, "currency": currency,
              "status": "succeeded", "created": 1_772_674_300,
              "metadata": {"refund_id": "R-1"}}  # fmt: skip
    opened = {"dispute_id": "dp_1", "order_id": "pi_1", "amount": amount, "stage": "opened"}
    events: list[tuple[str, Row, dict[str, list[Row]]]] = [
        ("charge.dispute.created", dispute, {"payment_disputes": [opened]}),
        ("charge.dispute.closed", {**dispute, "status": "lost"},
         {"payment_disputes": [{**opened, "stage": "lost"}]}),
        ("refund.created", {**refund, "status": "pending"}, {}),
        ("refund.updated", refund, {"outcomes": [{"refund_id": "R-1", "amount": amount}]}),
    ]  # fmt: skip
    return [
        Push("stripe", f"{currency}-{n}", _stripe_event(type_, thing), stripe, facts,
             ignored=int(not facts), timed=True)
        for n, (type_, thing, facts) in enumerate(events)
    ]  # fmt: skip


def _adyen_item(**fields: Any) -> Row:
    item = {"pspReference": "P1", "originalReference": "P0", "merchantAccountCode": "Shop",
            "merchantReference": "O-1", "amount": {"value": 1_130, "currency": "EUR"},
            "eventCode": "CHARGEBACK", "success": "true", "reason": "fraud",
            "eventDate": "2026-03-05T10:00:00+01:00", **fields}  # fmt: skip
    amount = item["amount"]
    signed = ":".join([item["pspReference"], item["originalReference"], "Shop", "O-1",
                       str(amount["value"]), amount["currency"], item["eventCode"],
                       item["success"]])  # fmt: skip
    own = b64("sha256", signed.encode(), bytes.fromhex(ADYEN_KEY))
    return {"NotificationRequestItem": {**item, "additionalData": {"hmacSignature": own}}}


ADYEN = [
    _adyen_item(),
    _adyen_item(eventCode="CHARGEBACK_REVERSED", pspReference="P2"),
    _adyen_item(eventCode="REFUND", pspReference="P3", success="false"),
    _adyen_item(eventCode="REFUND", pspReference="P4"),
    _adyen_item(eventCode="AUTHORISATION", pspReference="P0"),
]


def _intercom(raw: bytes, _: float) -> Headers:
    return {"x-hub-signature": f"sha1={hmac.digest(SECRET.encode(), raw, 'sha1').hex()}"}


INTERCOM = {
    "type": "notification_event", "topic": "ticket.created", "id": "notif_1",
    "created_at": 1_772_674_201,
    "data": {"type": "notification_event_data", "item": {
        "type": "ticket", "id": "494", "created_at": 1_772_674_200,
        "ticket_attributes": {"order_id": 12, "amount": 45.5, "reason": "broken",
                              "_default_description_": "the zip broke"}}},
}  # fmt: skip

INTERCOM_REPLY = {
    "type": "notification_event", "topic": "ticket.contact.replied", "id": "notif_2",
    "created_at": 1_772_674_300,
    "data": {"type": "notification_event_data", "item": {
        "type": "ticket_reply", "ticket": {"type": "ticket", "id": "494"},
        "ticket_part": {"created_at": 1_772_674_200, "attachments": [
            {"type": "upload", "name": "image.png", "content_type": content_type,
             "url": f"https://files.example.com/{number}?signature=x"}
            for number, content_type in enumerate(("image/png", "video/mp4"))]}}},
}  # fmt: skip


def _hubspot(raw: bytes, at: float) -> Headers:
    stamp = str(int(at * 1000))
    signed = b64("sha256", b"POST" + HUBSPOT_URL.encode() + raw + stamp.encode())
    return {"x-hubspot-signature-v3": signed, "x-hubspot-request-timestamp": stamp}


_TICKET = {"subscriptionId": 1, "portalId": 2, "objectId": 33, "occurredAt": 1_772_674_200_123,
           "subscriptionType": "ticket.propertyChange"}  # fmt: skip
HUBSPOT = [
    {**_TICKET, "eventId": 1, "propertyName": "refund_verdict", "propertyValue": "Abuse"},
    {**_TICKET, "eventId": 2, "propertyName": "refund_satisfaction", "propertyValue": "4"},
    {**_TICKET, "eventId": 3, "propertyName": "subject", "propertyValue": "x"},
]

SIGNED_TABLE = """
[signature]
header = "X-Shop-Signature"
prefix = "sha512="
algorithm = "sha512"
signed = "v2:{timestamp}:{body}"
timestamp = "X-Shop-Time"
window_s = 30
[envelope]
messages = "events"
topic = ["kind"]
id = "no"
[[messages]]
topic = "claim"
decide = true
[[messages.refunds]]
refund_id = "claim"
order_id = "order"
requested_at = { received = true }
amount = "total"
reason_code = { value = "other" }
"""


def _signed(raw: bytes, at: float) -> Headers:
    digest = hmac.digest(SECRET.encode(), f"v2:{int(at)}:".encode() + raw, "sha512").hex()
    return {"x-shop-signature": f"sha512={digest}", "x-shop-time": str(int(at))}


SIGNED = {"events": [{"kind": "claim", "no": 1, "claim": "A", "order": "B", "total": "9.90"},
                     {"kind": "other", "no": 2}]}  # fmt: skip

SVIX_SECRET = "whsec_" + base64.b64encode(b"a key that both sides know").decode()
SVIX_TABLE = """
[[messages]]
topic = "claim.made"
decide = true
[[messages.refunds]]
refund_id = "id"
order_id = "order"
requested_at = "at"
amount = "amount"
reason_code = { value = "late" }
"""
SVIX = {"type": "claim.made", "data": {"id": "S-1", "order": "B", "at": "2026-03-05T01:30:00Z",
                                       "amount": "9.90"}}  # fmt: skip


def _svix(raw: bytes, at: float) -> Headers:
    signed = f"msg_1.{int(at)}.".encode() + raw
    own = b64("sha256", signed, b"a key that both sides know")
    return {"svix-id": "msg_1", "svix-timestamp": str(int(at)), "svix-signature": f"v1,{own}"}


PUSHES = (
    Push("generic", "svix", SVIX, _svix, {
        "refunds": [{"refund_id": "S-1", "order_id": "B", "requested_at": NOW_MS}],
    }, timed=True, mapping=SVIX_TABLE, secret=SVIX_SECRET),
    Push("woocommerce", "shop", WOOCOMMERCE, _woocommerce, {
        "orders": [{"order_id": "727", "line_id": "315", "amount": 5_940_000, "currency": "JPY",
                    "sku": "93", "customer_id": "guest-727"}],
        "outcomes": [{"refund_id": "9", "amount": 3_000_000, "verdict": "undetermined"}],
    }),
    *_stripe_pushes("usd", 1_050, 105_000),
    *_stripe_pushes("jpy", 500, 5_000_000),
    *_stripe_pushes("kwd", 10_500, 105_000),
    Push("adyen", "shop", {"live": "false", "notificationItems": ADYEN}, lambda *_: {}, {
        "payment_disputes": [{"dispute_id": "P0", "stage": "opened", "amount": 113_000},
                             {"dispute_id": "P0", "stage": "won", "amount": 113_000}],
        "outcomes": [{"amount": 113_000}],
    }, ignored=2, secret=ADYEN_KEY, forged=lambda raw: raw.replace(b"1130", b"1131")),
    Push("intercom", "desk", INTERCOM, _intercom, {
        "refunds": [{"refund_id": "494", "order_id": "12", "reason_code": "damaged",
                     "amount": 455_000, "requested_at": NOW_MS}],
    }, mapping='[maps.reason]\nbroken = "damaged"\n'),
    Push("intercom", "files", INTERCOM_REPLY, _intercom, {
        "evidence": [{"refund_id": "494", "kind": kind, "submitted_at": NOW_MS}
                     for kind in ("photo", "video")],
    }),
    Push("hubspot", "desk", HUBSPOT, _hubspot, {
        "outcomes": [{"refund_id": "33", "verdict": "abuse", "decided_by": "merchant",
                      "decided_at": NOW_MS + 123}],
        "feedback": [{"refund_id": "33", "satisfaction": 4}],
    }, ignored=1, timed=True,
        mapping=f'[signature]\nurl = "{HUBSPOT_URL}"\n[maps.verdict]\nAbuse = "abuse"\n'),
    Push("signed", "own", SIGNED, _signed, {
        "refunds": [{"refund_id": "A", "order_id": "B", "amount": 99_000, "reason_code": "other"}],
    }, ignored=1, timed=True, mapping=SIGNED_TABLE),
)  # fmt: skip
