"""Signatures of Standard Webhooks, as its specification gives them (version 1, HMAC-SHA256)."""

from __future__ import annotations

import base64
import hashlib
import hmac


def signature(key: bytes, message_id: str, signed_at: str, body: bytes) -> str:
    """`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`."""
    signed = f"{message_id}.{signed_at}.".encode("utf-8", "surrogateescape") + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
