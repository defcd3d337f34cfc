"""Indexes for what the console counts: orders and parcels by time, cases under any filter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None

BEFORE = (
    "state", "respond_by", "appealed_at", "escalated_at", "held_until", "held_by", "team",
)  # fmt: skip
MORE = (
    "tier", "reason_code", "type", "merchant_id", "currency", "amount", "stake", "linked", "audit",
    "opened_at", "linked_fraud",
)  # fmt: skip


def upgrade() -> None:
    sent = sa.text("direction = 'outbound' AND status = 'shipped'")
    op.create_index(
        "ix_shipments_occurred_at", "shipments", ["occurred_at", "courier", "valid_to"],
        sqlite_where=sent, postgresql_where=sent,
    )  # fmt: skip
    op.create_index(
        "ix_orders_placed_at", "orders",
        ["placed_at", "valid_to", "category", "merchant_id", "order_id"],
    )  # fmt: skip
    op.drop_index("ix_cases_counts", "cases")
    op.create_index("ix_cases_counts", "cases", [*BEFORE, *MORE])


def downgrade() -> None:
    op.drop_index("ix_cases_counts", "cases")
    op.create_index("ix_cases_counts", "cases", [*BEFORE])
    op.drop_index("ix_orders_placed_at", "orders")
    op.drop_index("ix_shipments_occurred_at", "shipments")
