"""shadows and reports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "shadows",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("decision_id", TEXT, nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("tier", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("digest", "decision_id"),
    )
    op.create_table(
        "reports",
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "made_at"),
    )


def downgrade() -> None:
    for table in ("reports", "shadows"):
        op.drop_table(table)
