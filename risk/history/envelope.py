"""Secrets that must be read again, as those that sign pushes: sealed by the store's own key."""

from __future__ import annotations

import secrets
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from risk.errors import Forbidden

_NONCE = 12


class Seal:
    """AES-256-GCM under a key derived from the store's; what is sealed is bound to its place."""

    def __init__(self, key: bytes) -> None:
        """`key` is a key of the store that never leaves it; any length up to 64 bytes."""
        derived = blake2b(b"hook secrets", key=key, digest_size=32).digest()
        self._cipher = AESGCM(derived)

    def close(self, secret: str, place: str) -> bytes:
        """The secret as it is stored under `place`."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """What `close` sealed. Raises Forbidden for what another key or place sealed."""
        try:
            opened = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        except InvalidTag:
            raise Forbidden(
                f"the secret of {place} was sealed by another key: make it anew"
            ) from None
        return opened.decode()
