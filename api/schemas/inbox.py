"""The inbox: what other systems pushed, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, WithJsonSchema

from api.schemas.common import JsonObject, Time
from api.schemas.hooks import SystemName
from api.schemas.paging import Cursor, EmptyIsNone, Limit
from risk.cases.lists.queue import PAGE
from risk.facts.format import iso
from risk.webhooks import file_fetches
from risk.webhooks.file_fetches import FileFetch
from risk.webhooks.inbox_rows import STATES, InboxMessage, State

_WORD = WithJsonSchema({"type": "string", "maxLength": 200})


class InboxFilters(BaseModel):
    """Which messages are wanted, and which page of them."""

    state: Annotated[
        State | None,
        EmptyIsNone,
        WithJsonSchema({"type": "string", "enum": list(STATES)}),
        Field(description="what became of them; empty is all"),
    ] = None
    system: Annotated[str | None, EmptyIsNone, _WORD, Field(description="whose")] = None
    endpoint: Annotated[str | None, EmptyIsNone, _WORD, Field(description="pushed to where")] = None
    limit: Limit = PAGE
    cursor: Cursor = None


class NamedFile(BaseModel):
    """A file that a message names by address, and what became of it."""

    evidence_id: str
    state: Annotated[
        file_fetches.State,
        Field(
            description="`waiting`: to be fetched; `fetched`; `refused`: not tried again; "
            "`failed`: given up after a day"
        ),
    ]
    tries: Annotated[int, Field(description="how often it was tried in vain")]
    why: Annotated[str | None, Field(description="what went wrong last, in words")]

    @classmethod
    def of(cls, one: FileFetch) -> Self:
        """A file, as it is shown."""
        return cls(evidence_id=one.evidence_id, state=one.state, tries=one.tries, why=one.trouble)


class PushedMessage(BaseModel):
    """A message that another system pushed, and what became of it."""

    message_id: str
    system: SystemName  # type: ignore[valid-type]  # of the systems' own names
    endpoint: str
    topic: str
    received_at: Time
    state: Annotated[
        State,
        Field(
            description="`accepted`; `repeated`: accepted before; `ignored`: no rule is for it; "
            "`refused`: it did not fit; `waiting`: soon acted on"
        ),
    ]
    why: Annotated[list[str], Field(description="what was wrong, or left out, in words")]
    receipt: Annotated[JsonObject, Field(description="what it led to, as a push is answered")]
    has_body: Annotated[bool, Field(description="whether its body is kept, to be taken in again")]

    files: Annotated[list[NamedFile], Field(description="the files that it names by address")]

    @classmethod
    def of(cls, row: InboxMessage, files: Sequence[FileFetch]) -> Self:
        """A message of the inbox, as it is shown."""
        return cls(
            message_id=row.message_id,
            system=row.system,
            endpoint=row.name,
            topic=row.topic,
            received_at=iso(row.received_at),
            state=row.state,
            why=list(row.why),
            receipt=row.receipt,
            has_body=row.body is not None,
            files=[NamedFile.of(one) for one in files],
        )


class InboxPage(BaseModel):
    """A page of the inbox, the newest first."""

    messages: list[PushedMessage]
    next: Annotated[str | None, Field(description="the `cursor` of the next page")]


class MessageBody(BaseModel):
    """The body of a message, as it was pushed."""

    message_id: str
    topic: str
    body: Annotated[Any, Field(description="its JSON")]


EXAMPLE: dict[str, Any] = {
    "message_id": "in_7f0c6c1e8a5b4a0f9d3e2b1c",
    "system": "shopify",
    "endpoint": "main",
    "topic": "returns/request",
    "received_at": "2026-03-01T02:00:00.000+00:00",
    "state": "refused",
    "why": ["refunds row 0 field amount: expected a value (required), got nothing"],
    "receipt": {"stored": 0, "refused": ["…"], "decisions": []},
    "has_body": True,
    "files": [
        {"evidence_id": "shopify:main:77", "state": "fetched", "tries": 0, "why": None},
    ],
}
BODY_EXAMPLE: dict[str, Any] = {
    "message_id": EXAMPLE["message_id"],
    "topic": EXAMPLE["topic"],
    "body": {"id": 945000954, "order": {"id": 820982911946154508}},
}
