"""A copy of an SQLite store while others write to it.

The whole file is copied in one step, which reads one state of it. A copy in several steps, as the
shell's `.backup` makes it, begins again whenever somebody else wrote in between, and so may never
end beside a service.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from risk.errors import Unavailable
from risk.linked_file import make_once


def copy_file(engine: sa.Engine, path: Path) -> None:
    """Copy an SQLite database, as it is now, into a file."""
    with closing(sqlite3.connect(path)) as copy, closing(engine.raw_connection()) as held:
        source: Any = held.driver_connection
        source.backup(copy)


def back_up(engine: sa.Engine, path: Path) -> None:
    """Copy the store into a file that is not there yet, readable by its owner only, and check it.

    Raises ValueError for a store that is not on SQLite, FileExistsError for a file that is there,
    FileNotFoundError for a folder that is not, Unavailable where the store is damaged or there is
    no room for the copy; a file is there afterwards only where all went well.
    """
    if engine.dialect.name != "sqlite":
        raise ValueError("only a store on SQLite is copied by this: back PostgreSQL up by pg_dump")
    if path.exists() or path.is_symlink():
        raise FileExistsError(f"{path} is there: name a file that is not")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent.absolute()}: make it first")

    def fill(aside: Path) -> None:
        try:
            copy_file(engine, aside)
            _check(aside)
        except sqlite3.Error as error:
            raise Unavailable(f"no copy was made: {error}") from error
        finally:  # what SQLite leaves of a write that it could neither end nor take back
            aside.with_name(f"{aside.name}-journal").unlink(missing_ok=True)

    make_once(path, fill)


def _check(path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise Unavailable(f"the store is damaged, so no copy was kept: {found}")
