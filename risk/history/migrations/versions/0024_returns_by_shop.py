"""earlier returns say whose they are and who looked: `returns` is made again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ADDED = ("merchant_id", "inspected_by")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """`migrate.DERIVED_SINCE` has the rows derived again."""
    for name in ADDED:
        op.add_column("returns", sa.Column(name, TEXT))


def downgrade() -> None:
    for name in ADDED:
        op.drop_column("returns", name)
