"""cases can be given to teams, whom people belong to; surges of requests are kept to be pushed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
COUNTS = ["state", "respond_by", "appealed_at", "escalated_at", "held_until", "held_by"]


def upgrade() -> None:
    op.add_column("people", sa.Column("team", TEXT))
    op.add_column("cases", sa.Column("team", TEXT))
    op.drop_index("ix_cases_counts", "cases")
    op.create_index("ix_cases_counts", "cases", [*COUNTS, "team"])
    op.create_table(
        "surges",
        sa.Column("surge_no", SERIAL, primary_key=True),
        sa.Column("dimension", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", TEXT, nullable=False),
    )
    op.create_index("ix_surges_at", "surges", ["at"])


def downgrade() -> None:
    op.drop_table("surges")
    op.drop_index("ix_cases_counts", "cases")
    op.create_index("ix_cases_counts", "cases", COUNTS)
    op.drop_column("cases", "team")
    op.drop_column("people", "team")
