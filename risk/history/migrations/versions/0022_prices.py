"""an index of an article's orders that holds what was paid for how many pieces"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BEFORE = ["sku", "known_at", "fact_key", "order_id"]
PAID = ["amount", "quantity", "currency"]
HOLDS = ["valid_from", "valid_to"]


def upgrade() -> None:
    _make_anew([*BEFORE, *PAID, *HOLDS])


def downgrade() -> None:
    _make_anew([*BEFORE, *HOLDS])


def _make_anew(columns: list[str]) -> None:
    known = sa.text("sku IS NOT NULL")
    op.drop_index("ix_orders_sku", "orders")
    op.create_index(
        "ix_orders_sku", "orders", columns, sqlite_where=known, postgresql_where=known
    )
