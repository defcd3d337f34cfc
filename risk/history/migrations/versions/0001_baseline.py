"""baseline"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("key_id", TEXT, nullable=False),
        sa.Column("idempotency_key", TEXT, nullable=False),
        sa.Column("body_digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "idempotency_key"),
    )
    with op.batch_alter_table("answers") as batch:
        batch.create_index("ix_answers_at", ["at"])

    op.create_table(
        "api_keys",
        sa.Column("key_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", TEXT, nullable=False),
        sa.Column("says", TEXT, nullable=False),
        sa.Column("merchants", TEXT, nullable=False),
        sa.Column("rate", sa.Double(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("key_id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_table(
        "case_events",
        sa.Column("event_no", SERIAL, nullable=False),
        sa.Column("refund_id", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("event_no"),
    )
    with op.batch_alter_table("case_events") as batch:
        batch.create_index("ix_case_events_refund_id", ["refund_id", "event_no"])

    op.create_table(
        "cases",
        sa.Column("refund_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", TEXT, nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("tier", TEXT, nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", TEXT, nullable=False),
        sa.Column("stake", sa.Double(), nullable=False),
        sa.Column("respond_by", sa.BigInteger(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("type", TEXT, nullable=True),
        sa.Column("reason_code", TEXT, nullable=True),
        sa.Column("merchant_id", TEXT, nullable=True),
        sa.Column("linked", sa.BigInteger(), nullable=False),
        sa.Column("linked_fraud", sa.BigInteger(), nullable=False),
        sa.Column("audit", sa.Boolean(), nullable=False),
        sa.Column("audit_share", sa.Double(), nullable=True),
        sa.Column("selected_by", TEXT, nullable=False),
        sa.Column("priority", sa.Boolean(), nullable=False),
        sa.Column("headline", TEXT, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("verdict", TEXT, nullable=True),
        sa.Column("found_by", TEXT, nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("escalated_at", sa.BigInteger(), nullable=True),
        sa.Column("appealed_at", sa.BigInteger(), nullable=True),
        sa.Column("held_by", TEXT, nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("refund_id"),
    )
    with op.batch_alter_table("cases") as batch:
        batch.create_index("ix_cases_closed", ["state", "closed_at"])
        batch.create_index("ix_cases_queue", ["state", "rank", "refund_id"])

    op.create_table(
        "claims",
        sa.Column("refund_id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("customer_id", TEXT, nullable=True),
        sa.Column("courier", TEXT, nullable=True),
        sa.Column("reason_code", TEXT, nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("refund_id"),
    )
    with op.batch_alter_table("claims") as batch:
        batch.create_index("ix_claims_courier", ["courier", "known_at", "refund_id", "customer_id", "reason_code"])
        batch.create_index("ix_claims_order_id", ["order_id"])

    op.create_table(
        "commits",
        sa.Column("commit_no", SERIAL, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("commit_no"),
    )
    op.create_table(
        "decisions",
        sa.Column("decision_id", TEXT, nullable=False),
        sa.Column("refund_id", TEXT, nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("commit_no", sa.BigInteger(), nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("tier", TEXT, nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("model_version", TEXT, nullable=False),
        sa.Column("model_digest", TEXT, nullable=False),
        sa.Column("policy_version", TEXT, nullable=False),
        sa.Column("request_digest", sa.BigInteger(), nullable=True),
        sa.Column("audit_draw", sa.Double(), nullable=False),
        sa.Column("runtime", TEXT, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("situation", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("decision_id"),
    )
    with op.batch_alter_table("decisions") as batch:
        batch.create_index("ix_decisions_decided_at", ["decided_at"])
        batch.create_index("ix_decisions_refund_id", ["refund_id", "as_of"])
        batch.create_index("ux_decisions_request_digest", ["request_digest"], unique=True)

    op.create_table(
        "evidence",
        sa.Column("fact_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.BigInteger(), nullable=True),
        sa.Column("evidence_id", TEXT, nullable=True),
        sa.Column("refund_id", TEXT, nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("kind", TEXT, nullable=True),
        sa.Column("submitted_by", TEXT, nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("photo", sa.BigInteger(), nullable=True),
        sa.Column("captured_at", sa.BigInteger(), nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=True),
        sa.Column("commit_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fact_key"),
    )
    with op.batch_alter_table("evidence") as batch:
        batch.create_index("ix_evidence_photo", ["photo", "known_at", "fact_key"])
        batch.create_index("ix_evidence_refund_id", ["refund_id", "known_at", "fact_key"])

    op.create_table(
        "findings",
        sa.Column("refund_id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("customer_id", TEXT, nullable=True),
        sa.Column("merchant_id", TEXT, nullable=True),
        sa.Column("sku", TEXT, nullable=True),
        sa.Column("category", TEXT, nullable=True),
        sa.Column("address", sa.BigInteger(), nullable=True),
        sa.Column("door", sa.BigInteger(), nullable=True),
        sa.Column("payment", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.BigInteger(), nullable=True),
        sa.Column("payout", sa.BigInteger(), nullable=True),
        sa.Column("label", sa.BigInteger(), nullable=False),
        sa.Column("fault", sa.BigInteger(), nullable=False),
        sa.Column("verdict", TEXT, nullable=True),
        sa.Column("authority", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", TEXT, nullable=True),
        sa.Column("type", TEXT, nullable=True),
        sa.Column("reason_code", TEXT, nullable=True),
        sa.Column("known_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stands_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("refund_id", "authority", "known_at"),
    )
    with op.batch_alter_table("findings") as batch:
        batch.create_index("ix_findings_address", ["address", "known_at", "refund_id", "authority"])
        batch.create_index("ix_findings_category", ["category", "known_at", "refund_id", "authority"])
        batch.create_index("ix_findings_customer_id", ["customer_id", "known_at", "refund_id", "authority"])
        batch.create_index("ix_findings_device", ["device", "known_at", "refund_id", "authority"])
        batch.create_index("ix_findings_door", ["door", "known_at", "refund_id", "authority"])
        batch.create_index("ix_findings_merchant_id", ["merchant_id", "known_at", "refund_id", "authority"])
        batch.create_index("ix_findings_order_id", ["order_id"])
        batch.create_index("ix_findings_payment", ["payment", "known_at", "refund_id", "authority"])
        batch.create_index("ix_findings_payout", ["payout", "known_at", "refund_id", "authority"])
        batch.create_index("ix_findings_phone", ["phone", "known_at", "refund_id", "authority"])
        batch.create_index("ix_findings_sku", ["sku", "known_at", "refund_id", "authority"])

    op.create_table(
        "inspections",
        sa.Column("fact_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.BigInteger(), nullable=True),
        sa.Column("refund_id", TEXT, nullable=True),
        sa.Column("inspected_at", sa.BigInteger(), nullable=True),
        sa.Column("condition", TEXT, nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=True),
        sa.Column("commit_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fact_key"),
    )
    with op.batch_alter_table("inspections") as batch:
        batch.create_index("ix_inspections_refund_id", ["refund_id", "known_at", "fact_key"])

    op.create_table(
        "listings",
        sa.Column("listing_no", SERIAL, nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("asks", TEXT, nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("refund_id", TEXT, nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("listing_no"),
    )
    with op.batch_alter_table("listings") as batch:
        batch.create_index("ix_listings_customer_id", ["customer_id", "known_at"])

    op.create_table(
        "looks",
        sa.Column("look_no", SERIAL, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("refund_id", TEXT, nullable=False),
        sa.Column("page", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("look_no"),
    )
    with op.batch_alter_table("looks") as batch:
        batch.create_index("ix_looks_refund_id", ["refund_id", "at"])

    op.create_table(
        "models",
        sa.Column("published_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("bundle", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("published_at"),
    )
    op.create_table(
        "orders",
        sa.Column("fact_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.BigInteger(), nullable=True),
        sa.Column("order_id", TEXT, nullable=True),
        sa.Column("line_id", TEXT, nullable=True),
        sa.Column("customer_id", TEXT, nullable=True),
        sa.Column("placed_at", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", TEXT, nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("sku", TEXT, nullable=True),
        sa.Column("category", TEXT, nullable=True),
        sa.Column("merchant_id", TEXT, nullable=True),
        sa.Column("channel", TEXT, nullable=True),
        sa.Column("address", sa.BigInteger(), nullable=True),
        sa.Column("door", sa.BigInteger(), nullable=True),
        sa.Column("payment", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.BigInteger(), nullable=True),
        sa.Column("ip", sa.BigInteger(), nullable=True),
        sa.Column("account_created_at", sa.BigInteger(), nullable=True),
        sa.Column("customer_tier", TEXT, nullable=True),
        sa.Column("no_reason_return", sa.BigInteger(), nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=True),
        sa.Column("topics", sa.BigInteger(), nullable=True),
        sa.Column("commit_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fact_key"),
    )
    with op.batch_alter_table("orders") as batch:
        batch.create_index("ix_orders_customer_id", ["customer_id", "known_at", "fact_key"])
        batch.create_index("ix_orders_order_id", ["order_id", "known_at", "fact_key"])
        batch.create_index("ix_orders_sku", ["sku", "known_at", "fact_key"])

    op.create_table(
        "outcomes",
        sa.Column("fact_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.BigInteger(), nullable=True),
        sa.Column("refund_id", TEXT, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("verdict", TEXT, nullable=True),
        sa.Column("resolution", TEXT, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("selected_by", TEXT, nullable=True),
        sa.Column("selection_probability", sa.Double(), nullable=True),
        sa.Column("note", TEXT, nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=True),
        sa.Column("commit_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fact_key"),
    )
    with op.batch_alter_table("outcomes") as batch:
        batch.create_index("ix_outcomes_refund_id", ["refund_id"])

    op.create_table(
        "people",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("shown", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("password", TEXT, nullable=False),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "policies",
        sa.Column("version", TEXT, nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "refunds",
        sa.Column("fact_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.BigInteger(), nullable=True),
        sa.Column("refund_id", TEXT, nullable=True),
        sa.Column("order_id", TEXT, nullable=True),
        sa.Column("line_id", TEXT, nullable=True),
        sa.Column("requested_at", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("type", TEXT, nullable=True),
        sa.Column("reason_code", TEXT, nullable=True),
        sa.Column("reason_text", TEXT, nullable=True),
        sa.Column("claims_received", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.BigInteger(), nullable=True),
        sa.Column("payout", sa.BigInteger(), nullable=True),
        sa.Column("respond_by", sa.BigInteger(), nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=True),
        sa.Column("text_length", sa.BigInteger(), nullable=True),
        sa.Column("specificity", sa.BigInteger(), nullable=True),
        sa.Column("hedging", sa.BigInteger(), nullable=True),
        sa.Column("contradiction", sa.BigInteger(), nullable=True),
        sa.Column("irrelevance", sa.BigInteger(), nullable=True),
        sa.Column("story", sa.BigInteger(), nullable=True),
        sa.Column("agitated", sa.BigInteger(), nullable=True),
        sa.Column("topics", sa.BigInteger(), nullable=True),
        sa.Column("text_exact", sa.BigInteger(), nullable=True),
        sa.Column("near_1", sa.BigInteger(), nullable=True),
        sa.Column("near_2", sa.BigInteger(), nullable=True),
        sa.Column("near_3", sa.BigInteger(), nullable=True),
        sa.Column("commit_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fact_key"),
    )
    with op.batch_alter_table("refunds") as batch:
        batch.create_index("ix_refunds_order_id", ["order_id", "known_at", "fact_key"])
        batch.create_index("ix_refunds_refund_id", ["refund_id"])
        batch.create_index("ix_refunds_requested_at", ["requested_at"])

    op.create_table(
        "requests",
        sa.Column("refund_id", TEXT, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("customer_id", TEXT, nullable=True),
        sa.Column("merchant_id", TEXT, nullable=True),
        sa.Column("sku", TEXT, nullable=True),
        sa.Column("category", TEXT, nullable=True),
        sa.Column("address", sa.BigInteger(), nullable=True),
        sa.Column("door", sa.BigInteger(), nullable=True),
        sa.Column("payment", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.BigInteger(), nullable=True),
        sa.Column("payout", sa.BigInteger(), nullable=True),
        sa.Column("text_exact", sa.BigInteger(), nullable=True),
        sa.Column("near_1", sa.BigInteger(), nullable=True),
        sa.Column("near_2", sa.BigInteger(), nullable=True),
        sa.Column("near_3", sa.BigInteger(), nullable=True),
        sa.Column("refund_device", sa.BigInteger(), nullable=True),
        sa.Column("type", TEXT, nullable=True),
        sa.Column("reason_code", TEXT, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", TEXT, nullable=True),
        sa.Column("claims_received", sa.BigInteger(), nullable=True),
        sa.Column("requested_at", sa.BigInteger(), nullable=True),
        sa.Column("placed_at", sa.BigInteger(), nullable=True),
        sa.Column("account_created_at", sa.BigInteger(), nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("refund_id"),
    )
    with op.batch_alter_table("requests") as batch:
        batch.create_index("ix_requests_address", ["address", "known_at", "refund_id"])
        batch.create_index("ix_requests_customer_id", ["customer_id", "known_at", "refund_id"])
        batch.create_index("ix_requests_device", ["device", "known_at", "refund_id"])
        batch.create_index("ix_requests_door", ["door", "known_at", "refund_id"])
        batch.create_index("ix_requests_merchant_id", ["merchant_id", "known_at", "refund_id"])
        batch.create_index("ix_requests_order_id", ["order_id"])
        batch.create_index("ix_requests_payment", ["payment", "known_at", "refund_id"])
        batch.create_index("ix_requests_payout", ["payout", "known_at", "refund_id"])
        batch.create_index("ix_requests_phone", ["phone", "known_at", "refund_id"])
        batch.create_index("ix_requests_sku", ["sku", "known_at", "refund_id"])

    op.create_table(
        "returns",
        sa.Column("refund_id", TEXT, nullable=False),
        sa.Column("inspected_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", TEXT, nullable=False),
        sa.Column("customer_id", TEXT, nullable=True),
        sa.Column("condition", TEXT, nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("refund_id", "inspected_at"),
    )
    with op.batch_alter_table("returns") as batch:
        batch.create_index("ix_returns_customer_id", ["customer_id", "known_at", "refund_id", "inspected_at"])
        batch.create_index("ix_returns_order_id", ["order_id"])

    op.create_table(
        "sessions",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("guard", TEXT, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    with op.batch_alter_table("sessions") as batch:
        batch.create_index("ix_sessions_name", ["name"])
        batch.create_index("ix_sessions_seen_at", ["seen_at"])

    op.create_table(
        "shipments",
        sa.Column("fact_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.BigInteger(), nullable=True),
        sa.Column("order_id", TEXT, nullable=True),
        sa.Column("line_id", TEXT, nullable=True),
        sa.Column("refund_id", TEXT, nullable=True),
        sa.Column("direction", TEXT, nullable=True),
        sa.Column("status", TEXT, nullable=True),
        sa.Column("occurred_at", sa.BigInteger(), nullable=True),
        sa.Column("courier", TEXT, nullable=True),
        sa.Column("tracking", sa.BigInteger(), nullable=True),
        sa.Column("received_by", TEXT, nullable=True),
        sa.Column("weight_g", sa.BigInteger(), nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=True),
        sa.Column("commit_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fact_key"),
    )
    with op.batch_alter_table("shipments") as batch:
        batch.create_index("ix_shipments_courier", ["courier", "known_at", "fact_key", "order_id", "status"], sqlite_where=sa.text("status IN ('delivered', 'lost', 'returned_to_sender')"), postgresql_where=sa.text("status IN ('delivered', 'lost', 'returned_to_sender')"))
        batch.create_index("ix_shipments_order_id", ["order_id", "known_at", "fact_key"])
        batch.create_index("ix_shipments_tracking", ["tracking", "known_at", "fact_key"], sqlite_where=sa.text("direction = 'return'"), postgresql_where=sa.text("direction = 'return'"))

    op.create_table(
        "sightings",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("entity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("customer_id", TEXT, nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "entity", "customer_id"),
    )
    with op.batch_alter_table("sightings") as batch:
        batch.create_index("ix_sightings_customer_id", ["customer_id", "kind", "known_at", "entity"])
        batch.create_index("ix_sightings_kind", ["kind", "entity", "known_at", "customer_id"])

    op.create_table(
        "tries",
        sa.Column("try_no", SERIAL, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("try_no"),
    )
    with op.batch_alter_table("tries") as batch:
        batch.create_index("ix_tries_subject", ["subject", "at"])

    op.create_table(
        "vault",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "views",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("filters", TEXT, nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "title"),
    )


def downgrade() -> None:
    op.drop_table("views")
    op.drop_table("vault")
    with op.batch_alter_table("tries") as batch:
        batch.drop_index("ix_tries_subject")

    op.drop_table("tries")
    with op.batch_alter_table("sightings") as batch:
        batch.drop_index("ix_sightings_kind")
        batch.drop_index("ix_sightings_customer_id")

    op.drop_table("sightings")
    with op.batch_alter_table("shipments") as batch:
        batch.drop_index("ix_shipments_tracking")
        batch.drop_index("ix_shipments_order_id")
        batch.drop_index("ix_shipments_courier")

    op.drop_table("shipments")
    with op.batch_alter_table("sessions") as batch:
        batch.drop_index("ix_sessions_seen_at")
        batch.drop_index("ix_sessions_name")

    op.drop_table("sessions")
    with op.batch_alter_table("returns") as batch:
        batch.drop_index("ix_returns_order_id")
        batch.drop_index("ix_returns_customer_id")

    op.drop_table("returns")
    with op.batch_alter_table("requests") as batch:
        batch.drop_index("ix_requests_sku")
        batch.drop_index("ix_requests_phone")
        batch.drop_index("ix_requests_payout")
        batch.drop_index("ix_requests_payment")
        batch.drop_index("ix_requests_order_id")
        batch.drop_index("ix_requests_merchant_id")
        batch.drop_index("ix_requests_door")
        batch.drop_index("ix_requests_device")
        batch.drop_index("ix_requests_customer_id")
        batch.drop_index("ix_requests_address")

    op.drop_table("requests")
    with op.batch_alter_table("refunds") as batch:
        batch.drop_index("ix_refunds_requested_at")
        batch.drop_index("ix_refunds_refund_id")
        batch.drop_index("ix_refunds_order_id")

    op.drop_table("refunds")
    op.drop_table("policies")
    op.drop_table("people")
    with op.batch_alter_table("outcomes") as batch:
        batch.drop_index("ix_outcomes_refund_id")

    op.drop_table("outcomes")
    with op.batch_alter_table("orders") as batch:
        batch.drop_index("ix_orders_sku")
        batch.drop_index("ix_orders_order_id")
        batch.drop_index("ix_orders_customer_id")

    op.drop_table("orders")
    op.drop_table("models")
    with op.batch_alter_table("looks") as batch:
        batch.drop_index("ix_looks_refund_id")

    op.drop_table("looks")
    with op.batch_alter_table("listings") as batch:
        batch.drop_index("ix_listings_customer_id")

    op.drop_table("listings")
    with op.batch_alter_table("inspections") as batch:
        batch.drop_index("ix_inspections_refund_id")

    op.drop_table("inspections")
    with op.batch_alter_table("findings") as batch:
        batch.drop_index("ix_findings_sku")
        batch.drop_index("ix_findings_phone")
        batch.drop_index("ix_findings_payout")
        batch.drop_index("ix_findings_payment")
        batch.drop_index("ix_findings_order_id")
        batch.drop_index("ix_findings_merchant_id")
        batch.drop_index("ix_findings_door")
        batch.drop_index("ix_findings_device")
        batch.drop_index("ix_findings_customer_id")
        batch.drop_index("ix_findings_category")
        batch.drop_index("ix_findings_address")

    op.drop_table("findings")
    with op.batch_alter_table("evidence") as batch:
        batch.drop_index("ix_evidence_refund_id")
        batch.drop_index("ix_evidence_photo")

    op.drop_table("evidence")
    with op.batch_alter_table("decisions") as batch:
        batch.drop_index("ux_decisions_request_digest")
        batch.drop_index("ix_decisions_refund_id")
        batch.drop_index("ix_decisions_decided_at")

    op.drop_table("decisions")
    op.drop_table("commits")
    with op.batch_alter_table("claims") as batch:
        batch.drop_index("ix_claims_order_id")
        batch.drop_index("ix_claims_courier")

    op.drop_table("claims")
    with op.batch_alter_table("cases") as batch:
        batch.drop_index("ix_cases_queue")
        batch.drop_index("ix_cases_closed")

    op.drop_table("cases")
    with op.batch_alter_table("case_events") as batch:
        batch.drop_index("ix_case_events_refund_id")

    op.drop_table("case_events")
    op.drop_table("api_keys")
    with op.batch_alter_table("answers") as batch:
        batch.drop_index("ix_answers_at")

    op.drop_table("answers")
