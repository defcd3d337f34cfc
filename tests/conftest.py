"""What every test may use: a store of its own, and a place to put things."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from risk.history.store import History

SECRET = "a secret for tests only"

# A machine under load is not a bug: no example has to be quick. What everybody runs is the same
# examples; new ones are looked for at home.
settings.register_profile("patient", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("patient")


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """A fresh store on SQLite, in a folder of its own."""
    opened = History.open(f"sqlite:///{tmp_path}/store.db", SECRET)
    yield opened
    opened.close()
