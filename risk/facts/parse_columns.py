"""Columns of raw values → columns of stored values, for files and for calls alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from risk.errors import Problem
from risk.facts.fields import Field, Kind
from risk.facts.parse import REQUIRED, in_range, is_empty, parser_of, shown

Columns = dict[str, list[Any]]

NOT_YET = "a time that is not in the future"
"""What is expected of the time of something that happened."""


class Millis(list[int | None]):
    """A column of times that are milliseconds since the epoch already, as a file can hold them."""


def _parse_millis(value: Any, _: Field) -> int:
    return in_range(int(value))


def parse_columns(
    kind: Kind,
    columns: Mapping[str, Sequence[Any]],
    rows: Sequence[int],
    known_at: int | None = None,
) -> tuple[Columns, list[Problem]]:
    """Parse columns of raw values, all as long as `rows` (the number to report for each row).

    Returns every field of the kind as a list (None where unknown), defaults filled in, `known_at`
    filled from the event time (or with `known_at`, which no event may come after), and the
    problems found; a row with a problem holds None there.
    """
    parsed: Columns = {}
    problems: list[Problem] = []
    for field in kind.fields:
        raw = columns.get(field.name)
        if raw is None and not field.required:
            parsed[field.name] = [field.default] * len(rows)
        else:
            given = [None] * len(rows) if raw is None else raw
            parsed[field.name] = _parse_column(kind, field, given, rows, problems)
    problems += check_known_at(kind, parsed, rows, known_at)
    return parsed, problems


def _parse_column(
    kind: Kind, field: Field, raw: Sequence[Any], rows: Sequence[int], problems: list[Problem]
) -> list[Any]:
    parser = _parse_millis if isinstance(raw, Millis) else parser_of(field)
    values: list[Any] = []
    for row, value in zip(rows, raw, strict=True):
        if is_empty(value):
            if field.required:
                problems.append(Problem(kind.name, row, field.name, REQUIRED, "nothing"))
            values.append(field.default)
            continue
        try:
            values.append(parser(value, field))
        except ValueError as refused:
            problems.append(Problem(kind.name, row, field.name, str(refused), shown(value)))
            values.append(None)
    return values


def check_known_at(
    kind: Kind, parsed: Columns, rows: Sequence[int], now: int | None
) -> list[Problem]:
    """Fill `known_at` where it is unknown, and name the rows whose times cannot be.

    It is filled from the event time, or with `now`, which no event may come after (ms).
    """
    problems: list[Problem] = []
    known, happened = parsed["known_at"], parsed[kind.event_time]
    for i, row in enumerate(rows):
        event = happened[i]
        if known[i] is not None:
            if event is not None and known[i] < event:
                expected = f"a time not before {kind.event_time}"
                problems.append(Problem(kind.name, row, "known_at", expected, "an earlier time"))
        elif now is None:
            known[i] = event
        else:
            known[i] = now
            if event is not None and event > now:
                problems.append(Problem(kind.name, row, kind.event_time, NOT_YET, "a later time"))
    return problems
