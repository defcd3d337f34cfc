"""Values as exports write them → as the contract wants them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from risk.facts.parse import is_empty
from risk.identity.normalisers import fold

FLAGS = {
    "y": "true", "yes": "true", "true": "true", "t": "true", "1": "true", "1.0": "true",
    "是": "true", "有": "true", "✓": "true", "x": "true",
    "n": "false", "no": "false", "false": "false", "f": "false", "0": "false", "0.0": "false",
    "否": "false", "无": "false", "✗": "false",
}  # fmt: skip
"""What exports write for true and false."""

TIME_FORMATS = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d")
"""Forms of times that cannot be meant otherwise, beside ISO 8601."""

_MONEY = re.compile(r"[^\d.,()+\-]")
_SWAPPED = str.maketrans(".,", ",.")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?")
"""Marks of thousands, also as India writes them; `40,00` has a decimal comma."""
_MASK = re.compile("[*＊•●]")
ENOUGH_SHOWN = 6
"""A masked identity that shows so many letters and digits is most often one person's."""
_BLANKS = " \t\r\n\u00a0\u200b\u3000\ufeff"

Translate = Callable[[Any], Any]


def clean_id(value: Any) -> Any:
    """An id without what spreadsheets and back offices put around it.

    >>> [clean_id(given) for given in ('="123"', "'123", "123\\t", "`123")]
    ['123', '123', '123', '123']
    """
    if not isinstance(value, str):
        return value
    found = value.strip(_BLANKS)
    if found.startswith("=") and found[1:].lstrip().startswith('"') and found.endswith('"'):
        found = found[1:].strip()[1:-1]
    return found.lstrip("'`‘’").strip(_BLANKS)


def is_nobody(value: Any) -> bool:
    """Whether an id of a person names none: a word for nothing, a guest's 0, or so much of it
    masked that strangers share what is left.

    >>> [is_nobody(one) for one in ("1**********", "t**1", "0", "'null", "138****0001", "ann@b")]
    [True, True, True, True, False, False]
    """
    text = fold(str(clean_id(value))).strip("0")
    shown = sum(map(str.isalnum, text.partition("@")[0]))
    return not text or (is_masked(text) and shown < ENOUGH_SHOWN)


def is_masked(value: Any) -> bool:
    """Whether characters are replaced by stars; such an address is that of many.

    >>> is_masked("浙江省杭州市文三路**号")
    True
    """
    return isinstance(value, str) and _MASK.search(value) is not None


def number(value: Any, decimal: str = ".") -> Decimal | None:
    """The number that a text means, with marks of thousands and currencies around it; None where it
    is none.

    >>> number("¥1,234.50"), number("1.234,50 €", ","), number("(12.00)")
    (Decimal('1234.50'), Decimal('1234.50'), Decimal('-12.00'))
    """
    if isinstance(value, bool) or value is None:
        return None
    if not isinstance(value, str):
        return Decimal(str(value))
    found = _MONEY.sub("", value)
    if decimal == ",":
        found = found.translate(_SWAPPED)
    if found.startswith("(") and found.endswith(")"):
        found = "-" + found[1:-1]
    if "," in found and not _GROUPED.fullmatch(found):
        return None
    try:
        return Decimal(found.replace(",", ""))
    except InvalidOperation:
        return None


def as_number(decimal: str) -> Translate:
    """Texts to numbers; what is none stays as it is, to be refused."""

    def translate(value: Any) -> Any:
        found = number(value, decimal)
        return value if found is None else str(found)

    return translate


def as_time(zone: str | None, formats: Sequence[str]) -> Translate:
    """Times to ISO 8601, in the zone where they state none; what is none stays as it is."""
    place = ZoneInfo(zone) if zone else None

    def translate(value: Any) -> Any:
        found = _moment(value, formats)
        if found is None:
            return value
        return found if found.tzinfo or place is None else found.replace(tzinfo=place)

    return translate


def _moment(value: Any, formats: Sequence[str]) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if not isinstance(value, str):
        return None
    text = value.strip(_BLANKS + "'`")
    for form in formats:
        if (found := _by_form(text, form)) is not None:
            return found
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return next((t for f in TIME_FORMATS if (t := _by_form(text, f)) is not None), None)


def _by_form(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def by_table(table: Mapping[str, str]) -> Translate:
    """Values by a table, whatever their case; ~ begins what is contained, * is any other."""
    exact = {key.strip().casefold(): to for key, to in table.items() if key[:1] not in ("~", "*")}
    within = {key[1:].casefold(): to for key, to in table.items() if key.startswith("~")}

    def translate(value: Any) -> Any:
        if is_empty(value):
            return value
        text = str(value).strip(_BLANKS).casefold()
        if text in exact:
            return exact[text]
        found = (to for key, to in within.items() if key in text)
        return next(found, table.get("*", value))

    return translate
