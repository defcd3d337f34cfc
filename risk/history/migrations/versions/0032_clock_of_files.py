"""files: whether the times that one says of itself name their zone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("files", sa.Column("clock", TEXT))


def downgrade() -> None:
    op.drop_column("files", "clock")
