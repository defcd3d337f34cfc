"""What every test may use: a store of its own, and a place to put things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from risk.access import passwords
from risk.history.store import History
from tests.rendering import open_store
from tests.slow_files import slowest_first
from tests.stores import new_store

# A machine under load is no bug: no example has a deadline, nor has making one. What everybody runs
# is the same examples every time; `make explore` runs others and says how to repeat what it finds.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
settings.register_profile("fixed", _PATIENT, derandomize=True)
settings.register_profile("explore", _PATIENT, print_blob=True)
settings.load_profile("fixed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    slowest_first(items)


@pytest.fixture(scope="module", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A hash takes a thousandth of the work, but in the tests of passwords themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "MEMORY_KIB", 64)
        patch.setattr(passwords, "PASSES", 1)
        passwords.dummy_hash.cache_clear()
        yield
    passwords.dummy_hash.cache_clear()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    """One store for the worlds of a file's examples, which empty and fill it one after another."""
    with open_store(tmp_path_factory.mktemp("store")) as opened:
        yield opened


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """A fresh store on SQLite, in a folder of its own."""
    opened = new_store(tmp_path / "store.db")
    yield opened
    opened.close()
