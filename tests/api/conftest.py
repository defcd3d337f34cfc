"""One service for all tests of a file; tests that change its model or limits run their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from serving import Running, running


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("served")) as run:
        yield run


@pytest.fixture(scope="module")
def client(served: Running) -> Iterator[httpx.Client]:
    """With every scope."""
    with served.client() as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
