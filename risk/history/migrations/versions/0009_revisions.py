"""revisions and retractions of facts, and when each row holds"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FOREVER = str(2**47 - 1)
KINDS = (
    "orders", "shipments", "refunds", "evidence", "inspections", "outcomes", "feedback",
    "payment_disputes", "files",
)  # fmt: skip
HOLDS = ["valid_from", "valid_to"]
COVERED = {
    "orders": {
        "customer_id": ["known_at", "fact_key", "order_id", "placed_at", "amount", "currency"],
        "sku": ["known_at", "fact_key", "order_id"],
    },
    "shipments": {"courier": ["known_at", "fact_key", "order_id", "status"]},
    "requests": {
        "merchant_id": ["known_at", "refund_id", "amount", "currency"],
        "sku": ["known_at", "refund_id", "customer_id", "reason_code"],
    },
    "findings": {
        "merchant_id": ["known_at", "refund_id", "authority", "fault", "label", "stands_until"],
        "category": ["known_at", "refund_id", "authority", "label", "stands_until"],
    },
    "claims": {"courier": ["known_at", "refund_id", "customer_id", "reason_code"]},
    "sightings": {
        "kind": ["entity", "known_at", "customer_id"],
        "customer_id": ["kind", "known_at", "entity"],
    },
}
"""Indexes that hold all that features read of a hub, by table and key."""

ONLY = {"shipments": "status IN ('delivered', 'lost', 'returned_to_sender')"}
KEYS = {
    "requests": ["refund_id"],
    "findings": ["refund_id", "authority", "known_at"],
    "claims": ["refund_id"],
    "returns": ["refund_id", "inspected_at"],
    "sightings": ["kind", "entity", "customer_id"],
}
"""What told the rows of a derived table apart before."""


def _interval(*names: str) -> list[sa.Column[int]]:
    unless_corrected = {"revision": "1", "valid_from": "0", "valid_to": FOREVER}
    return [
        sa.Column(name, sa.BigInteger(), nullable=False, server_default=unless_corrected[name])
        for name in names
    ]


def upgrade() -> None:
    for kind in KINDS:
        for column in _interval("revision", *HOLDS):
            op.add_column(kind, column)
        op.add_column(kind, sa.Column("corrects", sa.BigInteger()))
        _index(kind, "corrects", [], "corrects IS NOT NULL")
    for table, key in KEYS.items():
        _with_key(table, [*key, "valid_from"])
    _retractions()
    _cover(HOLDS)
    op.create_index(
        "ix_sightings_bounded", "sightings", ["customer_id"],
        sqlite_where=sa.text(f"valid_to - valid_from < {FOREVER}"),
        postgresql_where=sa.text(f"valid_to - valid_from < {FOREVER}"),
    )  # fmt: skip


def downgrade() -> None:
    """Only what was never corrected survives: an older release would count every revision."""
    op.drop_table("retractions")
    op.drop_index("ix_sightings_bounded", "sightings")
    _cover([])
    for table, key in KEYS.items():
        op.execute(f"DELETE FROM {table} WHERE valid_to < {FOREVER}")
        _with_key(table, key, drop=True)
    for kind in KINDS:
        op.drop_index(f"ix_{kind}_corrects", kind)
        op.execute(f"DELETE FROM {kind} WHERE valid_to < {FOREVER}")
        for name in ("revision", "corrects", *HOLDS):
            op.drop_column(kind, name)


def _retractions() -> None:
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    whole = sa.BigInteger()
    op.create_table(
        "retractions",
        sa.Column("fact_key", whole, primary_key=True, autoincrement=False),
        sa.Column("content", whole),
        sa.Column("kind", text),
        sa.Column("target", whole),
        sa.Column("key", text),
        sa.Column("retracted_at", whole),
        sa.Column("reason", text),
        sa.Column("revision", whole),
        sa.Column("known_at", whole),
        sa.Column("commit_no", whole, nullable=False),
    )
    op.create_index("ix_retractions_target", "retractions", ["target"])


def _with_key(table: str, key: list[str], *, drop: bool = False) -> None:
    """Give a derived table another key, with or without the columns that say when a row holds."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(f"{table}_pkey", table, type_="primary")
        for column in _interval(*HOLDS):
            op.drop_column(table, column.name) if drop else op.add_column(table, column)
        op.create_primary_key(f"{table}_pkey", table, key)
        return
    with op.batch_alter_table(table, recreate="always", copy_from=_without_key(table)) as batch:
        for column in _interval(*HOLDS):
            batch.drop_column(column.name) if drop else batch.add_column(column)
        batch.create_primary_key(f"{table}_pkey", key)


def _without_key(table: str) -> sa.Table:
    """The table as it is, with its indexes, but for its key."""
    found = sa.Table(table, sa.MetaData(), autoload_with=op.get_bind())
    columns = [
        sa.Column(c.name, c.type, nullable=c.nullable, server_default=c.server_default)
        for c in found.columns
    ]
    plain = sa.Table(table, sa.MetaData(), *columns)
    for index in found.indexes:
        sa.Index(index.name, *(plain.c[c.name] for c in index.columns))
    return plain


def _cover(holds: list[str]) -> None:
    for table, keys in COVERED.items():
        for key, columns in keys.items():
            op.drop_index(f"ix_{table}_{key}", table)
            _index(table, key, [*columns, *holds], ONLY.get(table, ""))


def _index(table: str, key: str, columns: list[str], only: str) -> None:
    where = sa.text(only) if only else None
    op.create_index(
        f"ix_{table}_{key}", table, [key, *columns], sqlite_where=where, postgresql_where=where
    )
