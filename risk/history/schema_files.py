"""The table of files of evidence: where each is kept, and the wrapped key it is encrypted with."""

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
