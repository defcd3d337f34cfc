"""Bodies: read within a size and a time, parsed as strict JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from api.problems import Trouble


class _Loose(ValueError):
    """Readable by many parsers, and not the same by all."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Loose(f"{ascii(twice)[:80]} stands twice in one object")
    return members


def _no_constant(name: str) -> Any:
    raise _Loose(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def parse(raw: bytes) -> Any:
    """Strict JSON: UTF-8, valid Unicode, no NaN, no name twice, no endless nesting.

    Raises Trouble (400) saying which of it failed.
    """
    try:
        text = raw.decode()
        value = _DECODER.decode(text)
        if "\\u" in text:
            orjson.loads(raw)
    except RecursionError:
        raise Trouble("malformed-body", "not readable JSON: nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise Trouble("malformed-body", f"not JSON: {error.msg} at {where}") from None
    except UnicodeDecodeError:
        raise Trouble("malformed-body", "not UTF-8") from None
    except _Loose as error:
        raise Trouble("malformed-body", f"not strict JSON: {error}") from None
    except ValueError:
        raise Trouble("malformed-body", "not readable JSON: a number is too long") from None
    return value


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
