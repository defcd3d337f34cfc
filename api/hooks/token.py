"""Systems that sign nothing and send a secret in a header instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.hooks.system import Message, Push, must_equal
from api.hooks.table import Table
from risk.webhooks.endpoints import Endpoint

HEADER = "x-refund-risk-secret"


def verify(push: Push, endpoint: Endpoint, table: Table) -> None:
    """The secret stands in the header that the endpoint's table names."""
    header = table.endpoint.get("header", HEADER).lower()
    must_equal(push.headers.get(header, ""), endpoint.secret)


def messages(_: Push, body: Any) -> Sequence[Message]:
    """One message without an id: repetitions are known by their body."""
    topic = body.get("type", "") if isinstance(body, dict) else ""
    return [Message(None, str(topic), body)]
