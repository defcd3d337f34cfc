"""The store of facts and decisions: opening it, read snapshots, write transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TypeVar

import sqlalchemy as sa

from risk.features.catalog import catalogue
from risk.history import suppression_list
from risk.history.case_state import refresh_case_state
from risk.history.clock_silence import Silence
from risk.history.commits.claims import Claims
from risk.history.commits.group_commit import GroupCommit, savepoint
from risk.history.connection.connect import (
    Write,
    next_write,
    open_engine,
    reading,
    writing,
)
from risk.history.connection.replica import caught_up, may_report, open_replica
from risk.history.connection.transactions import WriterConnection
from risk.history.data_key import data_key, stored_key
from risk.history.derived.derive import refresh
from risk.history.facts.concerned_cases import mark_concerned
from risk.history.migrate import migrate
from risk.history.reading.point_reader import Reader
from risk.history.tenants.release import release_files
from risk.identity import Hasher
from risk.spans import span

T = TypeVar("T")

_JOINED: ContextVar[tuple[sa.Engine | None, sa.Connection | None]] = ContextVar(
    "joined", default=(None, None)
)


@dataclass(frozen=True)
class History:
    """The store, with the keys derived from its data key.

    `hasher` holds the key of the identity hashes; `audit_key` draws random audits, and
    `envelope_key` encrypts the signing secrets of webhooks. Facts are read in bulk from `replica`,
    where there is one.
    """

    engine: sa.Engine
    hasher: Hasher
    audit_key: bytes
    envelope_key: bytes
    replica: sa.Engine | None = None
    _group_commit: GroupCommit = field(init=False, repr=False, compare=False)
    _silence: Silence = field(default_factory=Silence, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_group_commit", GroupCommit(WriterConnection(self.engine)))

    @classmethod
    def open(cls, database_url: str, secret: str, replica_url: str | None = None) -> History:
        """Open the store, made or migrated as needed, and a replica of it for reads in bulk.

        Raises Forbidden when `secret` is not the one the store was made with.
        """
        engine = open_engine(database_url)
        migrate(engine)
        with reading(engine) as connection:
            key = stored_key(connection, secret)
            forgotten = suppression_list.entries(connection)
        if key is None:
            with writing(engine) as write:
                key = data_key(write.connection, secret)
        hasher = Hasher(key)
        hasher.suppression_list.replace_entries(forgotten)
        audit, envelope = (blake2b(key, person=use).digest() for use in (b"audit", b"seal"))
        replica = open_replica(replica_url) if replica_url else None
        return cls(engine, hasher, audit, envelope, replica)

    def bulk_engine(self) -> sa.Engine:
        """Where facts are read in bulk: the replica, once it has what is stored by now, else the
        store itself. Raises Unavailable for a replica that stays behind."""
        return caught_up(self.engine, self.replica) if self.replica else self.engine

    @contextmanager
    def read_for_report(self) -> Iterator[sa.Connection]:
        """A read snapshot for a page that looks back over many facts: of the replica where there is
        one that is nearly up to date, else of the store."""
        if self.replica is not None and may_report(self.engine, self.replica):
            with span("read"), reading(self.replica) as connection:
                yield connection
            return
        with self.read() as connection:
            yield connection

    @cached_property
    def reader(self) -> Reader:
        """Reads one case with the whole catalogue."""
        return Reader(catalogue())

    def ask_after_silence(self) -> None:
        """Write nothing from now on where the last commit is a week old, until somebody confirms
        the machine's clock: for a service, which starts by itself."""
        with self.read() as connection:
            self._silence.begin(connection)

    def check_clock(self) -> None:
        """Raises Unavailable while the machine's clock waits to be confirmed."""
        if self._silence.waits:
            with self.read() as connection:
                self._silence.end(connection)

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction around all reads and writes of a block, for what must be looked up, done
        and noted once whoever else tries; other writers wait meanwhile.

        Raises Unavailable as `write` does.
        """
        self.check_clock()
        with span("store"), self._group_commit.transaction() as connection:
            joined = _JOINED.set((self.engine, connection))
            try:
                yield
            finally:
                _JOINED.reset(joined)

    @property
    def joined(self) -> sa.Connection | None:
        """The connection of the block around, in `together`; what was written by it may still be
        rolled back."""
        engine, connection = _JOINED.get()
        return connection if engine is self.engine else None

    @contextmanager
    def write(self) -> Iterator[Write]:
        """A write transaction: everything in it is committed together or not at all.

        Raises Unavailable while the machine's clock waits to be confirmed.
        """
        if (connection := self.joined) is not None:
            with savepoint(connection):
                write = next_write(connection)
                yield write
                _complete(write)
            return
        self.check_clock()
        with span("store"), self._group_commit.transaction() as connection:
            write = next_write(connection)
            yield write
            _complete(write)

    @property
    def decides_beside(self) -> bool:
        """Whether decisions may be made beside each other: SQLite has one writer itself."""
        return self.engine.dialect.name == "postgresql" and self.joined is None

    def write_grouped(self, work: Callable[[Write], T], claims: Claims | None = None) -> T:
        """Runs `work` in a transaction shared with concurrent writes (group commit).

        Returns its result once that is committed. With `claims`, which only a store that
        `decides_beside` takes, other processes may write meanwhile. Raises Unavailable as `write`
        does.
        """
        if self.joined is not None:
            with self.write() as write:
                return work(write)
        self.check_clock()
        with span("store"):
            return self._group_commit.write(_completed(work), claims)

    def write_several(self, works: Sequence[Callable[[Write], T]]) -> list[T | BaseException]:
        """Runs several writes in this order, in shared transactions of a store that has one writer:
        the result of each, or what it raised. Raises Unavailable as `write` does."""
        self.check_clock()
        with span("store"):
            return self._group_commit.write_several([_completed(work) for work in works])

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A read snapshot of the store."""
        if (connection := self.joined) is not None:
            yield connection
            return
        with span("read"), reading(self.engine) as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        try:
            self._group_commit.close()
        finally:
            self.engine.dispose()


def _completed(work: Callable[[Write], T]) -> Callable[[Write], T]:
    """The work with all that a write brings up to date."""

    def completed(write: Write) -> T:
        result = work(write)
        _complete(write)
        return result

    return completed


def _complete(write: Write) -> None:
    """Refresh the derived rows and the case states that the write touched, release what waits, and
    mark the cases that are to be decided again."""
    if write.touched:
        refresh(write)
    if write.evidence:
        release_files(write, write.evidence)
    if write.found:
        refresh_case_state(write.connection, write.found)
    if write.concerned:
        mark_concerned(write)
