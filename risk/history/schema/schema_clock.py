"""The table of mended instants: what the store's clock was taken for, and what it became."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import metadata

mended_commits = sa.Table(
    "mended_commits",
    metadata,
    sa.Column("mend_no", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("commit_no", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("was", sa.BigInteger, nullable=False),
    sa.Column("became", sa.BigInteger, nullable=False),
)
"""The commits whose instant was wrong; `mend_no` is the commit that mended them."""
