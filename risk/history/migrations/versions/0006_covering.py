"""indexes that hold all that features read of a hub"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIES = {
    "findings": ["refund_id", "authority"],
    "orders": ["fact_key"],
    "requests": ["refund_id"],
}
"""The order of rows known at the same instant, as every index of these tables has it."""

COVERED = (
    ("findings", "category", ["label", "stands_until"]),
    ("findings", "merchant_id", ["fault", "label", "stands_until"]),
    ("orders", "customer_id", ["order_id", "placed_at", "amount", "currency"]),
    ("orders", "sku", ["order_id"]),
    ("requests", "merchant_id", ["amount", "currency"]),
    ("requests", "sku", ["customer_id", "reason_code"]),
)
"""The table, the key, and what is read beside it."""


def upgrade() -> None:
    for table, key, read in COVERED:
        _make_anew(table, key, read)


def downgrade() -> None:
    for table, key, _ in COVERED:
        _make_anew(table, key, [])


def _make_anew(table: str, key: str, read: list[str]) -> None:
    name = f"ix_{table}_{key}"
    op.drop_index(name, table)
    op.create_index(name, table, [key, "known_at", *TIES[table], *read])
