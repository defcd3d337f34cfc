"""Strict JSON → Python, in time that grows with the length of what is read and no faster.

What parsers disagree on is refused: names that repeat in one object, `NaN` and `Infinity`, lone
surrogates, nesting without end, numbers too long to be meant. Decimals stay exact.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from risk.errors import Malformed
from risk.problem_phrases import phrase


class _NotStrict(ValueError):
    """Readable by many parsers, and not the same by all."""


def parse_json(raw: bytes) -> Any:
    """The value that UTF-8 JSON says; numbers with a point or an exponent become `Decimal`.

    Raises Malformed saying what is wrong with it.

    >>> parse_json(b'{"amount": 0.10}')
    {'amount': Decimal('0.10')}
    """
    try:
        text = raw.decode()
        value = _DECODER.decode(text)
        if "\\u" in text:
            orjson.loads(raw)  # refuses lone surrogates, which only an escape can spell
    except RecursionError:
        raise Malformed(phrase("too_deep")) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise Malformed(phrase("not_json", why=f"{error.msg} at {where}")) from None
    except UnicodeDecodeError:
        raise Malformed(phrase("not_utf8")) from None
    except _NotStrict as error:
        raise Malformed(phrase("not_strict_json", why=str(error))) from None
    except ValueError:
        raise Malformed(phrase("number_too_long")) from None
    return value


def canonical_json(value: Any) -> bytes:
    """What `parse_json` gave as JSON again, the same bytes however it was written.

    >>> canonical_json(parse_json(b' {"b": 1.50, "a": "x"}'))
    b'{"a":"x","b":1.5}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=float).encode()


def _members(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object. Raises _NotStrict naming one that stands there twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _NotStrict(f"{ascii(_repeated(pairs))[:80]} stands twice in one object")
    return members


def _repeated(pairs: Sequence[tuple[str, Any]]) -> str:
    """The first name that came before."""
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return name
        seen.add(name)
    raise AssertionError("no name is repeated")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise _NotStrict("a number's exponent is too large") from None


def _constant(name: str) -> Any:
    raise _NotStrict(f"{name} is not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=_decimal, parse_constant=_constant
)
