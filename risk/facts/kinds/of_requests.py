"""What happens about a refund request: itself, its evidence, inspections, findings, feedback."""

from __future__ import annotations

from risk.facts.codes import DECIDERS, REASONS, TYPES, VERDICTS
from risk.facts.fields import MAX_TEXT, Field
from risk.facts.kinds.common import (
    ASKED,
    FOUND,
    ORDER_ID,
    REFUND_ID,
    choice_field,
    id_field,
    kind,
    time_field,
)

REFUNDS = kind(
    "refunds",
    (
        REFUND_ID,
        ORDER_ID,
        id_field("line_id", "the line; empty for the whole order", example="1"),
        time_field("requested_at", "when it was asked", required=True, example=ASKED),
        Field("amount", "money", "money asked back", required=True, example="199.00"),
        choice_field("type", "what is asked", TYPES, default="return_and_refund"),
        choice_field("reason_code", "why, by code", REASONS, required=True),
        Field("reason_text", "text", "why, in the customer's words", limit=MAX_TEXT,
              example="The zip broke on the second day, I was at work, see photo."),
        Field("claims_received", "flag", "the customer says the goods arrived", example=True),
        id_field("device_id", "the device it was asked with", identity="device", example="dev-77"),
        id_field("payout_account", "where the money goes", identity="payout", example="acct-5"),
        time_field("respond_by", "the platform's own deadline; a later revision may move it",
                   example="2026-03-07T09:30:00+08:00"),
        Field("postage", "money", "part of `amount`: return postage, delivery", part_of="amount",
              later=True, example="8.00"),
        Field("compensation", "money", "part of `amount`: what law or a promise adds",
              part_of="amount", later=True, example="0.00"),
        choice_field("state", "whether it stands; `withdrawn` counts in counts, not in money",
                     ("open", "withdrawn"), default="open", later=True),
        choice_field("forwarded_by", "who passed the complaint on", ("platform",), later=True),
    ),
    ("refund_id",),
    "requested_at",
    about=("order_id",),
    schema="Refund",
    summary="Store refund requests without deciding them",
    member="refund",
    single=True,
)  # fmt: skip

EVIDENCE = kind(
    "evidence",
    (
        id_field("evidence_id", "the item", required=True, example="E-1"),
        id_field("refund_id", "the request; it or `order_id` is required", example="R-2001"),
        time_field("submitted_at", "when it came", required=True,
                   example="2026-03-05T10:00:00+08:00"),
        choice_field(
            "kind", "what it is; `declined` = an express no to what was asked, `unanswered` = "
            "nothing came, `service_report` = of the maker's service centre",
            ("photo", "video", "document", "chat", "declined", "unanswered", "service_report"),
            required=True,
        ),
        choice_field("submitted_by", "who gave it", ("customer", "merchant", "courier"),
                     default="customer"),
        time_field("asked_at", "when it was asked for", example="2026-03-05T09:40:00+08:00"),
        id_field("content_hash", "hash of the file", identity="photo", example="9f86d081884c7d65"),
        time_field("captured_at", "when it was taken", example="2026-03-05T09:50:00+08:00"),
        id_field("order_id", "the order, for what was recorded before any request on it",
                 later=True, example="O-1001"),
    ),
    ("evidence_id",),
    "submitted_at",
    about=("refund_id", "order_id"),
    schema="Evidence",
    summary="Store evidence",
    member="evidence",
)  # fmt: skip

INSPECTIONS = kind(
    "inspections",
    (
        REFUND_ID,
        time_field("inspected_at", "when it was inspected", required=True,
                   example="2026-03-09T10:00:00+08:00"),
        choice_field(
            "condition", "what came back",
            ("as_sent", "used", "damaged_by_customer", "different_item", "counterfeit", "empty",
             "incomplete", "seller_fault"),
            required=True,
        ),
        choice_field("inspected_by", "who looked", ("merchant", "platform", "third_party"),
                     default="merchant", later=True),
    ),
    ("refund_id", "inspected_at"),
    "inspected_at",
    about=("refund_id",),
    schema="Inspection",
    summary="Store inspections of returned goods",
    member="inspection",
    single=True,
)  # fmt: skip

OUTCOMES = kind(
    "outcomes",
    (
        REFUND_ID,
        time_field("decided_at", "when it was found", required=True, example=FOUND),
        choice_field("verdict", "what was found", VERDICTS, required=True),
        choice_field(
            "resolution", "what was done",
            ("refunded", "partly_refunded", "refused", "exchanged", "withdrawn"),
        ),
        Field("amount", "money", "money paid back", example="199.00"),
        choice_field("decided_by", "who found it", DECIDERS, default="merchant"),
        choice_field(
            "selected_by", "why it was reviewed",
            ("random_audit", "rule", "model", "complaint", "unknown"), default="unknown",
        ),
        Field("selection_probability", "share", "how likely it was to be reviewed",
              example="0.02"),
        Field("note", "text", "free text", limit=MAX_TEXT, example="zip replaced by the workshop"),
    ),
    ("refund_id", "decided_at", "decided_by"),
    "decided_at",
    about=("refund_id",),
    schema="Outcome",
    summary="Store findings",
    scope="outcomes",
)  # fmt: skip

FEEDBACK = kind(
    "feedback",
    (
        REFUND_ID,
        time_field("answered_at", "when it was answered", required=True, example=FOUND),
        Field("satisfaction", "count", "how it went, in the customer's eyes: 1 to 5", required=True,
              least=1, most=5, example=4),
        Field("note", "text", "free text", limit=MAX_TEXT, example="quick and friendly"),
    ),
    ("refund_id", "answered_at"),
    "answered_at",
    about=("refund_id",),
    schema="Feedback",
    summary="Store what customers say of how it went",
)  # fmt: skip

FILES = kind(
    "files",
    (
        id_field("evidence_id", "the item of evidence", required=True, example="E-1"),
        id_field("digest", "keyed digest of the bytes", required=True, private=True,
                 example="9f86d081884c"),
        id_field("media_type", "what it is by its bytes", example="image/jpeg"),
        time_field("made_at", "when it was made, as it says itself", example=ASKED),
        time_field("changed_at", "when it was last changed, as it says itself", example=ASKED),
        choice_field("made_by", "what made it",
                     ("camera", "scanner", "screen", "generator", "unknown")),
        id_field("edited_by", "the program that changed it", private=True,
                 example="Photo Editor 2"),
        choice_field("credentials", "its content credentials", ("none", "intact", "broken")),
        id_field("fingerprints", "fingerprints of the picture", private=True, limit=4_000,
                 example="wAErAclzw2oxghrVrhhrD1kATVPPoDdyfO0="),
        id_field("reader", "the version that read it", required=True, example="1"),
        Field("length_s", "count", "length of a film in seconds", later=True, example=14),
        Field("pages", "count", "pages of a document", later=True, example=3),
        choice_field("clock", "by which clock its times are: of a `zone` that it names, or the "
                     "`device`'s own, as if that were UTC", ("zone", "device"), later=True),
    ),
    ("evidence_id",),
    "known_at",
    about=("evidence_id",),
    schema="File",
    summary="Store what was read of a file",
    submitted=False,
)  # fmt: skip
