"""Write transactions: how they begin and end, and the connection that a process keeps for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import sqlalchemy as sa

from risk.errors import Unavailable
from risk.history.connection.driver import run_together, runner

WRITER_LOCK = 0x5245_4655_4E44
"""The advisory lock id of the single writer of a PostgreSQL store."""

CHECK = "check"
"""Where a connection to a file keeps what looks whether it still is that file."""


Within = Callable[[sa.Connection], AbstractContextManager[None]]
"""What begins a transaction and ends it."""


class WriterConnection:
    """The connection of a process's writer, from one transaction to the next.

    Taking one from the pool and giving it back costs as much as a dozen look-ups, and another one
    would read again what this one has read. It is used by one thread at a time: its holder sees to
    that. A connection to a server may be lost meanwhile, which the pool finds out: there each
    transaction takes one from it.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._is_kept = engine.dialect.name == "sqlite"
        self._connection: sa.Connection | None = None

    @contextmanager
    def transaction(self, within: Within | None = None) -> Iterator[sa.Connection]:
        """A transaction, committed or not at all; after a failure the connection is given back.
        `within` begins and ends it, alone where there is none."""
        try:
            connection = self._take()
            with (within or committed)(connection):
                yield connection
        except BaseException:
            self.release()
            raise
        if not self._is_kept:
            self.release()
        elif connection.in_transaction():
            connection.rollback()  # nothing is open but SQLAlchemy's own record of it

    def release(self) -> None:
        """Give the connection back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _take(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        else:
            self._connection.info[CHECK]()
        return self._connection


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction on a connection of its own."""
    with engine.connect() as connection, committed(connection):
        yield connection


@contextmanager
def committed(connection: sa.Connection) -> Iterator[None]:
    """A transaction for one or several writes, committed together or not at all."""
    begin(connection)
    with ended(connection):
        yield


@contextmanager
def ended(connection: sa.Connection) -> Iterator[None]:
    """The rest of a transaction that has begun: its end, in either way, lets the next writer in."""
    try:
        yield
        run_together(connection, [(text, {}) for text in ("COMMIT", *_unlocking(connection))])
    except BaseException:
        _rollback(connection)
        raise


def begin(connection: sa.Connection) -> None:
    """Begin a transaction whose reads cannot change before its writes commit.

    On PostgreSQL one writer at a time holds a lock of the session, taken before the snapshot: the
    order of commits is then the order of the store's clock, and what a decision saw is all that was
    committed before it, which is what a replay reads.
    """
    run = runner(connection)
    try:
        if connection.dialect.name == "postgresql":
            run(f"SELECT pg_advisory_lock({WRITER_LOCK})", {})
            run("BEGIN ISOLATION LEVEL REPEATABLE READ", {})
        else:
            run("BEGIN IMMEDIATE", {})
    except sa.exc.OperationalError as error:
        raise Unavailable("the store is busy with another writer") from error


def lock_at_once(connection: sa.Connection) -> bool:
    """Take the writer lock on PostgreSQL, which the end of a transaction gives back, where no other
    writer is there."""
    [(taken,)] = runner(connection)(f"SELECT pg_try_advisory_lock({WRITER_LOCK})", {})
    return bool(taken)


def _rollback(connection: sa.Connection) -> None:
    """Roll back, and let the next writer in; for a lost connection both is done already."""
    for text in ("ROLLBACK", *_unlocking(connection)):
        if not connection.invalidated:
            connection.exec_driver_sql(text)


def _unlocking(connection: sa.Connection) -> list[str]:
    """What lets the next writer in, where a lock of the session keeps them out."""
    postgresql = connection.dialect.name == "postgresql"
    return [f"SELECT pg_advisory_unlock({WRITER_LOCK})"] if postgresql else []
