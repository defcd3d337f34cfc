"""a case says since when facts about it wait for a decision"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("facts_at", sa.BigInteger()))
    waits = sa.text("facts_at IS NOT NULL")
    op.create_index(
        "ix_cases_facts", "cases", ["facts_at"], sqlite_where=waits, postgresql_where=waits
    )


def downgrade() -> None:
    op.drop_index("ix_cases_facts", "cases")
    op.drop_column("cases", "facts_at")
