"""files of evidence: which picture each shows, and an index of what they look like"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("picture", "copied"):
        op.add_column("files", sa.Column(name, sa.BigInteger()))
    known = sa.text("picture IS NOT NULL")
    op.create_index(
        "ix_files_picture", "files", ["picture", "known_at", "fact_key"],
        sqlite_where=known, postgresql_where=known,
    )  # fmt: skip
    op.create_index("ix_evidence_evidence_id", "evidence", ["evidence_id"])
    op.create_table(
        "picture_bands",
        sa.Column("band", sa.Integer(), primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.BigInteger(), primary_key=True, autoincrement=False)
            for name in ("at", "fact_key")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_picture_bands_fact_key", "picture_bands", ["fact_key"])


def downgrade() -> None:
    op.drop_table("picture_bands")
    op.drop_index("ix_evidence_evidence_id", "evidence")
    op.drop_index("ix_files_picture", "files")
    for name in ("copied", "picture"):
        op.drop_column("files", name)
