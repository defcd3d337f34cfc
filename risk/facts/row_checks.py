"""What can be wrong with a row of a fact although each of its values fits, and its `known_at`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from risk.errors import Problem
from risk.facts.fields import Kind
from risk.facts.units import DAY_MS

Columns = Mapping[str, list[Any]]

NOT_YET = "a time that is not in the future"
"""What is expected of the time of something that happened."""

FAR_AHEAD = "a time at most a day ahead of this machine's clock"
"""What is expected of it whatever is said of when it was known."""


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
    _check_known_at(kind, parsed, rows, problems, clock.now)
    _check_happened(kind, parsed, rows, problems, clock)
    _check_subject(kind, parsed, rows, problems)
    _check_parts(kind, parsed, rows, problems)


def _check_known_at(
    kind: Kind, parsed: Columns, rows: Sequence[int], problems: list[Problem], now: int | None
) -> None:
    """Fill in when facts became known, with `now` or the event time; none is known before it."""
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
            problems.append(Problem(kind.name, row, kind.event_time, FAR_AHEAD, "a later time"))


def _check_subject(
    kind: Kind, parsed: Columns, rows: Sequence[int], problems: list[Problem]
) -> None:
    """A fact names what it is about; of several fields for it one is enough."""
    if any(kind.field(name).required for name in kind.about):
        return
    refused = {(problem.row, problem.field) for problem in problems}
    for i, row in enumerate(rows):
        if (row, kind.about[0]) not in refused and all(parsed[n][i] is None for n in kind.about):
            expected = f"a value, or one in {' or '.join(kind.about[1:])}"
            problems.append(Problem(kind.name, row, kind.about[0], expected, "nothing"))


def _check_parts(kind: Kind, parsed: Columns, rows: Sequence[int], problems: list[Problem]) -> None:
    """The parts of an amount are no more than the whole."""
    parts = [field for field in kind.fields if field.part_of]
    for i, row in enumerate(rows if parts else ()):
        whole = parsed[parts[0].part_of][i]
        if whole is not None and sum(parsed[part.name][i] or 0 for part in parts) > whole:
            names = " and ".join(part.name for part in parts)
            expected = f"{names} of no more than {parts[0].part_of}"
            problems.append(Problem(kind.name, row, parts[0].name, expected, "more"))
