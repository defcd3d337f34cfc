"""files that pushed messages name by address"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "file_fetches",
        sa.Column("fetch_id", TEXT, primary_key=True),
        *(_needed(n, TEXT) for n in ("message_id", "system", "name", "evidence_id", "mark")),
        _needed("address", sa.LargeBinary()),
        _needed("decide", sa.Boolean()),
        _needed("made_at", sa.BigInteger()),
        _needed("state", TEXT),
        _needed("due_at", sa.BigInteger()),
        _needed("tries", sa.Integer()),
        sa.Column("decide_at", sa.BigInteger()),
        sa.Column("trouble", TEXT),
        sa.Column("done_at", sa.BigInteger()),
    )
    op.create_index("ux_file_fetches", "file_fetches", ["evidence_id", "mark"], unique=True)
    op.create_index("ix_file_fetches_due", "file_fetches", ["state", "due_at"])
    op.create_index("ix_file_fetches_decide", "file_fetches", ["decide_at"])
    op.create_index("ix_file_fetches_message", "file_fetches", ["message_id"])
    op.create_index("ix_file_fetches_made", "file_fetches", ["made_at"])
    op.add_column("endpoints", sa.Column("private_files", sa.Boolean()))


def downgrade() -> None:
    op.drop_column("endpoints", "private_files")
    op.drop_table("file_fetches")


def _needed(name: str, type_: sa.types.TypeEngine[Any]) -> sa.Column[object]:
    return sa.Column(name, type_, nullable=False)
