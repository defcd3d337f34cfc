"""A file as a body: raw, within a size of its own, and few at the same time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from api.dependencies.body import read_body
from api.dependencies.context import service_of
from risk.errors import Malformed, Unavailable
from risk.evidence.reading.media_type import READ

BINARY = {"type": "string", "format": "binary"}


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file as it came, and what its sender calls it."""

    content: bytes
    media_type: str


class FileBody:
    """Dependency: the body of a call that takes a file.

    Raises Malformed for an empty one, Unavailable where too many come at once, and ProblemError:
    408, 413, 415.
    """

    problems = (400, 408, 413, 415, 422)

    def __init__(self) -> None:
        self._coming = 0

    async def __call__(self, request: Request) -> AsyncIterator[FileContent]:
        limits = service_of(request).limits
        if self._coming >= limits.uploads:
            raise Unavailable("too many files come at once")
        self._coming += 1
        try:
            content = await read_body(request, limits, "file")
            if not content:
                raise Malformed("a file has at least one byte")
            declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            yield FileContent(content, declared)
        finally:
            self._coming -= 1


def request_body() -> dict[str, Any]:
    """The body in OpenAPI."""
    content = {media_type: {"schema": BINARY} for media_type in READ}
    return {"required": True, "content": content}


SentFile = Annotated[FileContent, Depends(FileBody())]
