"""a decision keeps the moment before which it saw what many cases share"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions", sa.Column("settled", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("decisions", "settled")
