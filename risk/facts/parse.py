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
from risk.problem_phrases import phrase

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
            raise _Refused(phrase("time")) from None
    if not isinstance(value, datetime):
        raise _Refused(phrase("time"))
    if value.tzinfo is None or value.utcoffset() is None:
        raise _Refused(phrase("naive_time"))
    return in_range((value - _EPOCH) // _MS)


def in_range(ms: int) -> int:
    """A time in ms as it is. Raises ValueError outside 1990 to 2200."""
    if not _EARLIEST <= ms < _LATEST:
        raise _Refused(phrase("time_range"))
    return ms


def parse_money(value: Any) -> int:
    """Ten-thousandths of the major unit, rounded half to even; raises ValueError below zero.

    >>> parse_money("349.00"), parse_money(0.1)
    (3490000, 1000)
    """
    amount = _decimal(value, "money")
    if amount < 0:
        raise _Refused(phrase("money"))
    if amount > MAX_MONEY:
        raise _Refused(phrase("money_most"))
    return int((amount * MONEY_UNIT).to_integral_value())


def _parse_text(value: Any, field: Field) -> str:
    if not isinstance(value, str):
        raise _Refused(phrase("string"))
    if len(value) > field.limit:
        raise _Refused(phrase("at_most_characters", count=field.limit))
    if "\x00" in value:
        raise _Refused(phrase("no_nul"))
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _Refused(phrase("unicode")) from None
    return value


def _parse_id(value: Any, field: Field) -> str:
    """Ids are strings; JSON of other systems writes many of them as whole numbers."""
    text = _parse_text(str(value) if type(value) is int else value, field)
    if text in (".", ".."):
        raise _Refused(phrase("plain_id"))
    return text


def _parse_currency(value: Any, field: Field) -> str:
    code = _parse_text(value, field)
    code = code.upper() if code.isascii() else code
    if code not in CURRENCIES:
        raise _Refused(phrase("currency"))
    return code


def _parse_choice(value: Any, field: Field) -> str:
    if isinstance(value, str) and value in field.choices:
        return value
    raise _Refused(phrase("one_of", choices=list(field.choices)))


def _decimal(value: Any, code: str, **values: int) -> Decimal:
    """The number a value means, exactly; a string must be plain ASCII, without separators. What is
    expected is the phrase of a code."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise _Refused(phrase(code, **values))
    given = repr(value) if isinstance(value, float) else value
    if isinstance(given, str) and (not given.isascii() or "_" in given):
        raise _Refused(phrase(code, **values))
    try:
        number = Decimal(given)
    except InvalidOperation:
        raise _Refused(phrase(code, **values)) from None
    if not number.is_finite():
        raise _Refused(phrase(code, **values))
    return number


def _parse_count(value: Any, field: Field) -> int:
    code = "whole_number_between" if field.least else "whole_number"
    bounds = {"least": field.least, "most": field.most} if field.least else {}
    number = _decimal(value, code, **bounds)
    if not field.least <= number <= field.most or number != number.to_integral_value():
        raise _Refused(phrase(code, **bounds))
    return int(number)


def _parse_grams(value: Any, _: Field) -> int:
    number = _decimal(value, "grams")
    if number < 0 or number > 10**9:
        raise _Refused(phrase("grams"))
    return int((number * 1000).to_integral_value())


def _parse_share(value: Any, _: Field) -> float:
    number = _decimal(value, "share")
    if not 0 < (share := float(number)) <= 1 or number > 1:
        raise _Refused(phrase("share"))
    return share


def _parse_flag(value: Any, _: Field) -> int:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.strip().lower() in _FLAGS:
        return _FLAGS[value.strip().lower()]
    raise _Refused(phrase("flag"))


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


REQUIRED = "required"
"""The phrase of what is expected where a field that must be there is missing or empty."""


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
            raise _Refused(phrase(REQUIRED))
        return field.default

    return read


def shown(value: Any) -> str:
    """What was found, short and without anything personal: its type and size, not its content."""
    if isinstance(value, str):
        return phrase("got_string", count=len(value))
    return "float" if isinstance(value, Decimal) else type(value).__name__
