"""earlier returns say whether they came as was claimed: `returns` is made again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """`migrate.DERIVED_SINCE` has the rows derived again."""
    op.add_column("returns", sa.Column("as_claimed", sa.BigInteger))


def downgrade() -> None:
    op.drop_column("returns", "as_claimed")
