"""The tables of keys, of the store and of callers, and of responses kept for repeated calls."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.schema import Text, metadata

wrapped_keys = sa.Table(
    "vault",
    metadata,
    sa.Column("name", Text, primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)
"""The data key, wrapped by the secret; unwrapping fails for any other secret."""

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("key_id", Text, primary_key=True),
    sa.Column("name", Text, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("scopes", Text, nullable=False),
    sa.Column("says", Text, nullable=False),
    sa.Column("merchants", Text, nullable=False),
    sa.Column("rate", sa.Double),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger),
    sa.Column("revoked_at", sa.BigInteger),
    sa.Column("last_used_at", sa.BigInteger),
)
"""Who may call the API; `scopes` and `merchants` are JSON lists; no merchants means all."""

idempotent_responses = sa.Table(
    "answers",
    metadata,
    sa.Column("key_id", Text, primary_key=True),
    sa.Column("idempotency_key", Text, primary_key=True),
    sa.Column("body_digest", sa.LargeBinary, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("body", Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
"""Responses stored under an Idempotency-Key, for a day."""
sa.Index("ix_answers_at", idempotent_responses.c.at)
