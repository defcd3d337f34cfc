"""instants of a clock that ran ahead, as they were and as they became"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mended_commits",
        *(sa.Column(name, sa.BigInteger(), primary_key=True, autoincrement=False)
          for name in ("mend_no", "commit_no")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("was", "became")),
    )


def downgrade() -> None:
    op.drop_table("mended_commits")
