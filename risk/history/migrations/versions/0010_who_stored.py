"""who stored what: the author of a commit, and the import it is part of"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("commits", sa.Column("who", TEXT))
    op.add_column("commits", sa.Column("import_no", sa.BigInteger()))
    import_only = sa.text("import_no IS NOT NULL")
    op.create_index(
        "ix_commits_import_no", "commits", ["import_no"],
        sqlite_where=import_only, postgresql_where=import_only,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_commits_import_no", "commits")
    op.drop_column("commits", "import_no")
    op.drop_column("commits", "who")
