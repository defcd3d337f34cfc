"""The file of an SQLite store: private, never made twice, and the same as long as it is open."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from risk.errors import Unavailable
from risk.linked_file import make_once

PAGE_BYTES = 1_024
"""The pages of a new store; one made with other pages keeps them.

A decision changes a row or two on each of some sixty pages, and the write-ahead log holds each page
whole: with 2,048 bytes it grows 1.6 times as fast, with the usual 4,096 2.7 times. For that a
decision takes some 2 to 4 % more of a processor, with 60,000 and 450,000 facts.
"""


CACHE_KB = 4_096
"""What a connection holds of pages besides those of the file, which is mapped: the changed ones in
the log. More is slower: a commit that split a page goes through all of them, whatever it changed.
"""


def missing_file(database_url: str) -> Path | None:
    """The file of a store on SQLite that was never made; None where there is one, or a log of one,
    or another database."""
    try:
        parsed = sa.make_url(database_url)
    except sa.exc.ArgumentError:
        return None
    if parsed.get_backend_name() != "sqlite":
        return None
    path = Path(parsed.database or "").absolute()
    return None if path.exists() or path.with_name(path.name + "-wal").exists() else path


def make_file(path: Path) -> None:
    """Make the store's file, readable by its owner only, with its folder, where there is none.

    Raises Unavailable for a file that was emptied, and for one that was taken from beside its log:
    neither is taken for a new store.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _refuse_log_alone(path)
        make_once(path, _fill)
    if path.stat().st_size == 0:
        raise Unavailable(
            f"{path} is empty, so it is no store: restore a backup, or remove it for a new store"
        )


def _refuse_log_alone(path: Path) -> None:
    log = path.with_name(path.name + "-wal")
    if log.exists() and not path.exists():  # who makes the store meanwhile makes its log after it
        raise Unavailable(
            f"{path} is gone, and its log {log.name} is not: put it back beside it, or remove the "
            "log too for a new store"
        )


def _fill(path: Path) -> None:
    """Write the header of an empty database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
        connection.execute("VACUUM")


@dataclass(frozen=True, slots=True)
class StoreFile:
    """The file that is there now. A connection outlives its file: what is written by it after the
    file was removed or replaced would be lost, so each use looks whether it still is this one. One
    that was emptied would become a new store by being opened."""

    path: Path
    _opened: tuple[int, int, bool] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_opened", _identity(self.path))

    def check(self, *_: Any) -> None:
        """Raises Unavailable where the file was removed or emptied or another is in its place."""
        try:
            same = _identity(self.path) == self._opened
        except OSError:
            same = False
        if not same:
            raise Unavailable("the file of the store was removed, emptied or replaced: put it back")

    def connect(self, busy_s: float) -> sqlite3.Connection:
        """A connection to the file, for any thread. Raises Unavailable where it is gone: SQLite by
        itself would make an empty one in its place."""
        self.check()
        address = f"file:{quote(str(self.path.absolute()))}?mode=rw"
        return sqlite3.connect(address, uri=True, timeout=busy_s, check_same_thread=False)


def _identity(path: Path) -> tuple[int, int, bool]:
    found = os.stat(path)
    return found.st_dev, found.st_ino, found.st_size > 0


def damaged(context: sa.engine.ExceptionContext) -> Exception | None:
    """The error of a file that is no store any more, as one of the store and not of the statement:
    the driver has no narrower type for it."""
    original = context.original_exception
    if type(original) is not sqlite3.DatabaseError:
        return None
    return sa.exc.OperationalError(context.statement, None, original)
