"""refunds: the keyed buckets of what a text says"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("refunds", sa.Column("words", TEXT))


def downgrade() -> None:
    op.drop_column("refunds", "words")
