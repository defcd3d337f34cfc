"""Values of fields: a source of a mapping table, read from one message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from risk.facts.currencies import rounding_unit
from risk.facts.parse import is_empty
from risk.facts.units import MONEY_UNIT
from risk.webhooks.field_source import FieldSource, Filter, OrderLines, SumOver

_FLAGS = {"1": True, "0": False, "yes": True, "no": False, "true": True, "false": False,
          "y": True, "n": False, "是": True, "否": False}  # fmt: skip
_MOST_DIGITS = 30


class _NotANumber(ValueError):
    """A message holds something else where a number is read; `value` is what."""

    def __init__(self, value: Any) -> None:
        super().__init__("not a number")
        self.value = value


@dataclass(frozen=True, slots=True)
class StoredLines:
    """A value that is what the order's stored lines cost: of each line, how many pieces.

    Without lines it is the whole order's; without a number, the whole line's.
    """

    lines: tuple[tuple[str, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class KeepStored:
    """A value that stays what is stored of the same fact."""


@dataclass(frozen=True, slots=True)
class MessageScope:
    """What sources are read in: the message, the member of a list, the table's maps, and when the
    message came (ISO 8601)."""

    payload: Any
    item: Any
    maps: Mapping[str, Mapping[str, str]]
    received: str

    def at(self, path: str) -> Any:
        """What stands at a path: the member itself at `item`, below it where that begins with
        `item.`."""
        if path == "item" and self.item is not None:
            return self.item
        if path.startswith("item."):
            return value_at(self.item, path.removeprefix("item."))
        return value_at(self.payload, path)

    def members(self, path: str) -> list[Any]:
        """The list at a path; empty where there is none."""
        found = self.at(path)
        return found if isinstance(found, list) else []

    def fits(self, where: Filter) -> bool:
        """Whether each path of a filter leads to one of its texts."""
        return all(_text(self.at(path)) in texts for path, texts in where.items())


def value_at(value: Any, path: str) -> Any:
    """What stands at a path of names and places, joined by points; None where nothing does."""
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def read_value(source: FieldSource, scope: MessageScope) -> Any:
    """The value of a source; None where it is unknown. What cannot be converted stays as it is."""
    if source.only_one and len(scope.members(source.only_one)) != 1:
        return None
    try:
        value = _original(source, scope)
        if is_empty(value) or _text(value) in source.empty:
            return _instead(source, scope)
        if isinstance(value, StoredLines):
            return value
        computed = _computed(source, scope, value)
    except _NotANumber as other:
        return other.value
    try:
        value = _converted(source, computed, scope)
    except (TypeError, ValueError, OverflowError, OSError):
        return value
    return _instead(source, scope) if is_empty(value) else value


def _instead(source: FieldSource, scope: MessageScope) -> Any:
    """What stands for a value that the message does not hold."""
    if source.received:
        return scope.received
    return KeepStored() if source.stored else source.default


def _original(source: FieldSource, scope: MessageScope) -> Any:
    if source.value is not None:
        return source.value
    if source.sum is not None:
        return _sum(source.sum, scope)
    if source.stored_lines is not None:
        return _lines(source.stored_lines, scope)
    found: Iterator[Any] = (
        (read_value(one, scope) for one in source.first)
        if source.first
        else (scope.at(path) for path in source.path)
    )
    return next((v for v in found if not is_empty(v) and _text(v) not in source.empty), None)


def _sum(source: SumOver, scope: MessageScope) -> Decimal | None:
    """None where the filter lets nothing through."""
    scopes = [replace(scope, item=one) for one in scope.members(source.each)]
    given = [inner.at(source.of) for inner in scopes if inner.fits(source.where)]
    numbers = [_number(value) for value in given if not is_empty(value)]
    return sum(numbers, Decimal()) if numbers else None


def _lines(source: OrderLines, scope: MessageScope) -> StoredLines:
    lines = []
    for one in scope.members(source.each):
        inner = replace(scope, item=one)
        line_id, pieces = inner.at(source.line_id), inner.at(source.quantity)
        if not is_empty(line_id):
            lines.append((_text(line_id), None if is_empty(pieces) else _number(pieces)))
    return StoredLines(tuple(lines))


def _computed(source: FieldSource, scope: MessageScope, value: Any) -> Any:
    """A number after products, sums and differences, as text; anything else as it is."""
    if not (source.per or source.plus or source.minus or source.times or source.minor):
        return value
    number = _number(value)
    factor = scope.at(source.per) if source.per else None
    if not is_empty(factor):
        number *= _number(factor)
    number += sum(_numbers(source.plus, scope), Decimal())
    number -= sum(_numbers(source.minus, scope), Decimal())
    if source.times is not None:
        number *= source.times
    if source.minor:
        currency = str(scope.at(source.minor) or "").upper()
        number = number * rounding_unit(currency) / MONEY_UNIT
    return f"{number:f}"


def _numbers(sources: tuple[FieldSource, ...], scope: MessageScope) -> Iterator[Decimal]:
    for source in sources:
        value = read_value(source, scope)
        if not is_empty(value):
            yield _number(value)


def _number(value: Any) -> Decimal:
    """A number of a message. Raises _NotANumber for anything else, and for one of a size that no
    money has."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _NotANumber(value) from None
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise _NotANumber(value)
    return number


def _converted(source: FieldSource, value: Any, scope: MessageScope) -> Any:
    if source.map is not None:
        choices = scope.maps[source.map]
        return choices.get(_text(value), choices.get("*"))
    if source.unix is not None or source.zone is not None:
        return _time(source, value)
    if source.flag:
        return _FLAGS.get(_text(value).strip().lower(), value)
    if source.digest:
        value = blake2b(_text(value).encode("utf-8", "replace"), digest_size=12).hexdigest()
    return source.format.replace("{}", _text(value)) if source.format else value


def _time(source: FieldSource, value: Any) -> str:
    """A time with an offset, from Unix time or from a text that may lack one."""
    text = _text(value)
    if source.unix is not None and text.replace(".", "", 1).isdecimal():
        seconds = float(text) / (1000 if source.unix == "ms" else 1)
        if seconds == 0:
            return ""
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None and source.zone is not None:
        moment = moment.replace(tzinfo=ZoneInfo(source.zone))
    return moment.isoformat()


def _text(value: Any) -> str:
    """A scalar as texts of tables are compared with it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
