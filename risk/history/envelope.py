"""Encryption at rest of secrets that must be read again, such as webhook signing secrets.

AES-256-GCM under a key derived from the store's data key, which `data_key` keeps wrapped by
`REFUND_RISK_SECRET` (envelope encryption).
"""

from __future__ import annotations

import secrets
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from risk.errors import Forbidden

_NONCE_BYTES = 12


class SecretCipher:
    """Encrypts and decrypts secrets; each ciphertext is bound to its context (associated data)."""

    def __init__(self, key: bytes) -> None:
        """`key` is derived from the store's data key and is never stored; up to 64 bytes."""
        derived = blake2b(b"hook secrets", key=key, digest_size=32).digest()
        self._cipher = AESGCM(derived)

    def encrypt(self, secret: str, context: str) -> bytes:
        """Nonce and ciphertext of the secret, to be stored under `context`."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), context.encode())

    def decrypt(self, stored: bytes, context: str) -> str:
        """The secret that `encrypt` stored. Raises Forbidden for another key or context."""
        nonce, ciphertext = stored[:_NONCE_BYTES], stored[_NONCE_BYTES:]
        try:
            secret = self._cipher.decrypt(nonce, ciphertext, context.encode())
        except InvalidTag:
            raise Forbidden(
                f"the secret of {context} was encrypted with another key: create it again"
            ) from None
        return secret.decode()
