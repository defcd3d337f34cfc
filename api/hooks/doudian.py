"""Doudian pushes: an array of messages, each with a tag and its data as a JSON string.

The sign is MD5 over app key, body and app secret, as the platform demands it; `app_key` stands in
the endpoint's table.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from api import json_body as bodies
from api.hooks.system import Message, Push, System, must_equal
from api.hooks.table import Table
from api.problems import Trouble
from api.response import Answer, answer
from risk.webhooks.endpoints import Endpoint


def _verify(push: Push, endpoint: Endpoint, table: Table) -> None:
    signed = table.endpoint.get("app_key", "").encode() + push.raw + endpoint.secret.encode()
    wanted = hashlib.md5(signed, usedforsecurity=False).hexdigest()
    must_equal(push.headers.get("event-sign", "").lower(), wanted)


def _messages(_: Push, body: Any) -> Sequence[Message]:
    if not isinstance(body, list) or not all(isinstance(one, Mapping) for one in body):
        raise Trouble("malformed-body", "an array of messages is expected")
    return [
        Message(str(one["msg_id"]) if "msg_id" in one else None, str(one.get("tag")), _data(one))
        for one in body
    ]


def _data(message: Mapping[str, Any]) -> Any:
    """The data as JSON; test messages carry something else, which no rule speaks of."""
    data = message.get("data")
    if isinstance(data, str):
        with contextlib.suppress(Trouble):
            return bodies.parse(data.encode("utf-8", "surrogatepass"))
    return data


def _says(_: Mapping[str, Any]) -> Answer:
    return answer({"code": 0, "msg": "success"})


SYSTEM = System("doudian", _verify, _messages, _says)
