"""Problems as RFC 9457 writes them, and the answers of a call that are problems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema

from api.problems import MEDIA_TYPE, PROBLEM_TYPES, URN, ProblemError


class ProblemField(BaseModel):
    """One value at fault."""

    pointer: Annotated[str, Field(description="JSON Pointer to the value in the body")]
    field: Annotated[str | None, Field(description="the field's name")]
    row: Annotated[int | None, Field(description="its place in a list, from 0")]
    expected: str
    got: Annotated[str, Field(description="what kind of thing was found, never its content")]


class Problem(BaseModel):
    """What went wrong, as RFC 9457 writes it."""

    type: Annotated[
        str,
        WithJsonSchema(
            {"type": "string", "format": "uri", "enum": [URN + name for name in PROBLEM_TYPES]}
        ),
    ]
    title: Annotated[str, Field(description="the problem type in words")]
    status: Annotated[int, Field(description="the HTTP status")]
    detail: Annotated[str, Field(description="what is wrong this time")]
    instance: Annotated[str, Field(description="the request id, as in the header X-Request-Id")] = (
        ""
    )
    errors: Annotated[
        list[ProblemField],
        Field(description="every value at fault, the first hundred of them"),
    ] = []


_INSTANCE = "urn:request:4f2a"
_ERRORS = {
    "invalid": [
        {
            "pointer": "#/amount",
            "field": "amount",
            "row": 0,
            "expected": "an amount of money, zero or more",
            "got": "a string of 5 characters",
        }
    ]
}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "integer"}, "description": "in seconds"}},
    503: {"Retry-After": {"schema": {"type": "integer"}, "description": "in seconds"}},
}


def problem_answers(statuses: Iterable[int]) -> dict[int | str, dict[str, Any]]:
    """The answers of these statuses in OpenAPI, each with an example of each problem type."""
    return {status: _answer(status) for status in sorted(statuses)}


def _answer(status: int) -> dict[str, Any]:
    types = {name: kind for name, kind in PROBLEM_TYPES.items() if kind.status == status}
    examples = {
        name: {"value": ProblemError(name, kind.example, _ERRORS.get(name, ())).body(_INSTANCE)}
        for name, kind in types.items()
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    answer: dict[str, Any] = {
        "description": " / ".join(kind.title for kind in types.values()),
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }
    if status in _HEADERS:
        answer["headers"] = _HEADERS[status]
    return answer
