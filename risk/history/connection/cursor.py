"""Cursors of pages: where the next page starts, as text that a caller hands back unread."""

from __future__ import annotations

import base64

import orjson

from risk.errors import BadInput, Problem
from risk.facts.parse import shown

LIMIT = 2**63
"""No number a store can hold lies outside ± this."""


def encode_cursor(value: float | str, name: str) -> str:
    """The place behind the row with this sort value and, among equals, this id."""
    return base64.urlsafe_b64encode(orjson.dumps([value, name])).decode().rstrip("=")


def decode_cursor(text: str | None, what: str) -> tuple[int | float, str] | None:
    """The place a cursor names, None for none. Raises BadInput for what no page gave."""
    if not text:
        return None
    number, name = _read(text)
    if not isinstance(number, int | float) or not -LIMIT < number < LIMIT:
        raise _not_a_cursor(what, text)
    return number, _named(name, what, text)


def decode_text_cursor(text: str | None, what: str) -> tuple[str, str] | None:
    """The place in an order by text that a cursor names. Raises BadInput for what no page gave."""
    if not text:
        return None
    value, name = _read(text)
    return _named(value, what, text), _named(name, what, text)


def _read(text: str) -> tuple[object, object]:
    try:
        value, name = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError):
        return None, None
    return value, name


def _named(value: object, what: str, text: str) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise _not_a_cursor(what, text)
    return value


def _not_a_cursor(what: str, text: str) -> BadInput:
    return BadInput([Problem(what, None, "cursor", "the `next` of a page", shown(text))])
