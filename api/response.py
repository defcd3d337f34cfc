"""What a call answers: JSON bytes, a status, and the headers that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi.responses import Response


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON that is ready to be sent."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        return Response(self.body, self.status, dict(self.headers), "application/json")


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Content as JSON."""
    return Answer(orjson.dumps(content), status, headers or {})
