"""Compacting the database's files, so that deleted rows leave no trace in them."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.connection.connect import BUSY_MS
from risk.history.schema import metadata

KEPT_ELSEWHERE = (
    "the database's log keeps what it held until PostgreSQL uses its files again, archived logs, "
    "replicas' logs and backups until they end"
)

BUSY = "the database was too busy to compact: do it again in a quiet moment"


def compact_files(engine: sa.Engine) -> str:
    """Rewrite the database's files without deleted content; returns what the operator must know.

    SQLite is compacted and its log emptied: overwriting what is deleted, as the store does, leaves
    remains where a page of an index was split. PostgreSQL is vacuumed. Writers wait meanwhile; a
    store that is busy for too long is left as it is, and the returned text says so.
    """
    if engine.dialect.name == "sqlite":
        return _scrub_sqlite(engine)
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            connection.exec_driver_sql(f"VACUUM {table.name}")
    return KEPT_ELSEWHERE


def _scrub_sqlite(engine: sa.Engine) -> str:
    """By a connection of its own, whose temporary files are on disk: a store may be large."""
    plain = sa.create_engine(engine.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with plain.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")
        try:
            connection.exec_driver_sql("VACUUM")
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        except sa.exc.OperationalError:
            busy = 1
    return BUSY if busy else "backups of the database keep what they held"
