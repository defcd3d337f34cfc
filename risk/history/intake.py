"""Taking facts in, one at a time or a list: parsed, hashed at the door, stored all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from risk.errors import BadInput, Problem, Unavailable
from risk.facts import KINDS, Kind
from risk.facts.parse import NOT_YET, Columns, is_empty, parse_columns, shown
from risk.history.connect import Write, clock_lag_ms, now_ms
from risk.history.fact_columns import take_in
from risk.history.store import History
from risk.history.write import Added, add
from risk.identity import Hasher

WRONG_CLOCK_MS = 1_000
"""From here on a machine that is behind the store has a wrong clock, not a busy one."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Facts of one kind, ready to be stored; `dated` says which bring a `known_at` of their own."""

    kind: str
    columns: Columns
    dated: tuple[bool, ...]

    def store(self, write: Write) -> Added:
        """Add the facts, known from the write's own instant unless they are dated."""
        self.columns["known_at"] = [
            known if dated else write.at
            for known, dated in zip(self.columns["known_at"], self.dated, strict=True)
        ]
        return add(write, self.kind, self.columns)


def take(
    kind: str, items: Sequence[Any], hasher: Hasher, *, may_backdate: bool, within: str = ""
) -> Taken:
    """Parse facts as the API sends them. Raises BadInput with every problem found.

    `within` names the member of a larger body the facts stand in.
    """
    definition = KINDS[kind]
    where = within or kind
    problems = _shape(definition, items, where, may_backdate=may_backdate)
    if problems:
        raise BadInput(problems)
    dated = tuple(not is_empty(item.get("known_at")) for item in items)
    now = now_ms()
    given = {name for item in items for name in item}
    columns = {name: [item.get(name) for item in items] for name in given}
    parsed, problems = parse_columns(definition, columns, range(len(items)), known_at=now)
    if problems:
        raise BadInput([_placed(problem, where) for problem in problems])
    return Taken(kind, take_in(definition, parsed, hasher), dated)


def _shape(kind: Kind, items: Sequence[Any], where: str, *, may_backdate: bool) -> list[Problem]:
    """What can be said of the items before any value is read."""
    names = {field.name for field in kind.fields}
    problems: list[Problem] = []
    for row, item in enumerate(items):
        if not isinstance(item, Mapping):
            problems.append(Problem(where, row, None, "an object", shown(item)))
            continue
        problems += [
            Problem(where, row, str(name)[:80], "a field of the contract", "an unknown field")
            for name in item
            if name not in names
        ]
        if not may_backdate and not is_empty(item.get("known_at")):
            problems.append(
                Problem(where, row, "known_at", "a key with the scope `backdate`", "none")
            )
    return problems


def _placed(problem: Problem, where: str) -> Problem:
    return Problem(where, problem.row, problem.field, problem.expected, problem.got)


@contextmanager
def by_the_clock(history: History) -> Iterator[None]:
    """Refuse what has not happened yet only where the clock that says so can be right.

    Raises Unavailable instead of BadInput when all that is wrong lies in the future and this
    machine's clock stands before that of the store: it was set back, or another machine's is ahead.
    """
    try:
        yield
    except BadInput as bad:
        early = all(problem.expected == NOT_YET for problem in bad.problems)
        if early and _is_behind(history):
            raise Unavailable("this machine's clock stands before the store's") from bad
        raise


def _is_behind(history: History) -> bool:
    with history.read() as connection:
        return clock_lag_ms(connection) > WRONG_CLOCK_MS


def ingest(
    history: History, kind: str, items: Sequence[Mapping[str, Any]], *, may_backdate: bool = False
) -> Added:
    """Store facts of one kind, all or nothing; the same facts again change nothing.

    Raises BadInput for what does not fit the contract and Conflict for a key whose content differs.
    """
    with by_the_clock(history):
        taken = take(kind, items, history.hasher, may_backdate=may_backdate)
    with history.write() as write:
        return taken.store(write)
