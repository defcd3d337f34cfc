"""second factors by TOTP, and accounts of an identity provider"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("recovery", TEXT, nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger()),
    )
    op.create_table(
        "sign_on_identities",
        sa.Column("issuer", TEXT, primary_key=True),
        sa.Column("subject", TEXT, primary_key=True),
        sa.Column("name", TEXT, nullable=False, unique=True),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
    )
    op.add_column("sessions", sa.Column("proved", sa.Boolean()))


def downgrade() -> None:
    op.drop_column("sessions", "proved")
    op.drop_table("sign_on_identities")
    op.drop_table("second_factors")
