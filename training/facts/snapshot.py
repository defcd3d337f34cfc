"""Stored facts in bulk, from a consistent snapshot of the store.

The driver that reads in bulk links a second SQLite library. Two of them in one process do not see
each other's locks, and one can delete the write-ahead log that the other uses ("Multiple copies of
SQLite linked into the same application", sqlite.org/howtocorrupt.html). So it reads a copy.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from risk.history.backup import copy_file
from risk.history.facts.arrow_export import fact_tables


def stored_facts(engine: sa.Engine) -> dict[str, pa.Table]:
    """The fact tables as they are now."""
    with snapshot(engine) as copy:
        return fact_tables(copy)


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[sa.Engine]:
    """An engine for `fact_tables`: on SQLite a copy in a temporary folder, deleted afterwards."""
    if engine.dialect.name != "sqlite":
        yield engine
        return
    with tempfile.TemporaryDirectory(prefix="refund-risk-") as folder:
        path = Path(folder) / "facts.db"
        copy_file(engine, path)
        yield sa.create_engine(f"sqlite:///{path}")
