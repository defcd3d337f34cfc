"""Signatures of Standard Webhooks, as its specification gives them (version 1, HMAC-SHA256)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

SECRET_MARK = "whsec_"

OVERLAP_HOURS = 24.0
"""For so long the secret before is good too, where nobody says otherwise."""


def key_of(secret: str) -> bytes:
    """The key that a secret stands for: base64 behind `whsec_`, or its characters as they are."""
    if not secret.startswith(SECRET_MARK):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(SECRET_MARK), validate=True)
    except binascii.Error:
        return secret.encode()


def signature(key: bytes, message_id: str, signed_at: str, body: bytes) -> str:
    """`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`."""
    signed = f"{message_id}.{signed_at}.".encode("utf-8", "surrogateescape") + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
