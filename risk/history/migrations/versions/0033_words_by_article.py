"""The index of an article's requests holds what is read of their words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BEFORE = ("sku", "known_at", "refund_id", "customer_id", "reason_code")
WORDS = ("text_exact", "near_1", "near_2", "near_3")
HOLDS = ("valid_from", "valid_to")


def upgrade() -> None:
    _index(*BEFORE, *WORDS, *HOLDS)


def downgrade() -> None:
    _index(*BEFORE, *HOLDS)


def _index(*columns: str) -> None:
    known = sa.text("sku IS NOT NULL")
    op.drop_index("ix_requests_sku", "requests")
    op.create_index(
        "ix_requests_sku", "requests", columns, sqlite_where=known, postgresql_where=known
    )
