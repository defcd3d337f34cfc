"""Strict JSON: what it refuses, what it keeps exact, and that its work grows with the length."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.errors import Malformed
from risk.facts import strict_json
from risk.facts.strict_json import canonical_json, parse_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_whatever_json_says_is_read_and_is_canonical(
    value: Any, indent: int | None, ascii_only: bool
) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    assert parse_json(raw) == value
    assert parse_json(canonical_json(value)) == value
    assert canonical_json(parse_json(raw)) == canonical_json(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_decimals_are_exact(number: Decimal) -> None:
    read = parse_json(f"[{number:f}]".encode())[0]
    assert read == number
    assert isinstance(read, Decimal)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[1,]", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'{"a":1,"b":2,"a":1}', "'a' stands twice"),
        (b'[{"x":{"b":1,"b":1}}]', "'b' stands twice"),
        (b"[NaN]", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"[1e99999999999999999999]", "exponent"),
        (b"9" * 5_000, "a number is too long"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'["\\ud800"]', "not"),
        (b'{"\\udfff":1}', "not"),
    ],
)
def test_what_parsers_disagree_on_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        parse_json(raw)


class Counted(str):
    """A name that counts how often it is compared or hashed."""

    __slots__ = ()
    looks = 0

    def __hash__(self) -> int:
        Counted.looks += 1
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        Counted.looks += 1
        return super().__eq__(other)


def looks(count: int) -> int:
    """How often names are looked at to find the one that stands twice, the last of `count`."""
    pairs = [(Counted(f"k{i}"), 1) for i in range(count)] + [(Counted(f"k{count - 1}"), 2)]
    Counted.looks = 0
    with pytest.raises(ValueError, match="twice"):
        strict_json._members(pairs)
    return Counted.looks


def test_finding_a_repeated_name_takes_a_few_looks_a_name() -> None:
    assert looks(4_000) <= 8 * 4_000
    assert looks(8_000) <= 2 * looks(4_000) + 100


def steps(work: Callable[[], Any]) -> int:
    """How many lines of Python and calls of C `work` takes."""
    taken = 0

    def count(*_: Any) -> Any:
        nonlocal taken
        taken += 1
        return count

    sys.settrace(count)
    sys.setprofile(lambda *_: count())
    try:
        work()
    finally:
        sys.settrace(None)
        sys.setprofile(None)
    return taken


def _refuse(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse_json(raw)


@pytest.mark.parametrize("written", ["one object", "many objects", "nested"])
def test_work_grows_with_the_length(written: str) -> None:
    def body(count: int) -> bytes:
        names = ",".join(f'"k{i}":1.5' for i in range(count))
        if written == "many objects":
            return ("[" + ",".join(f'{{"a":{i},"b":[]}}' for i in range(count)) + "").encode()
        if written == "nested":
            return ('[{"a":[' * 200 + names[:0] + "1.5," * count).encode()
        return f'{{{names},"k{count - 1}":2}}'.encode()

    small, large = (steps(partial(_refuse, body(n))) for n in (1_000, 4_000))
    assert large <= 4.2 * small + 200
