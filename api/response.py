"""Answers as JSON, ready to be sent and to be kept for a repeated call."""

from __future__ import annotations

from fastapi.responses import Response
from pydantic import BaseModel


def json_response(content: BaseModel | bytes, status: int = 200) -> Response:
    """A model with the fields that were set, or JSON that is there already, as an answer."""
    if isinstance(content, BaseModel):
        content = content.model_dump_json(exclude_unset=True).encode()
    return Response(content, status, media_type="application/json")
