"""privacy"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "forgotten",
        sa.Column("mark", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("instead", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("mark"),
    )
    op.create_table(
        "erasures",
        sa.Column(
            "erasure_no",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("counts", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("erasure_no"),
    )


def downgrade() -> None:
    for table in ("erasures", "forgotten"):
        op.drop_table(table)
