"""counts of the queue"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COUNTED = [
    "state", "respond_by", "appealed_at", "escalated_at", "held_until", "held_by",
]  # fmt: skip


def upgrade() -> None:
    op.create_index("ix_cases_counts", "cases", COUNTED)


def downgrade() -> None:
    op.drop_index("ix_cases_counts", "cases")
