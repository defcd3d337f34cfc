"""What the service and the process that reads its files send each other.

A frame is a line of JSON, then as many bytes as its `size` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

import orjson


def write_frame(to: IO[bytes], head: Mapping[str, Any], content: bytes = b"") -> None:
    """Write one frame."""
    to.write(orjson.dumps({**head, "size": len(content)}) + b"\n")
    to.write(content)
    to.flush()


def read_frame(source: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Read one frame. Raises EOFError where the other end has gone."""
    line = source.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    head: dict[str, Any] = orjson.loads(line)
    content = source.read(head["size"])
    if len(content) < head["size"]:
        raise EOFError
    return head, content
