"""What every test may use: a store of its own, and a place to put things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from risk.history.store import History

SECRET = "a secret for tests only"


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """A fresh store on SQLite, in a folder of its own."""
    opened = History.open(f"sqlite:///{tmp_path}/store.db", SECRET)
    yield opened
    opened.close()
