"""New stores on SQLite for tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from risk.history.store import History

SECRET = "a secret for tests only"


def new_store(file: Path, secret: str = SECRET) -> History:
    """Open a store without rows at `file`, which must not be there yet."""
    lay_store(file, secret)
    return History.open(f"sqlite:///{file}", secret)


def lay_store(file: Path, secret: str = SECRET) -> None:
    """Write a store without rows to `file`, which must not be there yet.

    It is a copy, since every migration takes a third of a second. Copies under one secret have one
    data key: tests that are about keys open stores of their own.
    """
    with file.open("xb") as out:
        out.write(_empty_store(secret))


@cache
def _empty_store(secret: str) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        History.open(f"sqlite:///{file}", secret).close()
        return file.read_bytes()
