"""The file of an SQLite store: made readable by its owner only, and never made twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from risk.errors import Unavailable
from risk.linked_file import make_once


def make_file(path: Path) -> None:
    """Make the store's file, readable by its owner only, with its folder, where there is none.

    Raises Unavailable for a file that was emptied: it is not taken for a new store.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        make_once(path, _fill)
    if path.stat().st_size == 0:
        raise Unavailable(
            f"{path} is empty, so it is no store: restore a backup, or remove it for a new store"
        )


def _fill(path: Path) -> None:
    """Write the header of an empty database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")


def connect(path: Path, busy_s: float) -> sqlite3.Connection:
    """A connection to the file, for any thread. Raises sqlite3.OperationalError where it is gone:
    SQLite by itself would make an empty one in its place."""
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=busy_s, check_same_thread=False)
