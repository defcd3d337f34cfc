"""Intake of facts, one or a list: parsed, identities hashed, stored all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from risk.errors import BadInput, Problem, Unavailable
from risk.facts import ORDERS, RECORDS, RETRACTIONS
from risk.facts.models import columns_of, read_facts
from risk.facts.parse_columns import Columns
from risk.facts.row_checks import FAR_AHEAD, NOT_YET, Clock, check_rows, latest_event
from risk.facts.validation import MAX_PROBLEMS
from risk.history.connection.connect import Write, clock_lag_ms, now_ms
from risk.history.connection.driver import Call, Insert, Rows, insert_together, run_together
from risk.history.facts.fact_columns import to_stored_columns
from risk.history.facts.write import (
    Added,
    add_consistent,
    add_facts,
    added,
    inserting,
    without_clash,
)
from risk.history.store import History
from risk.history.tenants.bound_retractions import scope_retractions
from risk.history.tenants.caller import ANYONE, Caller
from risk.history.tenants.id_scope import IdScope, scope_requests
from risk.history.tenants.shared_ids import check_unshared
from risk.history.tenants.waiting_facts import not_yours, rows_at, store_for
from risk.identity import Hasher
from risk.problem_phrases import phrase

MAX_AHEAD_MS = 2_000
"""A caller's clock may be so far ahead of this machine's: what it says is waited for."""

WRONG_CLOCK_MS = 1_000
"""A machine whose clock is more than this behind the store's has a wrong clock."""


@dataclass(frozen=True, slots=True)
class ParsedFacts:
    """Facts of one kind, ready to be stored; `dated` says which have a `known_at` of their own.

    `parsed` are the columns before identities were hashed by `hasher`.
    """

    kind: str
    columns: Columns
    dated: tuple[bool, ...]
    parsed: Columns
    hasher: Hasher

    def store(self, write: Write, caller: Caller = ANYONE, scope: IdScope | None = None) -> Added:
        """Store the facts; those that are not dated are known from the instant of the write.

        Of a bound caller those wait that are not known to be about its merchants'; `scope` are the
        ids of the caller's call, where these facts are not all of it. Facts about forgotten people
        are left out; of the counts they are among those stored already.
        """
        if caller.merchants and self.kind == RETRACTIONS.name:
            return self._take_back(write, caller)
        if caller.merchants and self.kind == ORDERS.name and caller.merchant is None:
            return self._store_by_merchant(write, caller)
        if caller.merchants and scope is None:
            scope = scope_requests(write, caller, {self.kind: self.columns})
        internal = scope.rename(self.parsed) if scope and scope.internal else self.parsed
        keep = self.hasher.suppression_list.kept_rows(RECORDS[self.kind], internal)
        if keep is None:
            return self._store(write, caller, scope)
        stored = self._at(keep)._store(write, caller, scope) if keep else Added(0, 0)
        return replace(stored, same=stored.same + len(self.dated) - len(keep))

    def _store(self, write: Write, caller: Caller, scope: IdScope | None) -> Added:
        self._date(write)
        if not caller.merchants:
            self._check_unshared(write, caller)
            return add_facts(write, self.kind, self.columns)
        scope = scope or IdScope()
        with scope.own_words():
            return store_for(write, self.kind, self.columns, caller, scope, self._with_ids)

    def is_left_whole(self, caller: Caller, scope: IdScope | None) -> bool:
        """Whether all of the facts are stored as they are: none waits, is renamed or left out."""
        if caller.merchants or (scope is not None and scope.internal):
            return False
        return self.hasher.suppression_list.kept_rows(RECORDS[self.kind], self.parsed) is None

    def inserting(self, write: Write, caller: Caller) -> Insert:
        """What inserts facts that are left whole, dated and found to be nobody else's."""
        self._date(write)
        self._check_unshared(write, caller)
        return inserting(write, self.kind, self.columns)

    def _check_unshared(self, write: Write, caller: Caller) -> None:
        if not caller.internal and "id_aliases" in write.filled:
            check_unshared(write, self.kind, self.columns)

    def _date(self, write: Write) -> None:
        self.columns["known_at"] = [
            known if dated else write.at
            for known, dated in zip(self.columns["known_at"], self.dated, strict=True)
        ]

    def _take_back(self, write: Write, caller: Caller) -> Added:
        self._date(write)
        parsed = scope_retractions(write, caller, self.parsed, self.hasher)
        columns = to_stored_columns(RETRACTIONS, parsed, self.hasher)
        return add_facts(write, self.kind, {**columns, "known_at": self.columns["known_at"]})

    def _at(self, places: Sequence[int]) -> ParsedFacts:
        """The facts at these places."""
        return replace(
            self,
            columns=rows_at(self.columns, places),
            dated=tuple(self.dated[i] for i in places),
            parsed={name: [column[i] for i in places] for name, column in self.parsed.items()},
        )

    def _store_by_merchant(self, write: Write, caller: Caller) -> Added:
        """Store the lines of each merchant by themselves: its ids are its own."""
        merchants = self.columns["merchant_id"]
        total = Added(0, 0)
        for merchant in sorted(set(merchants), key=str):
            if merchant not in caller.merchants:
                raise not_yours(self.kind, merchants.index(merchant), "merchant_id")
            places = [i for i, named in enumerate(merchants) if named == merchant]
            stored = self._at(places).store(write, caller.narrowed([merchant]))
            back = total.retracted + stored.retracted
            total = Added(total.new + stored.new, total.same + stored.same, retracted=back)
        return total

    def _with_ids(self, scope: IdScope) -> Columns:
        return to_stored_columns(RECORDS[self.kind], scope.rename(self.parsed), self.hasher)


def store_together(
    write: Write, several: Sequence[ParsedFacts], caller: Caller, scope: IdScope, *calls: Call
) -> list[Rows]:
    """Store facts of several kinds, all or nothing; the rows of statements that look at none of
    them. Where all are stored as they are, everything is sent to the store at once."""
    if not all(facts.is_left_whole(caller, scope) for facts in several):
        for facts in several:
            facts.store(write, caller, scope)
        return run_together(write.connection, calls)
    inserts = [facts.inserting(write, caller) for facts in several]
    numbers, found = insert_together(write.connection, inserts, calls)
    for facts, new in zip(several, numbers, strict=True):
        without_clash(facts.kind, added(write, facts.kind, facts.columns, new))
    return found


def parse_facts(
    kind: str,
    items: Sequence[Any],
    hasher: Hasher,
    *,
    may_backdate: bool,
    within: str = "",
) -> ParsedFacts:
    """Facts as callers send them, or as models of `risk.facts.models`, ready to be stored.

    `within` names the member of a larger body that holds the facts. Raises BadInput.
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
    stored = to_stored_columns(definition, columns, hasher)
    return ParsedFacts(kind, stored, dated, columns, hasher)


def _placed(problem: Problem, where: str) -> Problem:
    return replace(problem, kind=where)


@contextmanager
def excuse_slow_clock(history: History) -> Iterator[None]:
    """Raises Unavailable instead of BadInput where this machine's clock is what is wrong.

    That is so where all problems are times in the future and the clock is behind the store's: it
    was set back, or another machine's is ahead.
    """
    try:
        yield
    except BadInput as bad:
        early = all(
            problem.expected in (phrase(NOT_YET), phrase(FAR_AHEAD)) for problem in bad.problems
        )
        if early and _is_behind(history):
            raise Unavailable("this machine's clock stands before the store's") from bad
        raise


def _is_behind(history: History) -> bool:
    with history.read() as connection:
        return clock_lag_ms(connection) > WRONG_CLOCK_MS


def ingest(
    history: History,
    kind: str,
    items: Sequence[Any],
    *,
    may_backdate: bool = False,
    who: str = "",
    caller: Caller = ANYONE,
) -> Added:
    """Store facts of one kind, all or nothing; the same facts again change nothing.

    `who` is recorded of corrections and retractions, `caller` says for which merchants it speaks.
    Raises BadInput for what does not fit the contract and Conflict for a key whose content differs.
    """
    with excuse_slow_clock(history):
        parsed = parse_facts(kind, items, history.hasher, may_backdate=may_backdate)
    with history.write() as write:
        write.who = who
        return parsed.store(write, caller)


def ingest_correcting(history: History, kind: str, items: Sequence[Any], *, who: str = "") -> Added:
    """Store facts of one kind; what differs from what is stored is its next revision, known now.

    Raises BadInput as `ingest` does.
    """
    with excuse_slow_clock(history):
        parsed = parse_facts(kind, items, history.hasher, may_backdate=False)
    with history.write() as write:
        write.who = who
        parsed.columns["known_at"] = [write.at] * len(items)
        return add_consistent(write, kind, parsed.columns, [True] * len(items))
