"""Anything that signs as Standard Webhooks does, told apart by the member `type`.

The secret is base64 behind `whsec_`, or used as it is without that.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Sequence
from typing import Any

from api.hooks.signing import signature
from api.hooks.system import Message, Push, System, equal, must_be_now, refuse
from api.hooks.table import Table
from risk.webhooks.endpoints import Endpoint

_MARK = "whsec_"


def _verify(push: Push, endpoint: Endpoint, _: Table) -> None:
    headers = push.headers
    message_id, signed_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    wanted = signature(_key(endpoint.secret), message_id, signed_at, push.raw)
    given = headers.get("webhook-signature", "").split()
    fitting = [equal(one, wanted) for one in given]
    if not any(fitting) or not signed_at.isdecimal():
        raise refuse()
    must_be_now(float(signed_at), push.now)


def _key(secret: str) -> bytes:
    if not secret.startswith(_MARK):
        return secret.encode()
    try:
        return b64decode(secret.removeprefix(_MARK), validate=True)
    except binascii.Error:
        return secret.encode()


def _messages(push: Push, body: Any) -> Sequence[Message]:
    named = isinstance(body, dict) and "type" in body
    payload = body.get("data", body) if named else body
    return [Message(push.headers.get("webhook-id"), str(body["type"]) if named else "", payload)]


SYSTEM = System("generic", _verify, _messages)
