"""The data key of the identity hashes: random, kept in the store, wrapped by the secret."""

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
from risk.history.schema import vault

NAME = "data_key"


def _wrapping_key(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"refund-risk-wrap").digest()


def data_key(connection: sa.Connection, secret: str) -> bytes:
    """The store's data key, made on first use.

    Raises Forbidden for a secret other than the one that wrapped it.
    """
    kept = connection.execute(sa.select(vault.c.value).where(vault.c.name == NAME)).scalar()
    if kept is None:
        key = secrets.token_bytes(32)
        wrapped = aes_key_wrap(_wrapping_key(secret), key)
        connection.execute(sa.insert(vault).values(name=NAME, value=wrapped))
        return key
    try:
        return aes_key_unwrap(_wrapping_key(secret), kept)
    except InvalidUnwrap:
        raise Forbidden("REFUND_RISK_SECRET is not the one this store was made with") from None


def rotate(connection: sa.Connection, old: str, new: str) -> None:
    """Wrap the same data key under another secret; every hash stays what it was."""
    key = data_key(connection, old)
    wrapped = aes_key_wrap(_wrapping_key(new), key)
    connection.execute(sa.update(vault).where(vault.c.name == NAME).values(value=wrapped))
