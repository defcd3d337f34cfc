"""The tables of files of evidence: where each is kept with its wrapped key, what it looks like."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import FACTS, Text, index, metadata

kept_files = sa.Table(
    "kept_files",
    metadata,
    sa.Column("digest", Text, primary_key=True),
    sa.Column("object", Text, nullable=False),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
    sa.Column("media_type", Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""`digest` is the keyed digest of the bytes, `object` the name in the file store, `size` in bytes.

What refers to a file are the facts of `files` with its digest. Without its row here nobody can
decrypt an object.
"""

index(FACTS["files"], "digest", only="digest IS NOT NULL")

picture_bands = sa.Table(
    "picture_bands",
    metadata,
    sa.Column("band", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("fact_key", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Parts of the fingerprints of files (`evidence.patches.bands`), by which near ones are found."""

index(picture_bands, "fact_key")
