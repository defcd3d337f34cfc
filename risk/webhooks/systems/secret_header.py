"""Systems that sign nothing and send a secret in a header instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from risk.webhooks.endpoints import Endpoint
from risk.webhooks.mapping_table import MappingTable
from risk.webhooks.systems.system import Message, System, WebhookRequest, must_equal

HEADER = "x-refund-risk-secret"


def secret_header_system(name: str) -> System:
    """The system of a name whose users write the body of its messages themselves."""
    return System(name, _verify, _messages, explains=True)


def _verify(request: WebhookRequest, endpoint: Endpoint, table: MappingTable) -> None:
    """The secret stands in the header that the endpoint's table names."""
    header = table.endpoint.get("header", HEADER).lower()
    must_equal(request.headers.get(header, ""), endpoint.secret)


def _messages(_: WebhookRequest, body: Any, __: MappingTable) -> Sequence[Message]:
    """One message without an id: repetitions are known by their body."""
    topic = body.get("type", "") if isinstance(body, dict) else ""
    return [Message(None, str(topic), body)]
