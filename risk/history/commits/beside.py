"""Decisions about different things beside each other on PostgreSQL, and everything else alone.

The writer lock of the store is shared by such decisions. Each holds a lock on every thing that it
claims, so that of two about one thing the second reads what the first wrote. An instant is drawn
that is later than all others, those in flight included, and whoever is in flight is waited for
before the commit: the order of commits is that of the instants, as it is of those made alone, and
what any snapshot shows is all that was committed before a moment. See `docs/decisions/0060`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import compress

import sqlalchemy as sa

from risk.errors import Unavailable
from risk.history.commits.claims import Claims, lock_of
from risk.history.connection.connect import (
    FILLED,
    MAYBE_EMPTY,
    Write,
    first_write,
    next_write,
    now_ms,
)
from risk.history.connection.driver import Call, Rows, run_together, runner
from risk.history.connection.transactions import WRITER_LOCK, ended, lock_at_once

_CLOCK_LOCK = WRITER_LOCK + 1
"""Held while an instant is drawn."""

_IN_FLIGHT = 0x5246 << 48
"""The first of the lock ids that say which instants are in flight: this and the instant."""

_CLAIM = f"""SELECT CASE WHEN c.claim = '{WRITER_LOCK}' THEN pg_advisory_lock_shared({WRITER_LOCK})
  ELSE pg_advisory_lock(CAST(c.claim AS BIGINT)) END
  FROM unnest(string_to_array(:claims, ' ')) AS c(claim)"""
_DRAW: tuple[Call, ...] = (
    (
        f"""SELECT CAST(l.classid AS BIGINT) << 32 | CAST(l.objid AS BIGINT) FROM pg_locks l
  WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
    AND CAST(l.classid AS BIGINT) >> 16 = {_IN_FLIGHT >> 48}
    AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())""",
        {},
    ),
    ("SELECT b.at FROM commits b ORDER BY b.commit_no DESC LIMIT 1", {}),
)
"""Who is in flight is asked before what was committed: who ends between the two is seen in both."""
_HOLD = """SELECT nextval(pg_get_serial_sequence('commits', 'commit_no')),
  pg_advisory_lock(:first), pg_advisory_lock(:last) FROM generate_series(1, :number)"""
_DRAWN: Call = (f"SELECT pg_advisory_unlock({_CLOCK_LOCK})", {})
_BEGIN: Call = ("BEGIN ISOLATION LEVEL REPEATABLE READ", {})
_INSERT = f"""INSERT INTO commits (commit_no, at) VALUES (:commit_no, :at) RETURNING
  COALESCE((SELECT b.at FROM commits b ORDER BY b.commit_no DESC LIMIT 1), 0), {FILLED}"""
_WAIT = "SELECT pg_advisory_lock_shared(:key)"
_COMMIT: Call = ("COMMIT", {})
_UNLOCK: Call = ("SELECT pg_advisory_unlock_all()", {})

_CONTENDED = {"40001", "40P01", "23505", "53200"}
"""SQLSTATE of what only writes beside each other can meet: rows that another one wrote first, and
more locks than the server has room for."""

_WAITED_LONG = "55P03"
"""SQLSTATE of a lock that was waited for in vain."""

QUIET = 32
"""A process that met no other in so many turns tries to write alone: that needs no claims, and no
instants of others, which takes a tenth less. The first other that it meets ends that."""

MOST = 16
"""Writes that claim things together at most: the room for locks is the whole server's."""


class MustBeAlone(Exception):
    """Raised by a write that turns out to touch more than it claimed."""


def must_be_alone(failure: BaseException) -> bool:
    """Whether a write that failed beside others is to be done again alone."""
    return isinstance(failure, MustBeAlone) or _state(failure) in _CONTENDED


def _state(failure: BaseException) -> str | None:
    state: str | None = getattr(getattr(failure, "orig", None), "sqlstate", None)
    return state


def _busy(error: sa.exc.OperationalError) -> Exception:
    if must_be_alone(error):
        return error
    return Unavailable("the store is busy with another writer")


@dataclass(slots=True)
class Company:
    """For how many turns a process met nobody else who writes."""

    quiet: int = 0

    def note(self, *, met: bool) -> None:
        """Whether somebody was there in this turn."""
        self.quiet = 0 if met else self.quiet + 1


@dataclass(slots=True)
class Turn:
    """One transaction of so many writes beside those of others, which claims what they touch; alone
    where there was nobody of late, and is nobody."""

    claims: Claims
    number: int
    company: Company = field(default_factory=Company)
    _alone: bool = False
    _commits: list[tuple[int, int]] = field(default_factory=list)
    _before: list[int] = field(default_factory=list)
    _settled: int | None = None
    _begun: list[Write] = field(default_factory=list)

    @contextmanager
    def committed(self, connection: sa.Connection) -> Iterator[None]:
        """The transaction, committed or not at all. Raises Unavailable where a claim waits long."""
        if self.company.quiet >= QUIET:
            self._alone = lock_at_once(connection)
            self.company.note(met=not self._alone)
        if self._alone:
            with ended(connection):
                self._begun = [first_write(connection, _BEGIN)]
                yield
            return
        try:
            self._draw(connection)
            self._begin(connection)
            yield
            self._commit(connection)
        except BaseException:
            for text in ("ROLLBACK", _UNLOCK[0]):
                if not connection.invalidated:
                    connection.exec_driver_sql(text)
            raise

    def _commit(self, connection: sa.Connection) -> None:
        waits = [(_WAIT, {"key": key}) for key in self._before]
        try:
            run_together(connection, [*waits, _COMMIT, _UNLOCK])
        except sa.exc.OperationalError as error:
            raise (_busy(error) if _state(error) == _WAITED_LONG else error) from error

    def _draw(self, connection: sa.Connection) -> None:
        locks = " ".join(map(str, (WRITER_LOCK, *sorted(map(lock_of, self.claims)), _CLOCK_LOCK)))
        try:
            found = run_together(connection, [(_CLAIM, {"claims": locks}), *_DRAW])
        except sa.exc.OperationalError as error:
            raise _busy(error) from error
        in_flight, latest = [int(key) for (key,) in found[-2]], int(found[-1][0][0])
        first = max(now_ms(), latest + 1, *(key - _IN_FLIGHT + 1 for key in in_flight))
        ends = {"first": _IN_FLIGHT + first, "last": _IN_FLIGHT + first + self.number - 1}
        drawn = run_together(connection, [(_HOLD, {"number": self.number, **ends}), _DRAWN])
        numbers = [int(number) for number, *_ in drawn[0]]
        self._commits = [(number, first + place) for place, number in enumerate(sorted(numbers))]
        self._before = in_flight
        self.company.note(met=bool(in_flight))

    def _begin(self, connection: sa.Connection) -> None:
        """Begin with the first write: its snapshot shows what of those in flight is committed."""
        call = self._numbered()
        _, found = run_together(connection, [_BEGIN, call])
        if self._before:
            self._settled = int(found[0][0]) + 1
        self._begun = [self._write(connection, call, found)]

    def next_write(self, connection: sa.Connection) -> Write:
        """The next write, with its commit number and instant of the store's clock."""
        if self._begun:
            return self._begun.pop()
        if self._alone:
            return next_write(connection)
        call = self._numbered()
        return self._write(connection, call, runner(connection)(*call))

    def _numbered(self) -> Call:
        commit_no, at = self._commits.pop(0)
        return _INSERT, {"commit_no": commit_no, "at": at}

    def _write(self, connection: sa.Connection, call: Call, found: Rows) -> Write:
        commit_no, at = call[1]["commit_no"], call[1]["at"]
        settled = None if self._settled == at else self._settled
        there = set(compress(MAYBE_EMPTY, found[0][1:]))
        return Write(connection, commit_no, at, there, claims=self.claims, settled=settled)
