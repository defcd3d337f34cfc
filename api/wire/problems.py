"""Problems in OpenAPI: one schema, and an example for each sort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.problems import MEDIA_TYPE, SORTS, URN, Trouble

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong, as RFC 9457 writes it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "enum": [URN + name for name in SORTS]},
        "title": {"type": "string", "description": "the sort of problem in words"},
        "status": {"type": "integer", "description": "the HTTP status"},
        "detail": {"type": "string", "description": "what is wrong this time"},
        "instance": {
            "type": "string",
            "description": "the request id, as in the header X-Request-Id",
        },
        "errors": {
            "type": "array",
            "description": "every value at fault, the first hundred of them",
            "items": {"$ref": "#/components/schemas/ProblemField"},
        },
    },
}
PROBLEM_FIELD: dict[str, Any] = {
    "type": "object",
    "required": ["pointer", "field", "row", "expected", "got"],
    "properties": {
        "pointer": {"type": "string", "description": "JSON Pointer to the value in the body"},
        "field": {"type": ["string", "null"], "description": "the field's name"},
        "row": {"type": ["integer", "null"], "description": "its place in a list, from 0"},
        "expected": {"type": "string"},
        "got": {"type": "string", "description": "what kind of thing was found, never its content"},
    },
}
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


def problem_answers(statuses: Sequence[int]) -> dict[str, dict[str, Any]]:
    """The answers of these statuses for a call's page, each with an example a sort."""
    return {str(status): _answer(status) for status in statuses}


def _answer(status: int) -> dict[str, Any]:
    sorts = {name: sort for name, sort in SORTS.items() if sort.status == status}
    examples = {
        name: {"value": Trouble(name, sort.example, _ERRORS.get(name, ())).body("urn:request:4f2a")}
        for name, sort in sorts.items()
    }
    answer: dict[str, Any] = {
        "description": " / ".join(sort.title for sort in sorts.values()),
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
        },
    }
    if status in _HEADERS:
        answer["headers"] = _HEADERS[status]
    return answer
