"""Bodies of pushed messages at rest: encrypted with a key derived from the store's data key."""

from __future__ import annotations

from typing import Any

from risk.facts.strict_json import canonical_json, parse_json
from risk.history.envelope import SecretCipher


def encrypt_body(cipher: SecretCipher, message_id: str, content: Any) -> bytes:
    """The ciphertext of JSON content, bound to the id it is stored under."""
    return cipher.encrypt(canonical_json(content).decode(), _context(message_id))


def decrypt_body(cipher: SecretCipher, message_id: str, stored: bytes) -> Any:
    """The content that `encrypt_body` stored. Raises Forbidden for another key or id."""
    return parse_json(cipher.decrypt(stored, _context(message_id)).encode())


def _context(message_id: str) -> str:
    return f"inbox:{message_id}"
