"""Files of evidence at rest: named by a keyed digest, each encrypted with a random key.

That key is wrapped by one derived from the store's data key (envelope encryption): who deletes the
wrapped key has deleted the file, wherever copies of it are.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from risk.errors import Forbidden

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class EncryptedFile:
    """A file as it is kept: nonce and ciphertext, and its own key, wrapped."""

    content: bytes
    wrapped_key: bytes


class FileCipher:
    """Names, encrypts and decrypts files; a ciphertext is bound to the digest of its file."""

    def __init__(self, key: bytes) -> None:
        """`key` is derived from the store's data key and is never stored; up to 64 bytes."""
        self._names, self._wrapping = (
            blake2b(use, key=key, digest_size=32).digest() for use in (b"file names", b"file keys")
        )

    def digest(self, content: bytes) -> str:
        """The keyed digest of a file: equal for equal bytes, and no help to who has only those."""
        return blake2b(content, key=self._names, digest_size=32).hexdigest()

    def encrypt(self, content: bytes, digest: str) -> EncryptedFile:
        """The file encrypted with a key of its own."""
        key, nonce = secrets.token_bytes(32), secrets.token_bytes(_NONCE_BYTES)
        ciphertext = nonce + AESGCM(key).encrypt(nonce, content, digest.encode())
        return EncryptedFile(ciphertext, aes_key_wrap(self._wrapping, key))

    def decrypt(self, file: EncryptedFile, digest: str) -> bytes:
        """The bytes that were encrypted. Raises Forbidden for another key, file or content."""
        nonce, ciphertext = file.content[:_NONCE_BYTES], file.content[_NONCE_BYTES:]
        try:
            key = aes_key_unwrap(self._wrapping, file.wrapped_key)
            return AESGCM(key).decrypt(nonce, ciphertext, digest.encode())
        except (InvalidTag, InvalidUnwrap):
            raise Forbidden("the file was encrypted with another key, or was changed") from None
