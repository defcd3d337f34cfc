"""The tables of erasure: the suppression list, and the log of erasures without names."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import Text, metadata

forgotten = sa.Table(
    "forgotten",
    metadata,
    sa.Column("mark", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("instead", Text, nullable=False),
)
"""The suppression list: keyed hashes (`mark`) of customers, their orders and requests, and of ids
that contain their name, since when, and the tombstone. A mark does not reveal whose it is."""

erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column(
        "erasure_no",
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        primary_key=True,
    ),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("kind", Text, nullable=False),
    sa.Column("counts", Text, nullable=False),
)
"""What was erased and when: `kind` is forget or tidy, `counts` JSON of numbers."""
