"""The kinds of facts: their fields, keys and times. All that knows a field derives it from here."""

from __future__ import annotations

from risk.facts.codes import CHANNELS, DECIDERS, REASONS, TYPES, VERDICTS
from risk.facts.fields import MAX_TEXT, Field, Kind


def _id(name: str, doc: str, *, example: str, **more: object) -> Field:
    return Field(name, "id", doc, example=example, **more)  # type: ignore[arg-type]


def _time(name: str, doc: str, *, required: bool = False, example: str) -> Field:
    return Field(name, "time", doc, required=required, example=example)


def _choice(
    name: str,
    doc: str,
    choices: tuple[str, ...],
    *,
    required: bool = False,
    default: str | None = None,
) -> Field:
    return Field(
        name,
        "choice",
        doc,
        required=required,
        default=default,
        choices=choices,
        example=default or choices[0],
    )


_KNOWN_AT = _time(
    "known_at",
    "when this service could first have known it; by the API only with the scope `backdate`",
    example="2026-03-09T10:00:00+08:00",
)
_ORDER_ID = _id("order_id", "the order", required=True, example="O-1001")
_REFUND_ID = _id("refund_id", "the request", required=True, example="R-2001")
_LINE = "the line of the order"
_BOUGHT = "2026-03-01T08:00:00+08:00"
_ASKED = "2026-03-05T09:30:00+08:00"
_FOUND = "2026-03-12T10:00:00+08:00"

ORDERS = Kind(
    "orders",
    (
        _ORDER_ID,
        _id("line_id", _LINE, default="1", example="1"),
        _id("customer_id", "who bought", required=True, example="C-17"),
        _time("placed_at", "when it was bought", required=True, example=_BOUGHT),
        Field("amount", "money", "paid for this line", required=True, example="199.00"),
        Field("currency", "id", "ISO 4217", default="CNY", limit=3, example="CNY"),
        Field("quantity", "count", "pieces", example=1),
        _id("sku", "the article", example="SKU-9"),
        _id("category", "what kind of article", example="apparel"),
        _id("merchant_id", "who sold", example="M-3"),
        _choice("channel", "where it was sold", CHANNELS),
        Field(
            "shipping_address", "text", "where it was sent", identity="address", limit=1_000,
            example="1 Example Road, Room 501",
        ),
        _id("payment_instrument", "what paid for it", identity="payment", example="card-4242"),
        _id("device_id", "the device it was bought with", identity="device", example="dev-77"),
        _id("phone", "the number on the parcel", identity="phone", example="+86 138 0000 0000"),
        _id("ip", "the address of the device", identity="ip", example="203.0.113.9"),
        _time("account_created_at", "age of the account", example="2024-05-01T00:00:00+08:00"),
        _id("customer_tier", "standing with the shop, free text", example="vip"),
        Field("no_reason_return", "flag", "the seven-day right applies to this line", example=True),
        _KNOWN_AT,
    ),
    ("order_id", "line_id"),
    "placed_at",
    about=("order_id",),
    schema="OrderLine",
    summary="Store lines of orders",
    member="order",
)  # fmt: skip

SHIPMENTS = Kind(
    "shipments",
    (
        _ORDER_ID,
        _id("line_id", _LINE, example="1"),
        _id("refund_id", "the request, for a return parcel", example="R-2001"),
        _choice("direction", "which way", ("outbound", "return"), default="outbound"),
        _choice(
            "status",
            "what happened",
            ("shipped", "out_for_delivery", "delivered", "lost", "returned_to_sender"),
            required=True,
        ),
        _time(
            "occurred_at", "when it happened", required=True, example="2026-03-03T15:20:00+08:00"
        ),
        _id("courier", "who carried it", example="SF"),
        _id("tracking_no", "the parcel", identity="tracking", example="SF1234567890"),
        _choice("received_by", "who took it", ("customer", "locker", "neighbour", "unknown")),
        Field("weight_g", "grams", "weight in grams", example=420),
        _KNOWN_AT,
    ),
    ("order_id", "line_id", "refund_id", "direction", "status", "occurred_at", "tracking_no"),
    "occurred_at",
    about=("order_id",),
    schema="Shipment",
    summary="Store logistics events",
    member="shipments",
)

REFUNDS = Kind(
    "refunds",
    (
        _REFUND_ID,
        _ORDER_ID,
        _id("line_id", "the line; empty for the whole order", example="1"),
        _time("requested_at", "when it was asked", required=True, example=_ASKED),
        Field("amount", "money", "money asked back", required=True, example="199.00"),
        _choice("type", "what is asked", TYPES, default="return_and_refund"),
        _choice("reason_code", "why, by code", REASONS, required=True),
        Field("reason_text", "text", "why, in the customer's words", limit=MAX_TEXT,
              example="The zip broke on the second day, I was at work, see photo."),
        Field("claims_received", "flag", "the customer says the goods arrived", example=True),
        _id("device_id", "the device it was asked with", identity="device", example="dev-77"),
        _id("payout_account", "where the money goes", identity="payout", example="acct-5"),
        _time("respond_by", "the platform's own deadline", example="2026-03-07T09:30:00+08:00"),
        _KNOWN_AT,
    ),
    ("refund_id",),
    "requested_at",
    about=("order_id",),
    schema="Refund",
    summary="Store refund requests without deciding them",
    member="refund",
    single=True,
)  # fmt: skip

EVIDENCE = Kind(
    "evidence",
    (
        _id("evidence_id", "the item", required=True, example="E-1"),
        _REFUND_ID,
        _time("submitted_at", "when it came", required=True, example="2026-03-05T10:00:00+08:00"),
        _choice(
            "kind", "what it is; `declined` = asked for and not given",
            ("photo", "video", "document", "chat", "declined"), required=True,
        ),
        _choice("submitted_by", "who gave it", ("customer", "merchant", "courier"),
                default="customer"),
        _time("asked_at", "when it was asked for", example="2026-03-05T09:40:00+08:00"),
        _id("content_hash", "hash of the file", identity="photo", example="9f86d081884c7d65"),
        _time("captured_at", "when it was taken", example="2026-03-05T09:50:00+08:00"),
        _KNOWN_AT,
    ),
    ("evidence_id",),
    "submitted_at",
    about=("refund_id",),
    schema="Evidence",
    summary="Store evidence",
    member="evidence",
)  # fmt: skip

INSPECTIONS = Kind(
    "inspections",
    (
        _REFUND_ID,
        _time("inspected_at", "when it was looked at", required=True,
              example="2026-03-09T10:00:00+08:00"),
        _choice(
            "condition", "what came back",
            ("as_sent", "used", "damaged_by_customer", "different_item", "counterfeit", "empty",
             "incomplete", "seller_fault"),
            required=True,
        ),
        _KNOWN_AT,
    ),
    ("refund_id", "inspected_at"),
    "inspected_at",
    about=("refund_id",),
    schema="Inspection",
    summary="Store inspections of returned goods",
    member="inspection",
    single=True,
)  # fmt: skip

OUTCOMES = Kind(
    "outcomes",
    (
        _REFUND_ID,
        _time("decided_at", "when it was found", required=True, example=_FOUND),
        _choice("verdict", "what was found", VERDICTS, required=True),
        _choice(
            "resolution", "what was done",
            ("refunded", "partly_refunded", "refused", "exchanged", "withdrawn"),
        ),
        Field("amount", "money", "money paid back", example="199.00"),
        _choice("decided_by", "who found it", DECIDERS, default="merchant"),
        _choice(
            "selected_by", "why it was looked at",
            ("random_audit", "rule", "model", "complaint", "unknown"), default="unknown",
        ),
        Field("selection_probability", "share", "how likely it was to be looked at",
              example="0.02"),
        Field("note", "text", "free text", limit=MAX_TEXT, example="zip replaced by the workshop"),
        _KNOWN_AT,
    ),
    ("refund_id", "decided_at", "decided_by"),
    "decided_at",
    about=("refund_id",),
    schema="Outcome",
    summary="Store findings",
    scope="outcomes",
)  # fmt: skip

KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (ORDERS, SHIPMENTS, REFUNDS, EVIDENCE, INSPECTIONS, OUTCOMES)
}

MEMBERS: dict[str, Kind] = {kind.member: kind for kind in KINDS.values() if kind.member}
"""The members of a scoring body and the kind of fact each holds."""
