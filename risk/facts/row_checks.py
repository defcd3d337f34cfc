"""What can be wrong with a row of a fact although each of its values fits, and its `known_at`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from risk.errors import Problem
from risk.facts.fact_keys import check_keys
from risk.facts.fields import Kind
from risk.facts.format import iso
from risk.facts.records import RETRACTIONS
from risk.facts.units import DAY_MS
from risk.problem_phrases import phrase

Columns = dict[str, list[Any]]

NOT_YET = "not_yet"
"""The phrase of what is expected of the time of something that happened."""

FAR_AHEAD = "far_ahead"
"""The phrase of what is expected of it also where it has a `known_at` of its own."""


class Clock(NamedTuple):
    """`now`: when facts become known that do not say it themselves (None: when they happened).
    `latest`: the last moment at which something can have happened (None: any). In ms."""

    now: int | None
    latest: int | None


def latest_event(clock: int) -> int:
    """The last moment at which something can have happened, by this machine's clock: a day ahead.

    Times in milliseconds since the epoch.

    >>> latest_event(0)
    86400000
    """
    return clock + DAY_MS


def check_rows(
    kind: Kind, parsed: Columns, rows: Sequence[int], problems: list[Problem], clock: Clock
) -> None:
    """Fill in `known_at`, and add to `problems` what is wrong with whole rows.

    `rows` is the number to report for each row of `parsed`.
    """
    if kind is RETRACTIONS:
        problems += check_keys(parsed, rows)
    _check_known_at(kind, parsed, rows, problems, clock.now)
    _check_happened(kind, parsed, rows, problems, clock)
    if kind.needs_subject:
        _check_subject(kind, parsed, rows, problems)
    if kind.parts:
        _check_parts(kind, parsed, rows, problems)


def _check_known_at(
    kind: Kind, parsed: Columns, rows: Sequence[int], problems: list[Problem], now: int | None
) -> None:
    """Fill in when facts became known, with `now` or the event time; none is known before it."""
    known, happened = parsed["known_at"], parsed[kind.event_time]
    first = [1] * len(rows) if kind is RETRACTIONS else parsed["revision"]
    for i, row in enumerate(rows):
        event = happened[i]
        if known[i] is not None:
            if event is not None and known[i] < event:
                expected = phrase("not_before", field=kind.event_time)
                problems.append(
                    Problem(kind.name, row, "known_at", expected, phrase("got_earlier"))
                )
        elif now is None:
            known[i] = event if first[i] == 1 else None
        else:
            known[i] = now
            if event is not None and event > now:
                problems.append(_not_yet(kind, row, event, now))


def _not_yet(kind: Kind, row: int, event: int, now: int) -> Problem:
    """A time ahead of this machine's clock `now`, with by how much (ms)."""
    ahead = event - now
    got = phrase("got_ahead", seconds=f"{ahead / 1000:.3f}", now=iso(now))
    return Problem(kind.name, row, kind.event_time, phrase(NOT_YET), got, ahead)


def _check_happened(
    kind: Kind, parsed: Columns, rows: Sequence[int], problems: list[Problem], clock: Clock
) -> None:
    """Refuse what is too far ahead; what becomes known now was held to that moment already."""
    now, latest = clock
    if latest is None:
        return
    columns = (parsed[kind.event_time], parsed["known_at"], rows)
    for event, known, row in zip(*columns, strict=True):
        if event is not None and event > latest and known != now:
            problems.append(
                Problem(kind.name, row, kind.event_time, phrase(FAR_AHEAD), phrase("got_later"))
            )


def _check_subject(
    kind: Kind, parsed: Columns, rows: Sequence[int], problems: list[Problem]
) -> None:
    """A fact names what it is about; of several fields for it one is enough."""
    columns = [parsed[name] for name in kind.about]
    missing = [row for row, *given in zip(rows, *columns, strict=True) if not any(given)]
    if not missing:
        return
    refused = {(problem.row, problem.field) for problem in problems}
    expected = phrase("or_one_in", fields=" or ".join(kind.about[1:]))
    problems += [
        Problem(kind.name, row, kind.about[0], expected, phrase("got_nothing"))
        for row in missing
        if (row, kind.about[0]) not in refused
    ]


def _check_parts(kind: Kind, parsed: Columns, rows: Sequence[int], problems: list[Problem]) -> None:
    """The parts of an amount are no more than the whole."""
    names = [part.name for part in kind.parts]
    whole = kind.parts[0].part_of
    columns = [parsed[whole], *(parsed[name] for name in names)]
    for row, (amount, *parts) in zip(rows, zip(*columns, strict=True), strict=True):
        if amount is not None and sum(part or 0 for part in parts) > amount:
            expected = phrase("parts", parts=" and ".join(names), whole=whole)
            problems.append(Problem(kind.name, row, names[0], expected, phrase("got_more")))
