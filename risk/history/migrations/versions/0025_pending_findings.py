"""a finding waits some seconds, in which it can be undone, before it is stored; acts are pushed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "pending_findings",
        sa.Column("refund_id", TEXT, primary_key=True),
        sa.Column("who", TEXT, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("body", TEXT, nullable=False),
    )
    op.create_index("ix_pending_findings_due_at", "pending_findings", ["due_at"])
    op.create_index("ix_case_events_at", "case_events", ["at"])


def downgrade() -> None:
    op.drop_index("ix_case_events_at", "case_events")
    op.drop_table("pending_findings")
