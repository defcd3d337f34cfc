"""rows of sightings and claims kept by their key; no index entry for what is not known"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FOREVER = str(2**47 - 1)
IDENTITIES = ("address", "door", "payment", "device", "phone", "payout")
HOLDS = ["valid_from", "valid_to"]
INDEXES = (
    *(("requests", key, ["refund_id"]) for key in IDENTITIES),
    *(("findings", key, ["refund_id", "authority"]) for key in (*IDENTITIES, "sku")),
    ("requests", "sku", ["refund_id", "customer_id", "reason_code", *HOLDS]),
    ("orders", "sku", ["fact_key", "order_id", *HOLDS]),
)
"""The table, the key that may be unknown, and what stands behind `known_at`."""


def upgrade() -> None:
    _index_known(only=True)
    _keep_by_key(with_rowid=False)


def downgrade() -> None:
    _index_known(only=False)
    _keep_by_key(with_rowid=True)


def _index_known(*, only: bool) -> None:
    for table, key, rest in INDEXES:
        name, known = f"ix_{table}_{key}", sa.text(f"{key} IS NOT NULL") if only else None
        op.drop_index(name, table)
        columns = [key, "known_at", *rest]
        op.create_index(name, table, columns, sqlite_where=known, postgresql_where=known)


def _keep_by_key(*, with_rowid: bool) -> None:
    """Only SQLite has tables that are their own primary key."""
    if op.get_bind().dialect.name != "sqlite":
        return
    _move(
        "claims",
        [_text("refund_id"), _text("order_id"), *map(_nullable, ("customer_id", "courier",
         "reason_code")), _whole("known_at"), *_holds()],
        ["refund_id", "valid_from"], with_rowid,
    )  # fmt: skip
    courier = ["courier", "known_at", "refund_id", "customer_id", "reason_code"]
    op.create_index("ix_claims_courier", "claims", [*courier, "valid_from", "valid_to"])
    op.create_index("ix_claims_order_id", "claims", ["order_id"])
    _move(
        "sightings",
        [_text("kind"), _whole("entity"), _text("customer_id"), _whole("known_at"), *_holds()],
        ["kind", "entity", "customer_id", "valid_from"], with_rowid,
    )  # fmt: skip
    for key in (["kind", "entity", "known_at", "customer_id"],
                ["customer_id", "kind", "known_at", "entity"]):  # fmt: skip
        op.create_index(f"ix_sightings_{key[0]}", "sightings", [*key, "valid_from", "valid_to"])
    op.create_index(
        "ix_sightings_bounded", "sightings", ["customer_id"],
        sqlite_where=sa.text(f"valid_to - valid_from < {FOREVER}"),
    )  # fmt: skip


def _move(table: str, columns: list[sa.Column[object]], key: list[str], with_rowid: bool) -> None:
    """Make a table again, with its rows, without its indexes."""
    op.rename_table(table, f"{table}_before")
    names = ", ".join(column.name for column in columns)
    made = sa.PrimaryKeyConstraint(*key, name=f"{table}_pkey")
    op.create_table(table, *columns, made, sqlite_with_rowid=with_rowid)
    op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_before ORDER BY "
               f"{', '.join(key)}")  # fmt: skip
    op.drop_table(f"{table}_before")


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)


def _nullable(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text())


def _whole(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _holds() -> list[sa.Column[object]]:
    return [
        sa.Column("valid_from", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("valid_to", sa.BigInteger(), nullable=False, server_default=FOREVER),
    ]
