"""Intake of facts, one or a list: parsed, identities hashed, stored all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from risk.errors import BadInput, Problem, Unavailable
from risk.facts import RECORDS
from risk.facts.models import columns_of, read_facts
from risk.facts.parse_columns import Columns
from risk.facts.row_checks import FAR_AHEAD, NOT_YET, Clock, check_rows, latest_event
from risk.facts.validation import MAX_PROBLEMS
from risk.history.connect import Write, clock_lag_ms, now_ms
from risk.history.fact_columns import to_stored_columns
from risk.history.id_scope import NO_SCOPE, IdScope, scope_ids
from risk.history.store import History
from risk.history.waiting_facts import store_for
from risk.history.write import Added, add_facts
from risk.identity import Hasher

WRONG_CLOCK_MS = 1_000
"""A machine whose clock is more than this behind the store's has a wrong clock."""


@dataclass(frozen=True, slots=True)
class ParsedFacts:
    """Facts of one kind, ready to be stored; `dated` says which have a `known_at` of their own."""

    kind: str
    columns: Columns
    dated: tuple[bool, ...]

    def store(self, write: Write, merchants: frozenset[str] = frozenset()) -> Added:
        """Store the facts; those that are not dated are known from the instant of the write.

        Of a caller bound to `merchants` those wait that are not known to be about theirs.
        """
        self.columns["known_at"] = [
            known if dated else write.at
            for known, dated in zip(self.columns["known_at"], self.dated, strict=True)
        ]
        if merchants:
            return store_for(write, self.kind, self.columns, merchants)
        return add_facts(write, self.kind, self.columns)


def parse_facts(
    kind: str,
    items: Sequence[Any],
    hasher: Hasher,
    *,
    may_backdate: bool,
    within: str = "",
    ids: IdScope = NO_SCOPE,
) -> ParsedFacts:
    """Facts as callers send them, or as models of `risk.facts.models`, ready to be stored.

    `within` names the member of a larger body that holds the facts, `ids` are those of a bound
    caller. Raises BadInput.
    """
    definition, where = RECORDS[kind], within or kind
    columns = columns_of(definition, read_facts(definition, items, where))
    dated = tuple(known is not None for known in columns["known_at"])
    problems = [
        Problem(where, i, "known_at", "a key with the scope `backdate`", "none")
        for i, is_dated in enumerate(dated)
        if is_dated and not may_backdate
    ]
    now, found = now_ms(), list[Problem]()
    check_rows(definition, columns, range(len(items)), found, Clock(now, latest_event(now)))
    problems += [_placed(problem, where) for problem in found]
    if problems:
        raise BadInput(problems[:MAX_PROBLEMS])
    ids.rename(columns)
    return ParsedFacts(kind, to_stored_columns(definition, columns, hasher), dated)


def _placed(problem: Problem, where: str) -> Problem:
    return Problem(where, problem.row, problem.field, problem.expected, problem.got)


@contextmanager
def excuse_slow_clock(history: History) -> Iterator[None]:
    """Raises Unavailable instead of BadInput where this machine's clock is what is wrong.

    That is so where all problems are times in the future and the clock is behind the store's: it
    was set back, or another machine's is ahead.
    """
    try:
        yield
    except BadInput as bad:
        early = all(problem.expected in (NOT_YET, FAR_AHEAD) for problem in bad.problems)
        if early and _is_behind(history):
            raise Unavailable("this machine's clock stands before the store's") from bad
        raise


def _is_behind(history: History) -> bool:
    with history.read() as connection:
        return clock_lag_ms(connection) > WRONG_CLOCK_MS


def ids_of(
    history: History, merchants: frozenset[str], facts: Mapping[str, Sequence[Any]]
) -> IdScope:
    """The ids of a bound caller's facts, by kind, raw or as models; none for an unbound caller.

    Raises BadInput.
    """
    if not merchants:
        return NO_SCOPE
    columns = {
        kind: columns_of(RECORDS[kind], read_facts(RECORDS[kind], items))
        for kind, items in facts.items()
    }
    with history.read() as connection:
        return scope_ids(connection, merchants, columns)


def ingest(
    history: History,
    kind: str,
    items: Sequence[Any],
    *,
    may_backdate: bool = False,
    who: str = "",
    merchants: frozenset[str] = frozenset(),
) -> Added:
    """Store facts of one kind, all or nothing; the same facts again change nothing.

    `who` is recorded of corrections and retractions; `merchants` are those the caller is bound to,
    none for a caller that is not. Raises BadInput for what does not fit the contract and Conflict
    for a key whose content differs.
    """
    with excuse_slow_clock(history):
        ids = ids_of(history, merchants, {kind: items})
        parsed = parse_facts(kind, items, history.hasher, may_backdate=may_backdate, ids=ids)
    with history.write() as write:
        write.who = who
        ids.store(write)
        return parsed.store(write, merchants)
