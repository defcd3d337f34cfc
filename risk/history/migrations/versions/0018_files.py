"""files of evidence: where they are kept; their length and pages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "kept_files",
        sa.Column("digest", TEXT, primary_key=True),
        sa.Column("object", TEXT, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", TEXT, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("size", "at")),
    )
    for name in ("length_s", "pages"):
        op.add_column("files", sa.Column(name, sa.BigInteger()))
    known = sa.text("digest IS NOT NULL")
    op.create_index(
        "ix_files_digest", "files", ["digest"], sqlite_where=known, postgresql_where=known
    )


def downgrade() -> None:
    op.drop_index("ix_files_digest", "files")
    for name in ("pages", "length_s"):
        op.drop_column("files", name)
    op.drop_table("kept_files")
