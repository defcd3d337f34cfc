"""Connections to the store: engines, read snapshots, write transactions, the store's clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import compress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from risk.history.connection import sqlite_file
from risk.history.connection.clock import machine_clock
from risk.history.connection.driver import Call, Rows, run_together, runner
from risk.history.connection.transactions import CHECK, transaction
from risk.history.schema import commits

BUSY_MS = 5_000

CHECKPOINT_BYTES = 32 * 1024 * 1024
"""A commit that finds so much in SQLite's write-ahead log copies its pages into the file.

A decision writes some fifty, most of them written again by the next: with SQLite's own 1,000 every
twentieth commit would copy, and wait for the disk once more.
"""

LOG_BYTES = 64 * 1024 * 1024
"""How long the file of SQLite's write-ahead log stays after a reader kept it from being copied."""

TEMPORARY = {
    "touched": "order_id {text} PRIMARY KEY",
    "epochs": "order_id {text}, since BIGINT, until BIGINT, PRIMARY KEY (order_id, until)",
    "seen": "customer_id {text}, kind {text}, entity BIGINT, known_at BIGINT, settled BIGINT, "
    "PRIMARY KEY (customer_id, kind, entity)",
    "touches": "kind {text}, entity BIGINT, customer_id {text}, known_at BIGINT, "
    "valid_from BIGINT, valid_to BIGINT",
}
"""The tables of a connection that a refresh works with: orders, their epochs, what customers may
have touched through them, and all that says so. `{text}` is the type of text."""


MAYBE_EMPTY = ("retractions", "id_aliases", "request_owners", "waiting_facts")
"""Tables that are empty where nothing was ever taken back and no caller is bound to merchants."""

FILLED = ", ".join(f"EXISTS (SELECT 1 FROM {table})" for table in MAYBE_EMPTY)


Subject = tuple[str | None, str | None, str | None]
"""What a fact is about: an order, a line of it (None: all), or a request by itself."""


@dataclass(slots=True)
class Write:
    """A writing transaction: everything in it is stored together or not at all.

    `at` is the instant of the store's clock, later than that of every commit before it;
    `touched` collects the orders whose derived rows are refreshed before it commits, `found` the
    requests whose cases are, `evidence` the items whose waiting files are released, `concerned`
    what the new facts are about, whose open cases are decided again. `filled` names those of
    `MAYBE_EMPTY` that have rows. `who` writes, where that is known. `claims` are what a write
    beside others claims, None of one that is alone; `settled` is the moment before which it sees
    what many cases share, where that is not `at`.
    """

    connection: sa.Connection
    commit_no: int
    at: int
    filled: set[str]
    touched: dict[str, set[str]] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    evidence: set[str] = field(default_factory=set)
    concerned: set[Subject] = field(default_factory=set)
    who: str = ""
    claims: frozenset[tuple[str, Any]] | None = None
    settled: int | None = None

    def sign(self, import_no: int | None = None) -> None:
        """Record who corrects, retracts or imports, and the import that the commit is part of."""
        signed = sa.update(commits).where(commits.c.commit_no == self.commit_no)
        self.connection.execute(signed.values(who=self.who or None, import_no=import_no))


_POOL: dict[str, Any] = {
    "pool_size": 16, "max_overflow": 16, "pool_use_lifo": True, "pool_timeout": BUSY_MS / 1000,
}  # fmt: skip


def open_engine(url: str) -> sa.Engine:
    """An engine for the store's URL; for SQLite the file is made if missing.

    Raises Unavailable for an SQLite file that was emptied, ValueError for any other database.
    """
    parsed = sa.make_url(url)
    if (backend := parsed.get_backend_name()) == "postgresql":
        return _postgresql_engine(parsed)
    if backend != "sqlite":
        raise ValueError(f"a store is kept in sqlite or postgresql, not in {backend}")
    sqlite_file.make_file(file := Path(parsed.database or ""))
    opened = sqlite_file.StoreFile(file)
    connect = partial(opened.connect, BUSY_MS / 1000)
    engine = sa.create_engine(parsed, creator=connect, **_POOL)
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "connect", lambda _, record: record.info.update({CHECK: opened.check}))
    sa.event.listen(engine, "checkout", opened.check)
    sa.event.listen(engine, "handle_error", sqlite_file.damaged, retval=True)
    return engine


_OPTIONS = (
    f"-c lock_timeout={BUSY_MS} -c jit=off -c plan_cache_mode=force_generic_plan "
    "-c default_transaction_isolation=read\\ committed"
)
"""Every statement of a decision is a handful of index look-ups, planned once a connection: planning
or JIT-compiling it for each case takes longer than running it."""


def _postgresql_engine(url: sa.URL) -> sa.Engine:
    """Autocommit, so that transactions are explicit as on SQLite; waits for locks are bounded."""
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        connect_args={"options": _OPTIONS, "prepare_threshold": 1},
        pool_pre_ping=True,
        **_POOL,
    )
    sa.event.listen(engine, "connect", _set_up_postgresql)
    return engine


_PACK_BY_LZ4 = """SELECT set_config(s.name, 'lz4', false) FROM pg_settings s
  WHERE s.name = 'default_toast_compression' AND 'lz4' = ANY (s.enumvals)"""
"""Where the server can, a decision's long columns are packed by what takes a fifth of the time."""


def _set_up_postgresql(connection: Any, _: Any) -> None:
    connection.autocommit = True
    for name, columns in TEMPORARY.items():
        typed = columns.format(text='TEXT COLLATE "C"')
        connection.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {name} ({typed}) ON COMMIT DELETE ROWS"
        )
    connection.execute(_PACK_BY_LZ4)


def _set_up_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    (page_bytes,) = cursor.execute("PRAGMA page_size").fetchone()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"wal_autocheckpoint={CHECKPOINT_BYTES // page_bytes}",
        f"journal_size_limit={LOG_BYTES}",
        f"cache_size=-{sqlite_file.CACHE_KB}",
        "mmap_size=1073741824",
        "temp_store=MEMORY",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    for name, columns in TEMPORARY.items():
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({columns.format(text='TEXT')})")
    cursor.close()


def now_ms() -> int:
    """The machine's clock in milliseconds since the epoch, as far as it is believed."""
    return machine_clock().now_ms()


@contextmanager
def writing(engine: sa.Engine) -> Iterator[Write]:
    """A write transaction that sees the latest committed state.

    Raises Unavailable when another writer holds the lock for too long.
    """
    with transaction(engine) as connection:
        yield next_write(connection)


_INSERT_COMMIT = f"""INSERT INTO commits (at)
  SELECT CASE WHEN c.latest >= :now THEN c.latest + 1 ELSE :now END
  FROM (SELECT COALESCE((SELECT b.at FROM commits b ORDER BY b.commit_no DESC LIMIT 1), 0)
    AS latest) c WHERE 1 = 1 RETURNING commit_no, at, {FILLED}"""


def next_write(connection: sa.Connection) -> Write:
    """The next write of a transaction, with its commit number and instant of the store's clock."""
    return _numbered(connection, runner(connection)(_INSERT_COMMIT, {"now": now_ms()}))


def first_write(connection: sa.Connection, begin: Call) -> Write:
    """The first write of a transaction that `begin` begins, sent together with it."""
    return _numbered(
        connection, run_together(connection, [begin, (_INSERT_COMMIT, {"now": now_ms()})])[1]
    )


def _numbered(connection: sa.Connection, rows: Rows) -> Write:
    commit_no, at, *filled = rows[0]
    return Write(connection, int(commit_no), int(at), set(compress(MAYBE_EMPTY, filled)))


def latest_commit_at(connection: sa.Connection) -> int:
    """The instant (ms) of the last commit; 0 for a new store."""
    latest = sa.select(commits.c.at).order_by(commits.c.commit_no.desc()).limit(1)
    return int(connection.execute(latest).scalar() or 0)


def present(connection: sa.Connection) -> int:
    """An instant (ms) before which everything stored is known."""
    return max(now_ms(), latest_commit_at(connection) + 1)


def clock_lag_ms(connection: sa.Connection) -> int:
    """How far this machine's clock is behind the store's, which never steps back."""
    return max(0, latest_commit_at(connection) - now_ms())


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A read-only snapshot of the store."""
    with engine.connect() as connection:
        snapshot = connection.dialect.name == "postgresql"
        connection.exec_driver_sql(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if snapshot else "BEGIN"
        )
        try:
            yield connection
        finally:
            connection.exec_driver_sql("ROLLBACK")
