"""What happens to an order: its lines, its parcels, disputes of its payment."""

from __future__ import annotations

from risk.facts.codes import CHANNELS
from risk.facts.fields import MAX_TEXT, Field
from risk.facts.kinds.common import (
    BOUGHT,
    FOUND,
    LINE,
    ORDER_ID,
    choice_field,
    id_field,
    kind,
    time_field,
)

ORDERS = kind(
    "orders",
    (
        ORDER_ID,
        id_field("line_id", LINE, default="1", example="1"),
        id_field("customer_id", "who bought", required=True, example="C-17"),
        time_field("placed_at", "when it was bought", required=True, example=BOUGHT),
        Field("amount", "money", "paid for this line", required=True, example="199.00"),
        Field("currency", "id", "ISO 4217", default="CNY", limit=3, example="CNY"),
        Field("quantity", "count", "pieces", example=1),
        id_field("sku", "the article", example="SKU-9"),
        id_field("category", "what kind of article", example="apparel"),
        id_field("merchant_id", "who sold", example="M-3"),
        choice_field("channel", "where it was sold", CHANNELS),
        Field(
            "shipping_address", "text", "where it was sent", identity="address", limit=1_000,
            example="1 Example Road, Room 501",
        ),
        id_field("payment_instrument", "what paid for it", identity="payment", example="card-4242"),
        id_field("device_id", "the device it was bought with", identity="device", example="dev-77"),
        id_field("phone", "the number on the parcel", identity="phone",
                 example="+86 138 0000 0000"),
        id_field("ip", "the address of the device", identity="ip", example="203.0.113.9"),
        time_field("account_created_at", "age of the account", example="2024-05-01T00:00:00+08:00"),
        id_field("customer_tier", "standing with the shop, free text", example="vip"),
        Field(
            "no_reason_return", "flag",
            "whether the right to return without a reason applies to this line; empty: it does, "
            "unless the law excludes the category; anything else excluded needs `false`",
            example=True,
        ),
        Field("delivery_amount", "money", "what delivery cost, not in `amount`", later=True,
              example="12.00"),
        Field("expected_weight_g", "grams",
              "what the line weighs by the catalogue, packing left out", later=True, example=400),
    ),
    ("order_id", "line_id"),
    "placed_at",
    about=("order_id",),
    schema="OrderLine",
    summary="Store lines of orders",
    member="order",
)  # fmt: skip

SHIPMENTS = kind(
    "shipments",
    (
        ORDER_ID,
        id_field("line_id", LINE, example="1"),
        id_field("refund_id", "the request, for a return parcel", example="R-2001"),
        choice_field("direction", "which way", ("outbound", "return"), default="outbound"),
        choice_field(
            "status",
            "what happened",
            ("shipped", "out_for_delivery", "delivered", "lost", "returned_to_sender"),
            required=True,
        ),
        time_field(
            "occurred_at", "when it happened", required=True, example="2026-03-03T15:20:00+08:00"
        ),
        id_field("courier", "who carried it", example="SF"),
        id_field("tracking_no", "the parcel", identity="tracking", example="SF1234567890"),
        choice_field("received_by", "who took it", ("customer", "locker", "neighbour", "unknown")),
        Field("weight_g", "grams", "weight in grams", example=420),
        id_field(
            "packed_sku",
            "outbound: the article that went in by the warehouse's record",
            later=True,
            example="SKU-9",
        ),
        Field(
            "packed_quantity",
            "count",
            "outbound: the pieces that went in by that record",
            later=True,
            example=1,
        ),
    ),
    ("order_id", "line_id", "refund_id", "direction", "status", "occurred_at", "tracking_no"),
    "occurred_at",
    about=("order_id",),
    schema="Shipment",
    summary="Store logistics events",
    member="shipments",
)

PAYMENT_DISPUTES = kind(
    "payment_disputes",
    (
        id_field("dispute_id", "the dispute", required=True, example="D-1"),
        ORDER_ID,
        choice_field("stage", "how far it is", ("opened", "won", "lost", "withdrawn"),
                     required=True),
        time_field("occurred_at", "when it got so far", required=True, example=FOUND),
        Field("amount", "money", "money disputed, in the order's currency", required=True,
              example="199.00"),
        Field("reason", "text", "why, as the payer's bank says it", limit=MAX_TEXT,
              example="goods not received"),
    ),
    ("dispute_id", "stage", "occurred_at"),
    "occurred_at",
    about=("order_id",),
    schema="PaymentDispute",
    summary="Store steps of payment disputes",
)  # fmt: skip
