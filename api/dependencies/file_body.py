"""A file as a body: raw, within a size of its own, and few at the same time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from api.dependencies.body import read_body
from api.dependencies.context import service_of
from risk.errors import Malformed
from risk.evidence.reading.media_type import READ

BINARY = {"type": "string", "format": "binary"}


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file as it came, and what its sender calls it."""

    content: bytes
    media_type: str


def upload_slot(request: Request) -> AbstractContextManager[None]:
    """Room for one upload, from its first byte until it is taken in: calls and the console's form
    share the same few. Entering raises Unavailable where too many come at once."""
    return service_of(request).upload_slots.hold("too many files come at once")


class FileBody:
    """Dependency: the body of a call that takes a file.

    Raises Malformed for an empty one, Unavailable where too many come at once, and ProblemError:
    408, 413, 415.
    """

    problems = (400, 408, 413, 415, 422)

    async def __call__(self, request: Request) -> AsyncIterator[FileContent]:
        with upload_slot(request):
            content = await read_body(request, service_of(request).limits, "file")
            if not content:
                raise Malformed("a file has at least one byte")
            declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            yield FileContent(content, declared)


def request_body() -> dict[str, Any]:
    """The body in OpenAPI."""
    content = {media_type: {"schema": BINARY} for media_type in READ}
    return {"required": True, "content": content}


SentFile = Annotated[FileContent, Depends(FileBody())]
