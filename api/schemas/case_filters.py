"""The filters of the reviewers' queue, as they stand behind the `?`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, WithJsonSchema

from api.schemas.paging import Cursor, Limit
from risk.cases.lists.queue import CHOICES, PAGE

Text = str | None
"""A filter as it was sent; `risk.cases.read_filters` reads it, an empty one is none."""


def _choice(name: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(CHOICES[name])})


_WORD = WithJsonSchema({"type": "string", "maxLength": 200})
_FLAG = WithJsonSchema({"type": "boolean"})
_AMOUNT = WithJsonSchema({"type": "string", "pattern": r"^\d{1,12}(\.\d{1,4})?$"})


class CaseFilters(BaseModel):
    """Which cases are wanted, and which page of them."""

    state: Annotated[Text, _choice("state"), Field(description="`open` without it")] = None
    tier: Annotated[Text, _choice("tier"), Field(description="what was decided")] = None
    reason: Annotated[Text, _choice("reason"), Field(description="the reason's code")] = None
    type: Annotated[Text, _choice("type"), Field(description="what is asked")] = None
    due: Annotated[Text, _choice("due"), Field(description="how near the deadline is")] = None
    order: Annotated[
        Text, _choice("order"), Field(description="`rank` without it: money and time")
    ] = None
    merchant: Annotated[Text, _WORD, Field(description="the merchant's id")] = None
    currency: Annotated[Text, _WORD, Field(description="ISO 4217")] = None
    amount_from: Annotated[Text, _AMOUNT, Field(description="in major units")] = None
    amount_to: Annotated[Text, _AMOUNT, Field(description="in major units")] = None
    audit: Annotated[Text, _FLAG, Field(description="drawn at random")] = None
    appealed: Annotated[Text, _FLAG, Field(description="under appeal")] = None
    escalated: Annotated[Text, _FLAG, Field(description="put ahead")] = None
    ring: Annotated[
        Text,
        WithJsonSchema({"type": "integer", "minimum": 0}),
        Field(description="at least so many customers around shared things"),
    ] = None
    held: Annotated[Text, _WORD, Field(description="`free`, or who holds it")] = None
    q: Annotated[
        Text,
        _WORD,
        Field(description="the id of a request, order or customer; looks through closed cases too"),
    ] = None
    limit: Limit = PAGE
    cursor: Cursor = None

    def given(self) -> dict[str, str]:
        """The filters that were sent, by name."""
        return self.model_dump(exclude_none=True, exclude={"limit", "cursor"})
