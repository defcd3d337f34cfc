"""What logins cost: few are under way at once, and who is one too many writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from risk.access.login_limits import FAILED_PER_NAME_THERE, TooManyAttempts
from risk.access.passwords import AT_ONCE, login_slot
from risk.access.people import add_person, authenticate
from risk.errors import Unavailable
from risk.history.connection.connect import latest_commit_at
from risk.history.store import History
from tests.stores import new_store

PASSWORD = "correct horse battery"
HASH_MIB = 64


@pytest.fixture(scope="module", autouse=True)
def quick_passwords() -> None:
    """They are not: hashes take what they take in service."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    history = new_store(tmp_path_factory.mktemp("passwords") / "store.db")
    add_person(history, "mei", PASSWORD)
    yield history
    history.close()


def last_commit(store: History) -> int:
    with store.read() as connection:
        return latest_commit_at(connection)


def test_who_has_tried_too_often_writes_nothing(store: History) -> None:
    for _ in range(FAILED_PER_NAME_THERE):
        authenticate(store, "mei", "guess", "10.0.6.1")
    before = last_commit(store)
    with pytest.raises(TooManyAttempts):
        authenticate(store, "mei", PASSWORD, "10.0.6.1")
    assert last_commit(store) == before


def test_the_addresses_of_one_network_count_as_one(store: History) -> None:
    """Whoever has an IPv6 address has 2^64 of them."""
    for n in range(FAILED_PER_NAME_THERE):
        assert authenticate(store, "mei", "guess", f"2001:db8:0:1::{n}") is None
    with pytest.raises(TooManyAttempts):
        authenticate(store, "mei", PASSWORD, "2001:db8:0:1:ffff::1")
    assert authenticate(store, "mei", PASSWORD, "2001:db8:0:2::1") is not None


def test_an_address_is_the_same_however_it_is_written(store: History) -> None:
    for n in range(FAILED_PER_NAME_THERE):
        authenticate(store, "mei", "guess", ("10.0.9.1", "::ffff:10.0.9.1")[n % 2])
    with pytest.raises(TooManyAttempts):
        authenticate(store, "mei", PASSWORD, "10.0.9.1")


def test_few_log_in_at_once_and_who_is_sent_away_is_not_counted(store: History) -> None:
    with ExitStack() as taken:
        for _ in range(AT_ONCE):
            taken.enter_context(login_slot())
        for _ in range(FAILED_PER_NAME_THERE):
            with pytest.raises(Unavailable, match="at once"):
                authenticate(store, "mei", PASSWORD, "10.0.7.1")
    assert authenticate(store, "mei", PASSWORD, "10.0.7.1") is not None


def test_many_logins_at_once_take_the_memory_of_one(store: History) -> None:
    authenticate(store, "nobody", "guess", "10.0.8.100")
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_mib()

    def guess(n: int) -> None:
        with suppress(Unavailable):
            authenticate(store, f"nobody-{n}", "guess", f"10.0.8.{n}")

    with ThreadPoolExecutor(16) as many:
        list(many.map(guess, range(16)))
    assert peak_mib() - before < 2 * HASH_MIB


def peak_mib() -> int:
    """The most memory that this process has held since the peak was reset."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024
