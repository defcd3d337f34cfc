"""callers bound to merchants: waiting facts, owners of requests, aliases of ids"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "waiting_facts",
        sa.Column("waiting_no", SERIAL, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("fact_key", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.BigInteger(), nullable=False),
        sa.Column("merchants", TEXT, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("about_id", TEXT, nullable=False),
        sa.Column("row", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("waiting_no"),
    )
    key = ["kind", "fact_key", "revision", "merchants"]
    op.create_index("ux_waiting_facts", "waiting_facts", key, unique=True)
    op.create_index("ix_waiting_facts_about", "waiting_facts", ["about", "about_id"])
    op.create_table(
        "request_owners",
        sa.Column("refund_id", TEXT, nullable=False),
        sa.Column("merchant_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("refund_id"),
    )
    op.create_table(
        "id_aliases",
        sa.Column("merchant_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("internal_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "name", "id"),
    )
    op.create_index("ix_id_aliases_id", "id_aliases", ["id"])
    op.create_index("ix_id_aliases_internal_id", "id_aliases", ["internal_id"])


def downgrade() -> None:
    for table in ("id_aliases", "request_owners", "waiting_facts"):
        op.drop_table(table)
