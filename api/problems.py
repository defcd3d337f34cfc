"""Errors → `application/problem+json` (RFC 9457), in one place and without anybody's values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.json_pointer import Pointer, in_object, in_query
from risk.errors import (
    BadInput,
    Conflict,
    Forbidden,
    Malformed,
    ModelRefused,
    NotFound,
    PolicyRefused,
    Problem,
    RefundRiskError,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
)
from risk.facts.parse import shown
from risk.facts.validation import MAX_PROBLEMS, expected
from risk.history.connection.driver_errors import UNREACHABLE

MEDIA_TYPE = "application/problem+json"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE"})
URN = "urn:refund-risk:problem:"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A problem type of RFC 9457: its HTTP status, its title, and an example of what is wrong."""

    status: int
    title: str
    example: str


PROBLEM_TYPES: dict[str, ProblemType] = {
    "malformed-body": ProblemType(
        400, "The body is not readable", "not JSON: duplicate name 'amount'"
    ),
    "unauthenticated": ProblemType(401, "A working API key is needed", "no Authorization header"),
    "forbidden": ProblemType(403, "This key may not do that", "this call needs the scope `score`"),
    "not-found": ProblemType(404, "Nothing is known under this name", "no refund request R-2001"),
    "method-not-allowed": ProblemType(405, "Not with this method", "this address answers POST"),
    "too-slow": ProblemType(
        408, "The body came too slowly", "the body did not arrive in 20 seconds"
    ),
    "conflict": ProblemType(
        409,
        "It contradicts what is stored",
        "refunds: refund_id=R-2001 is stored with another content",
    ),
    "too-large": ProblemType(413, "The body is too large", "at most 1048576 bytes"),
    "media-type": ProblemType(415, "Not a media type this call reads", "send application/json"),
    "invalid": ProblemType(422, "The body does not fit the contract", "1 value does not fit"),
    "idempotency-key-reused": ProblemType(
        422, "This Idempotency-Key stood for another call", "use a new key for a new call"
    ),
    "too-many-requests": ProblemType(429, "Too many calls with this key", "try again in 1 second"),
    "internal": ProblemType(500, "Something went wrong here", "it was noted under this request id"),
    "unavailable": ProblemType(503, "Not now", "the service is full"),
}

_OF_STATUS = {kind.status: name for name, kind in reversed(PROBLEM_TYPES.items())}
_LATER = {"retry-after": "1"}
_ERRORS: dict[type[Exception], str] = {
    BadInput: "invalid",
    Malformed: "malformed-body",
    Unauthenticated: "unauthenticated",
    UnsupportedMediaType: "media-type",
    Conflict: "conflict",
    NotFound: "not-found",
    Forbidden: "forbidden",
    Unavailable: "unavailable",
    ModelRefused: "unavailable",
    PolicyRefused: "unavailable",
    MemoryError: "unavailable",
}


@dataclass(eq=False)
class ProblemError(Exception):
    """An answer that is a problem: its type, what is wrong in words, and the fields at fault."""

    type: str
    detail: str
    errors: Sequence[Mapping[str, Any]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, instance: str | None = None) -> dict[str, Any]:
        """The problem as RFC 9457 writes it."""
        kind = PROBLEM_TYPES[self.type]
        body: dict[str, Any] = {
            "type": URN + self.type,
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail,
        }
        if instance:
            body["instance"] = instance
        if self.errors:
            body["errors"] = list(self.errors)
        return body

    def response(self, instance: str | None = None) -> Response:
        return Response(
            orjson.dumps(self.body(instance)),
            PROBLEM_TYPES[self.type].status,
            dict(self.headers),
            MEDIA_TYPE,
        )


def invalid(problems: Sequence[Problem], pointer: Pointer) -> ProblemError:
    """A 422 that names every field at fault; `pointer` says where in the body a problem stands."""
    more = " or more" if len(problems) >= MAX_PROBLEMS else ""
    count = f"{len(problems)}{more} values do" if len(problems) > 1 else "1 value does"
    return ProblemError("invalid", f"{count} not fit: {problems[0]}", _fields(problems, pointer))


def _fields(problems: Sequence[Problem], pointer: Pointer) -> list[dict[str, Any]]:
    """The fields at fault; what was to stand behind the `?` is no part of the body."""
    return [
        {
            "pointer": (in_query if problem.kind == "query" else pointer)(problem),
            "field": problem.field,
            "row": problem.row,
            "expected": problem.expected,
            "got": problem.got,
        }
        for problem in problems[:MAX_PROBLEMS]
    ]


def problem_error(error: Exception, pointer: Pointer = in_object) -> ProblemError:
    """Any error of the product's own as a problem; anything else is a 500 that says nothing.

    `pointer` says where in the request a problem of a BadInput stands.
    """
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, BadInput):
        return invalid(error.problems, pointer)
    if isinstance(error, RequestValidationError | HTTPException):
        return _of_framework(error)
    if isinstance(error, UNREACHABLE):
        return ProblemError("unavailable", "the store cannot be reached", headers=_LATER)
    name = next((n for e, n in _ERRORS.items() if isinstance(error, e)), "internal")
    if name == "internal":
        return ProblemError(name, PROBLEM_TYPES[name].example)
    why = [error.problem] if isinstance(error, Forbidden) and error.problem else []
    headers = _LATER if name == "unavailable" else {}
    return ProblemError(name, str(error) or "not enough memory", _fields(why, pointer), headers)


def _of_framework(error: RequestValidationError | HTTPException) -> ProblemError:
    if isinstance(error, RequestValidationError):
        return invalid([_of_parameter(detail) for detail in error.errors()], in_query)
    name = _OF_STATUS.get(error.status_code, "malformed-body")
    return ProblemError(name, PROBLEM_TYPES[name].title, headers=dict(error.headers or {}))


def _of_parameter(detail: Mapping[str, Any]) -> Problem:
    place = detail["loc"]
    return Problem(str(place[0]), None, str(place[-1]), expected(detail), shown(detail["input"]))


def _pointer_of(request: Request) -> Pointer:
    """Where problems of this request stand: as its body says, else by its method."""
    default = in_query if request.method == "GET" else in_object
    pointer: Pointer = getattr(request.state, "pointer", default)
    return pointer


def problem_response(request: Request, error: Exception) -> Response:
    """An error as the answer to a call, noted for the log and for whoever asks for readiness."""
    if isinstance(error, UNREACHABLE):
        request.state.about["error"] = type(error).__name__
    if isinstance(error, UNREACHABLE) or isinstance(error.__cause__, UNREACHABLE):
        request.app.state.service.breaker.open()
    problem = problem_error(error, _pointer_of(request))
    if problem.type == "method-not-allowed":
        problem.headers = {"allow": ", ".join(_allowed(request))}
    return problem.response(f"urn:request:{request.state.request_id}")


def _allowed(request: Request) -> Iterator[str]:
    """Every method of an address, in order; the framework names those of one route only."""
    for method in sorted(METHODS):
        asked = {**request.scope, "method": "GET" if method == "HEAD" else method}
        if any(route.matches(asked)[0] == Match.FULL for route in request.app.routes):
            yield method


async def _answer(request: Request, error: Exception) -> Response:
    return problem_response(request, error)


def add_problem_handlers(app: FastAPI) -> None:
    """Let every error of ours and of the framework's answer as a problem."""
    for kind in (
        ProblemError,
        RefundRiskError,
        RequestValidationError,
        HTTPException,
        MemoryError,
        *UNREACHABLE,
    ):
        app.add_exception_handler(kind, _answer)
