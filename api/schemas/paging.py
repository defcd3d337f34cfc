"""The parameters of pages: how many, and where the next one starts."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from risk.cases.lists.queue import MAX_PAGE, PAGE

EmptyIsNone = BeforeValidator(lambda given: None if given == "" else given)
"""A parameter that is left empty is as one that was not sent."""


def _or_default(given: Any) -> Any:
    return PAGE if given == "" else given


Limit = Annotated[
    int, Field(ge=1, le=MAX_PAGE, description="how many a page"), BeforeValidator(_or_default)
]
Cursor = Annotated[
    str | None,
    WithJsonSchema({"type": "string"}),
    Field(description="`next` of the page before"),
]
