"""Endpoints that other systems push to, and what became of a push."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.dependencies.body import JsonBody
from api.schemas.common import Time
from risk.webhooks.endpoint_setup import EndpointSettings
from risk.webhooks.systems import SYSTEMS

SystemName = Literal[tuple(SYSTEMS)]  # type: ignore[valid-type]  # derived from them


class EndpointSetUp(EndpointSettings):
    """What an endpoint is set up with."""


class Endpoint(BaseModel):
    """A place another system pushes to."""

    system: SystemName  # type: ignore[valid-type]  # derived from them
    endpoint: str
    set_at: Time


EXAMPLE: dict[str, Any] = {
    "system": "shopify",
    "endpoint": "main",
    "set_at": "2026-03-01T02:00:00.000+00:00",
}

endpoint_body: JsonBody[EndpointSetUp] = JsonBody(
    EndpointSetUp,
    "endpoint",
    {
        "plain": {"secret": "a secret of your own, long"},
        "with a table": {
            "secret": "a secret of your own, long",
            "mapping": '[defaults.orders]\nmerchant_id = "M-3"\ncurrency = "USD"\n',
        },
    },
)


class MessageReceipt(BaseModel):
    """What became of a push. Doudian is answered in words of its own."""

    stored: Annotated[int, Field(description="new facts")]
    known: Annotated[int, Field(description="facts known already")]
    repeated: Annotated[int, Field(description="messages taken in before")]
    unheeded: Annotated[int, Field(description="messages without a rule, or without what it reads")]
    contradicting: Annotated[
        list[str],
        Field(description="facts that stand with another content, and go on standing"),
    ]
    refused: Annotated[list[str], Field(description="messages that did not fit, each with why")]
    messages: Annotated[list[str], Field(description="the ids of the messages in the inbox")]
    decisions: list[str]


RECEIPT_EXAMPLE: dict[str, Any] = {
    "stored": 2,
    "known": 0,
    "repeated": 0,
    "unheeded": 0,
    "contradicting": [],
    "refused": [],
    "messages": ["in_7f0c6c1e8a5b4a0f9d3e2b1c"],
    "decisions": ["7f0c6c1e8a5b4a0f9d3e2b1c0a998877"],
}
