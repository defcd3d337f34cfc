"""findings made without hearing the customer count for no other request: `findings` is made again"""

from __future__ import annotations

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No table changes: `migrate.DERIVED_SINCE` has the rows derived again."""


def downgrade() -> None:
    """The rows that an earlier release would add are not made again."""
