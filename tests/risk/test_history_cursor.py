"""Cursors of pages: what was handed out comes back, and nothing else is taken for one."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.errors import BadInput
from risk.history.connection.cursor import LIMIT, decode_cursor, decode_text_cursor, encode_cursor

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
NUMBERS = st.integers(-LIMIT + 1, LIMIT - 1) | st.floats(-1e18, 1e18)


@given(NUMBERS, NAMES)
def test_a_cursor_is_handed_back_as_it_was(number: float, name: str) -> None:
    cursor = encode_cursor(number, name)
    assert decode_cursor(cursor, "cases") == (number, name)
    padded = cursor + "=" * (-len(cursor) % 4)
    assert decode_cursor(padded, "cases") == (number, name)


@given(NAMES, NAMES)
def test_a_cursor_of_text_is_handed_back_as_it_was(value: str, name: str) -> None:
    cursor = encode_cursor(value, name)
    assert decode_text_cursor(cursor, "cases") == (value, name)
    with pytest.raises(BadInput, match="field cursor"):
        decode_cursor(cursor, "cases")


@given(st.text(max_size=40))
def test_any_other_text_is_a_place_or_bad_input(text: str) -> None:
    try:
        found = decode_cursor(text, "cases")
    except BadInput:
        return
    assert found is None or (abs(found[0]) < LIMIT and isinstance(found[1], str))


@pytest.mark.parametrize(
    "content",
    [b"[1180591620717411303424,\"x\"]", b"[9223372036854775808,\"x\"]", b"[\"1\",\"x\"]", b"[1]",
     b"[1,2]", b"[1,\"a\\u0000\"]", b"[null,\"x\"]", b"{}", b"[1,\"x\",2]", b"1"],
)  # fmt: skip
def test_what_no_store_could_hold_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match="field cursor"):
        decode_cursor(base64.urlsafe_b64encode(content).decode(), "deliveries")
