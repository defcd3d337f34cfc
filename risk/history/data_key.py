"""The store's random data key, stored wrapped by `REFUND_RISK_SECRET` (envelope encryption).

The identity hashes and every other key of the store derive from it.
"""

from __future__ import annotations

import hashlib
import secrets

import sqlalchemy as sa
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from risk.errors import Forbidden
from risk.history.schema.schema_access import wrapped_keys

NAME = "data_key"
SHORTEST_SECRET = 16
"""Characters of a secret that a store is made with."""


def _wrapping_key(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"refund-risk-wrap").digest()


def _check_length(secret: str) -> None:
    if len(secret) < SHORTEST_SECRET:
        raise Forbidden(f"the secret of a store has {SHORTEST_SECRET} characters or more")


def data_key(connection: sa.Connection, secret: str) -> bytes:
    """The store's data key, made on first use.

    Raises Forbidden for a secret other than the one that wrapped it, and, for a new store, for one
    that is too short.
    """
    stored = stored_key(connection, secret)
    if stored is not None:
        return stored
    _check_length(secret)
    key = secrets.token_bytes(32)
    wrapped = aes_key_wrap(_wrapping_key(secret), key)
    connection.execute(sa.insert(wrapped_keys).values(name=NAME, value=wrapped))
    return key


def stored_key(connection: sa.Connection, secret: str) -> bytes | None:
    """The store's data key; None where none was made yet. Raises Forbidden for another secret."""
    stored = connection.execute(
        sa.select(wrapped_keys.c.value).where(wrapped_keys.c.name == NAME)
    ).scalar()
    if stored is None:
        return None
    try:
        return aes_key_unwrap(_wrapping_key(secret), stored)
    except InvalidUnwrap:
        raise Forbidden("REFUND_RISK_SECRET is not the one this store was made with") from None


def rotate(connection: sa.Connection, old: str, new: str) -> None:
    """Wrap the same data key with another secret; no hash changes. Raises Forbidden."""
    _check_length(new)
    key = data_key(connection, old)
    wrapped = aes_key_wrap(_wrapping_key(new), key)
    connection.execute(
        sa.update(wrapped_keys).where(wrapped_keys.c.name == NAME).values(value=wrapped)
    )
