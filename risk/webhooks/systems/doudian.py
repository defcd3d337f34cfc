"""Doudian pushes: an array of messages, each with a tag and its data as a JSON string.

The sign is MD5 over app key, body and app secret, as the platform demands it; `app_key` stands in
the endpoint's table.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from risk.errors import Malformed
from risk.facts.strict_json import parse_json
from risk.problem_phrases import phrase
from risk.webhooks.endpoints import Endpoint
from risk.webhooks.mapping_table import MappingTable
from risk.webhooks.systems.system import Message, System, WebhookRequest, must_equal


def _verify(request: WebhookRequest, endpoint: Endpoint, table: MappingTable) -> None:
    signed = table.endpoint.get("app_key", "").encode() + request.raw + endpoint.secret.encode()
    wanted = hashlib.md5(signed, usedforsecurity=False).hexdigest()
    must_equal(request.headers.get("event-sign", "").lower(), wanted)


def _messages(_: WebhookRequest, body: Any, __: MappingTable) -> Sequence[Message]:
    if not isinstance(body, list) or not all(isinstance(one, Mapping) for one in body):
        raise Malformed(phrase("messages_array"))
    return [_message(one) for one in body]


def _message(one: Mapping[str, Any]) -> Message:
    own = str(one["msg_id"]) if "msg_id" in one else None
    return Message(own, str(one.get("tag")), _data(one), signed_id=True)


def _data(message: Mapping[str, Any]) -> Any:
    """The data as JSON; test messages carry something else, which no rule speaks of."""
    data = message.get("data")
    if isinstance(data, str):
        with contextlib.suppress(Malformed):
            return parse_json(data.encode("utf-8", "surrogatepass"))
    return data


def _acknowledge(_: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"code": 0, "msg": "success"}


SYSTEM = System("doudian", _verify, _messages, _acknowledge)
