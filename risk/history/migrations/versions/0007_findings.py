"""findings by the rule of `risk.findings`

No table changes. What the findings were derived by changed (worn goods give no label, an inspection
that confirms the claim speaks for the customer), so `risk.history.migrate` derives them again.
"""

from __future__ import annotations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing to do to the tables."""


def downgrade() -> None:
    """Nothing to do to the tables."""
