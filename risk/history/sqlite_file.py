"""The file of an SQLite store: made readable by its owner only, and never made twice."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from risk.errors import Unavailable


def make_file(path: Path) -> None:
    """Make the store's file, readable by its owner only, with its folder, where there is none.

    It is made aside and linked to its name, so that it is never there without content. Raises
    Unavailable for a file that was emptied: it is not taken for a new store.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _make(path)
    if path.stat().st_size == 0:
        raise Unavailable(
            f"{path} is empty, so it is no store: restore a backup, or remove it for a new store"
        )


def _make(path: Path) -> None:
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(aside)) as connection:
            connection.execute("VACUUM")
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()


def connect(path: Path, busy_s: float) -> sqlite3.Connection:
    """A connection to the file, for any thread. Raises sqlite3.OperationalError where it is gone:
    SQLite by itself would make an empty one in its place."""
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    return sqlite3.connect(address, uri=True, timeout=busy_s, check_same_thread=False)
