"""One service for all tests of a file; tests that change its model or limits run their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from serving import Running, running

from api import dispatcher


@pytest.fixture(scope="session", autouse=True)
def eager_dispatcher() -> Iterator[None]:
    """What waits to be pushed is looked for five times as often, so that tests wait less."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatcher, "EVERY_S", dispatcher.EVERY_S / 5)
        yield


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
