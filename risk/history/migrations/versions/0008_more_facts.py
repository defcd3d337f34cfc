"""feedback, payment disputes, files; more columns of facts"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

COLUMNS: dict[str, list[tuple[str, sa.types.TypeEngine[Any], str | None]]] = {
    "orders": [
        ("delivery_amount", sa.BigInteger(), None),
        ("expected_weight_g", sa.BigInteger(), None),
    ],
    "shipments": [
        ("packed_sku", TEXT, None),
        ("packed_quantity", sa.BigInteger(), None),
    ],
    "refunds": [
        ("postage", sa.BigInteger(), None),
        ("compensation", sa.BigInteger(), None),
        ("state", TEXT, "open"),
        ("forwarded_by", TEXT, None),
    ],
    "evidence": [("order_id", TEXT, None)],
    "inspections": [("inspected_by", TEXT, "merchant")],
    "requests": [("state", TEXT, "open")],
}
"""By table the columns, their types, and what rows hold that are there already or that a release
without the column writes."""

TABLES: dict[str, list[tuple[str, sa.types.TypeEngine[Any]]]] = {
    "feedback": [
        ("refund_id", TEXT),
        ("answered_at", sa.BigInteger()),
        ("satisfaction", sa.BigInteger()),
        ("note", TEXT),
    ],
    "payment_disputes": [
        ("dispute_id", TEXT),
        ("order_id", TEXT),
        ("stage", TEXT),
        ("occurred_at", sa.BigInteger()),
        ("amount", sa.BigInteger()),
        ("reason", TEXT),
    ],
    "files": [
        ("evidence_id", TEXT),
        ("digest", TEXT),
        ("media_type", TEXT),
        ("made_at", sa.BigInteger()),
        ("changed_at", sa.BigInteger()),
        ("made_by", TEXT),
        ("edited_by", TEXT),
        ("credentials", TEXT),
        ("fingerprints", TEXT),
        ("reader", TEXT),
    ],
}
INDEXED = {"feedback": "refund_id", "payment_disputes": "order_id", "files": "evidence_id"}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name, kind, default in columns:
            op.add_column(table, sa.Column(name, kind, server_default=default))
    given = sa.text("order_id IS NOT NULL")
    op.create_index(
        "ix_evidence_order_id", "evidence", ["order_id", "known_at", "fact_key"],
        sqlite_where=given, postgresql_where=given,
    )
    for table, fields in TABLES.items():
        op.create_table(
            table,
            sa.Column("fact_key", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("content", sa.BigInteger()),
            *(sa.Column(name, kind) for name, kind in fields),
            sa.Column("known_at", sa.BigInteger()),
            sa.Column("commit_no", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("fact_key"),
        )
        key = INDEXED[table]
        op.create_index(f"ix_{table}_{key}", table, [key, "known_at", "fact_key"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_evidence_order_id", "evidence")
    for table, columns in COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            for name, _, _ in columns:
                batch.drop_column(name)
