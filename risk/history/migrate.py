"""Schema migrations with Alembic: brings a store to the revision this release expects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from risk.history.case_state import settle_disputed
from risk.history.derived.derive import derive_whole

HEAD = "0033"
"""The revision this version of the product is written for."""

DERIVED_SINCE = {"findings": "0016", "returns": "0028"}
"""The revision from which derived rows of a stream follow the rules of this version."""

MIGRATION_LOCK = 7_305_442_901
"""The advisory lock of PostgreSQL that whoever migrates holds."""

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(engine: sa.Engine, revision: str = HEAD) -> None:
    """Run the revisions between the store's and `revision`; most often there are none.

    They run in one transaction which others that open the store wait for, so a store is never
    found half made. A store that a later release has widened is left as it is: releases expand
    first and contract later, so that two of them can run side by side unless the changelog says
    otherwise. Rows that an earlier release derived by other rules are derived again.
    """
    if revision == HEAD and _is_ready(current(engine)):
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with _transaction(engine) as connection:
        found = revision_of(connection)
        if revision == HEAD and _is_ready(found):
            return
        config.attributes["connection"] = connection
        backward = revision == "base" or (found or "") > revision
        (command.downgrade if backward else command.upgrade)(config, revision)
        if revision == HEAD and found is not None:
            _derive_again(connection, found)


def _derive_again(connection: sa.Connection, found: str) -> None:
    """Derive the rows again that a store of revision `found` has by earlier rules."""
    streams = {stream for stream, since in DERIVED_SINCE.items() if found < since}
    if streams:
        derive_whole(connection, streams)
    if "findings" in streams:
        settle_disputed(connection)


@contextmanager
def _transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that begins once whoever else migrates the store is done.

    On PostgreSQL connections commit each statement unless they are asked for a transaction.
    """
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
        return
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
            yield connection


def _is_ready(revision: str | None) -> bool:
    return revision is not None and revision >= HEAD


def current(engine: sa.Engine) -> str | None:
    """The store's revision; None for a store without tables."""
    with engine.connect() as connection:
        return revision_of(connection)


def revision_of(connection: sa.Connection) -> str | None:
    """The revision as this connection sees it; None for a store without tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
