"""Columns of raw values → columns of stored values, for files and for calls alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from risk.errors import Problem
from risk.facts.fields import Field, Kind
from risk.facts.parse import REQUIRED, in_range, is_empty, parser_of, shown
from risk.facts.row_checks import Clock, check_rows
from risk.problem_phrases import phrase

Columns = dict[str, list[Any]]


class Millis(list[int | None]):
    """A column of times that are milliseconds since the epoch already, as a file can hold them."""


def _parse_millis(value: Any, _: Field) -> int:
    return in_range(int(value))


def parse_columns(
    kind: Kind,
    columns: Mapping[str, Sequence[Any]],
    rows: Sequence[int],
    known_at: int | None = None,
    latest: int | None = None,
) -> tuple[Columns, list[Problem]]:
    """Parse columns of raw values, all as long as `rows` (the number to report for each row).

    Returns every field of the kind as a list (None where unknown), defaults filled in, `known_at`
    filled from the event time (or with `known_at`, which no event may come after), and the
    problems found; a row with a problem holds None there. `latest` is the last moment at which
    something can have happened, whatever is known of it (see `row_checks.latest_event`). Without
    `known_at` a later revision that brings none holds None: it is known once it is stored.
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
    check_rows(kind, parsed, rows, problems, Clock(known_at, latest))
    return parsed, problems


def _parse_column(
    kind: Kind, field: Field, raw: Sequence[Any], rows: Sequence[int], problems: list[Problem]
) -> list[Any]:
    parser = _parse_millis if isinstance(raw, Millis) else parser_of(field)
    values: list[Any] = []
    for row, value in zip(rows, raw, strict=True):
        if is_empty(value):
            if field.required:
                problems.append(
                    Problem(kind.name, row, field.name, phrase(REQUIRED), phrase("got_nothing"))
                )
            values.append(field.default)
            continue
        try:
            values.append(parser(value, field))
        except ValueError as refused:
            problems.append(Problem(kind.name, row, field.name, refused.args[0], shown(value)))
            values.append(None)
    return values
