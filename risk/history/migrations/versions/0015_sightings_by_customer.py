"""first sightings kept by customer: those of one request stand side by side"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

FOREVER = str(2**47 - 1)
HOLDS = ["valid_from", "valid_to"]
BY_ENTITY = ["kind", "entity", "customer_id", "valid_from"]
BY_CUSTOMER = ["customer_id", "kind", "entity", "valid_from"]


def upgrade() -> None:
    _keep_by(BY_CUSTOMER)


def downgrade() -> None:
    _keep_by(BY_ENTITY)


def _keep_by(key: list[str]) -> None:
    """Give the table another primary key; on SQLite that is the order of its rows."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("sightings_pkey", "sightings", type_="primary")
        op.create_primary_key("sightings_pkey", "sightings", key)
        return
    op.rename_table("sightings", "sightings_before")
    columns: list[sa.Column[object]] = [
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entity", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("valid_to", sa.BigInteger(), nullable=False, server_default=FOREVER),
    ]
    made = sa.PrimaryKeyConstraint(*key, name="sightings_pkey")
    op.create_table("sightings", *columns, made, sqlite_with_rowid=False)
    names = ", ".join(column.name for column in columns)
    op.execute(
        f"INSERT INTO sightings ({names}) SELECT {names} FROM sightings_before "
        f"ORDER BY {', '.join(key)}"
    )
    op.drop_table("sightings_before")
    for by in (["kind", "entity", "known_at", "customer_id"],
               ["customer_id", "kind", "known_at", "entity"]):  # fmt: skip
        op.create_index(f"ix_sightings_{by[0]}", "sightings", [*by, *HOLDS])
    op.create_index(
        "ix_sightings_bounded", "sightings", ["customer_id"],
        sqlite_where=sa.text(f"valid_to - valid_from < {FOREVER}"),
    )  # fmt: skip
