"""Bulk export of fact tables from the live store as Arrow."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from risk.facts.columns import STORED
from risk.features.scratch_tables import stored_table
from risk.history.facts.arrow_revisions import settled

_ARROW = {"text": pa.string(), "integer": pa.int64(), "real": pa.float64()}

_TYPED = {"text": "''", "integer": "0", "real": "0.5"}
"""A first row that tells the driver the type of a column whose first rows are empty."""


def fact_tables(engine: sa.Engine, until_commit: int | None = None) -> dict[str, pa.Table]:
    """The fact tables as of one instant; large ones lie in temporary files.

    `until_commit` leaves out what was committed later, and what that corrected or took back.

    On SQLite give it a still copy, as `training.facts.snapshot.snapshot` makes: the driver brings
    a second SQLite library, which must not share a file with the first in one process.
    """
    with _connect(engine) as connection, connection.cursor() as cursor:
        if engine.dialect.name == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tables = {kind: _fact_table(cursor, kind, until_commit) for kind in STORED}
    return tables if until_commit is None else settled(tables)


def _fact_table(cursor: Any, kind: str, until_commit: int | None) -> pa.Table:
    names = ", ".join(column.name for column in STORED[kind])
    typed = ", ".join(f"{_TYPED[column.type]} AS {column.name}" for column in STORED[kind])
    query = f"SELECT {typed} UNION ALL SELECT {names} FROM {kind}"
    if until_commit is not None:
        query += f" WHERE commit_no <= {int(until_commit)}"
    schema = pa.schema([(column.name, _ARROW[column.type]) for column in STORED[kind]])
    cursor.execute(query)
    read = (batch.cast(schema) for batch in cursor.fetch_record_batch())
    return stored_table(pa.RecordBatchReader.from_batches(schema, read)).slice(1)


def _connect(engine: sa.Engine) -> Any:
    url = engine.url
    if engine.dialect.name == "sqlite":
        from adbc_driver_sqlite import dbapi

        return dbapi.connect(str(url.database))
    from adbc_driver_postgresql import dbapi as postgresql

    return postgresql.connect(url.set(drivername="postgresql").render_as_string(False))
