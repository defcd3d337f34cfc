"""Parses one raw value by the rule of its field: to a whole number, a share or a string.

Times become integer milliseconds since the epoch (UTC), money becomes integer ten-thousandths of
the major unit, weights integer milligrams, flags 0 or 1. Empty means unknown and becomes None.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from risk.facts.currencies import CURRENCIES
from risk.facts.fields import Field
from risk.facts.units import MONEY_UNIT

MAX_MONEY = Decimal(10) ** 12

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_LATEST = (datetime(2200, 1, 1, tzinfo=UTC) - _EPOCH) // _MS
_EARLIEST = (datetime(1990, 1, 1, tzinfo=UTC) - _EPOCH) // _MS
_FLAGS = {"true": 1, "false": 0, "1": 1, "0": 0, "yes": 1, "no": 0, "t": 1, "f": 0}


class _Refused(ValueError):
    """The value does not fit; the message says what was expected."""


def is_empty(value: Any) -> bool:
    """None, an empty string and a float NaN all mean unknown."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def parse_time(value: Any) -> int:
    """Milliseconds since the epoch of a time in ISO 8601 with an offset, or of a zoned datetime.

    Raises ValueError for anything naive, unreadable, or outside 1990 to 2200.

    >>> parse_time("2026-03-01T08:00:00+08:00")
    1772323200000
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().upper())
        except ValueError:
            raise _Refused("a time in ISO 8601 with an offset") from None
    if not isinstance(value, datetime):
        raise _Refused("a time in ISO 8601 with an offset")
    if value.tzinfo is None or value.utcoffset() is None:
        raise _Refused("a time with an offset (a naive time is refused)")
    return in_range((value - _EPOCH) // _MS)


def in_range(ms: int) -> int:
    """A time in ms as it is. Raises ValueError outside 1990 to 2200."""
    if not _EARLIEST <= ms < _LATEST:
        raise _Refused("a time between 1990 and 2200")
    return ms


def parse_money(value: Any) -> int:
    """Ten-thousandths of the major unit, rounded half to even; raises ValueError below zero.

    >>> parse_money("349.00"), parse_money(0.1)
    (3490000, 1000)
    """
    amount = _decimal(value, "an amount of money, zero or more")
    if amount < 0:
        raise _Refused("an amount of money, zero or more")
    if amount > MAX_MONEY:
        raise _Refused("an amount of at most 10^12")
    return int((amount * MONEY_UNIT).to_integral_value())


def _parse_text(value: Any, field: Field) -> str:
    if not isinstance(value, str):
        raise _Refused("a string")
    if len(value) > field.limit:
        raise _Refused(f"at most {field.limit} characters")
    if "\x00" in value:
        raise _Refused("text without NUL characters")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _Refused("valid Unicode text") from None
    return value


def _parse_id(value: Any, field: Field) -> str:
    """Ids are strings; JSON of other systems writes many of them as whole numbers."""
    text = _parse_text(str(value) if type(value) is int else value, field)
    if text in (".", ".."):
        raise _Refused("an id that an address can name, so neither . nor ..")
    return text


def _parse_currency(value: Any, field: Field) -> str:
    code = _parse_text(value, field)
    code = code.upper() if code.isascii() else code
    if code not in CURRENCIES:
        raise _Refused("an ISO 4217 currency code")
    return code


def _parse_choice(value: Any, field: Field) -> str:
    if isinstance(value, str) and value in field.choices:
        return value
    raise _Refused("one of " + ", ".join(field.choices))


def _decimal(value: Any, expected: str) -> Decimal:
    """The number a value means, exactly; a string must be plain ASCII, without separators."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise _Refused(expected)
    given = repr(value) if isinstance(value, float) else value
    if isinstance(given, str) and (not given.isascii() or "_" in given):
        raise _Refused(expected)
    try:
        number = Decimal(given)
    except InvalidOperation:
        raise _Refused(expected) from None
    if not number.is_finite():
        raise _Refused(expected)
    return number


def _parse_count(value: Any, field: Field) -> int:
    bounds = f"from {field.least} to {field.most}" if field.least else "zero or more"
    expected = f"a whole number, {bounds}"
    number = _decimal(value, expected)
    if not field.least <= number <= field.most or number != number.to_integral_value():
        raise _Refused(expected)
    return int(number)


def _parse_grams(value: Any, _: Field) -> int:
    number = _decimal(value, "a weight in grams, zero or more")
    if number < 0 or number > 10**9:
        raise _Refused("a weight in grams, zero or more")
    return int((number * 1000).to_integral_value())


def _parse_share(value: Any, _: Field) -> float:
    number = _decimal(value, "a probability above 0 and at most 1")
    if not 0 < (share := float(number)) <= 1 or number > 1:
        raise _Refused("a probability above 0 and at most 1")
    return share


def _parse_flag(value: Any, _: Field) -> int:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.strip().lower() in _FLAGS:
        return _FLAGS[value.strip().lower()]
    raise _Refused("true or false")


_PARSERS: dict[str, Callable[[Any, Field], Any]] = {
    "id": _parse_id,
    "text": _parse_text,
    "choice": _parse_choice,
    "time": lambda value, _: parse_time(value),
    "money": lambda value, _: parse_money(value),
    "count": _parse_count,
    "grams": _parse_grams,
    "share": _parse_share,
    "flag": _parse_flag,
    "key": lambda value, _: value,
}


REQUIRED = "a value (required)"
"""What is expected where a field that must be there is missing or empty."""


def parser_of(field: Field) -> Callable[[Any, Field], Any]:
    """The rule of a field for values that are not empty: it takes the value and the field."""
    return _parse_currency if field.name == "currency" else _PARSERS[field.type]


def reader_of(field: Field) -> Callable[[Any], Any]:
    """A function from one raw value of the field to the value as stored; empty is the default.

    It raises ValueError saying what was expected.
    """
    parser = parser_of(field)

    def read(value: Any) -> Any:
        if not is_empty(value):
            return parser(value, field)
        if field.required:
            raise _Refused(REQUIRED)
        return field.default

    return read


def shown(value: Any) -> str:
    """What was found, short and without anything personal: its type and size, not its content."""
    if isinstance(value, str):
        return f"a string of {len(value)} characters"
    return "float" if isinstance(value, Decimal) else type(value).__name__
