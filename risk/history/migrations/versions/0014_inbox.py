"""the inbox of pushed messages; secrets that overlap"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("message_id", TEXT, primary_key=True),
        *(_text(name) for name in ("system", "name", "topic")),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        *(_text(name) for name in ("state", "why", "receipt", "about")),
        sa.Column("body", sa.LargeBinary()),
    )
    op.create_index("ix_inbox_received", "inbox", ["received_at", "message_id"])
    for table in ("endpoints", "receivers"):
        op.add_column(table, sa.Column("previous_secret", sa.LargeBinary()))
        op.add_column(table, sa.Column("previous_until", sa.BigInteger()))


def downgrade() -> None:
    for table in ("endpoints", "receivers"):
        op.drop_column(table, "previous_until")
        op.drop_column(table, "previous_secret")
    op.drop_table("inbox")


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, TEXT, nullable=False)
