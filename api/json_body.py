"""Bodies: read within a size and a time."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request

from api.problems import Trouble


async def read(request: Request, limit: int, seconds: float) -> bytes:
    """The raw body. Raises Trouble: 413 above `limit` bytes, 408 after `seconds`."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(seconds):
            return await _collect(request, limit)
    except TimeoutError:
        detail = f"the body did not arrive in {seconds:g} seconds"
        raise Trouble("too-slow", detail, headers={"connection": "close"}) from None


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


def _too_large(limit: int) -> Trouble:
    return Trouble("too-large", f"at most {limit} bytes", headers={"connection": "close"})


def must_be_json(request: Request) -> None:
    """Raises Trouble (415) for a body that does not say it is JSON."""
    given = request.headers.get("content-type", "")
    if given.partition(";")[0].strip().lower() != "application/json":
        raise Trouble("media-type", "send application/json", headers={"accept": "application/json"})
