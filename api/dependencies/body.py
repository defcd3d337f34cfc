"""JSON bodies: read within a size and a time, parsed strictly, validated by a pydantic type.

The framework would read a body before it asks who sends it, and parse it by rules of its own.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Generic, Literal, TypeVar

from fastapi import Request
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect

from api.dependencies.context import service_of
from api.json_pointer import Pointer, in_object
from api.limits import Limits
from api.problems import ProblemError
from risk.errors import BadInput
from risk.facts.strict_json import parse_json
from risk.facts.validation import problems_of, trimmed

T = TypeVar("T")
Size = Literal["single", "list", "form", "file", "files"]

REF = "#/components/schemas/{model}"
SMALL = 65_536
"""A body of so many bytes is parsed faster than another thread takes it over."""


def pointing_at_members(_: Any) -> Pointer:
    """Problems stand at members of the object."""
    return in_object


class JsonBody(Generic[T]):
    """Dependency: the body as `type_`; for a call that may be sent as much as a list, `size`.

    `what` is the kind of the problems found in it, `pointers` says by the parsed body where in it a
    problem stands. Raises Malformed, BadInput, and ProblemError: 408, 413, 415.
    """

    problems = (400, 408, 413, 415, 422)

    def __init__(
        self,
        type_: Any,
        what: str,
        examples: Mapping[str, Any],
        *,
        size: Size = "single",
        pointers: Callable[[Any], Pointer] = pointing_at_members,
    ) -> None:
        self.type = type_
        self.adapter: TypeAdapter[T] = TypeAdapter(type_)
        self.what = what
        self.examples = examples
        self.size: Size = size
        self.pointers = pointers

    async def __call__(self, request: Request) -> T:
        _must_be_json(request)
        service = service_of(request)
        raw = await read_body(request, service.limits, self.size)
        if len(raw) <= SMALL:
            return self._validated(request, raw)
        return await service.pool.run(lambda: self._validated(request, raw))

    def _validated(self, request: Request, raw: bytes) -> T:
        document = request.state.document = parse_json(raw)
        request.state.pointer = self.pointers(document)
        model = isinstance(self.type, type) and issubclass(self.type, BaseModel)
        try:
            return self.adapter.validate_python(trimmed(document, self.type) if model else document)
        except ValidationError as error:
            raise BadInput(problems_of(error, self.what)) from None

    def request_body(self) -> dict[str, Any]:
        """The body in OpenAPI."""
        examples = {name: {"value": value} for name, value in self.examples.items()}
        content = {"schema": self._schema(), "examples": examples}
        return {"required": True, "content": {"application/json": content}}

    def _schema(self) -> dict[str, Any]:
        if isinstance(self.type, type) and issubclass(self.type, BaseModel):
            return {"$ref": REF.format(model=self.type.__name__)}
        schema = self.adapter.json_schema(ref_template=REF)
        return {name: value for name, value in schema.items() if name != "$defs"}


async def read_body(request: Request, limits: Limits, size: Size) -> bytes:
    """The raw body, read once. Raises ProblemError: 413 too large, 408 too slow, 415 encoded."""
    if not hasattr(request.state, "raw"):
        _must_be_plain(request)
        limit: int = getattr(limits, size)
        length = request.headers.get("content-length", "")
        if length.isdigit() and int(length) > limit:
            raise _too_large(limit)
        try:
            async with asyncio.timeout(limits.body_seconds):
                request.state.raw = await _collect(request, limit)
        except TimeoutError:
            detail = f"the body did not arrive in {limits.body_seconds:g} seconds"
            raise ProblemError("too-slow", detail, headers={"connection": "close"}) from None
    raw: bytes = request.state.raw
    return raw


async def _collect(request: Request, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        more = message.get("more_body", False)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(limit: int) -> ProblemError:
    return ProblemError("too-large", f"at most {limit} bytes", headers={"connection": "close"})


def _must_be_plain(request: Request) -> None:
    """Bodies are not decompressed (RFC 9110, 15.5.16)."""
    coding = request.headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity"):
        detail = "send the body as it is, without a Content-Encoding"
        raise ProblemError("media-type", detail, headers={"accept-encoding": "identity"})


def _must_be_json(request: Request) -> None:
    given = request.headers.get("content-type", "")
    if given.partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(
            "media-type", "send application/json", headers={"accept": "application/json"}
        )
