"""Keys are looked up by the threads that decide, and never take all of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from api.authentication import STRANGERS, Authenticator
from api.problems import ProblemError
from api.thread_pool import Pool
from risk.access import keys
from risk.errors import Unavailable
from risk.history.store import History
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[History]:
    history = new_store(tmp_path / "store.db")
    yield history
    history.close()


async def _let_in(authenticator: Authenticator, token: str) -> str:
    """What became of a call with this key."""
    try:
        return (await authenticator.authenticate(f"Bearer {token}")).name
    except (ProblemError, Unavailable) as error:
        return str(error.detail if isinstance(error, ProblemError) else error)


async def _at_once(store: History, tokens: list[str]) -> tuple[int, Counter[str]]:
    """How many threads' places the look-ups took while none was finished, and what became of
    them."""
    pool, hold = Pool(1, 128), Event()
    authenticator = Authenticator(store, pool)
    busy = asyncio.ensure_future(pool.run(hold.wait))
    calls = [asyncio.ensure_future(_let_in(authenticator, token)) for token in tokens]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    taken = pool.in_flight - 1
    hold.set()
    await busy
    answers = Counter(await asyncio.gather(*calls))
    pool.close()
    return taken, answers


def test_a_key_is_read_once_for_all_who_call_with_it(store: History) -> None:
    with store.write() as write:
        _, token = keys.create(write, "busy", ["score"])
    assert asyncio.run(_at_once(store, [token] * 500)) == (1, Counter({"busy": 500}))


def test_unknown_keys_take_few_of_the_threads(store: History) -> None:
    strangers = [f"rrk_{n:012x}_guess" for n in range(STRANGERS + 100)]
    taken, answers = asyncio.run(_at_once(store, strangers))
    assert taken == STRANGERS
    assert answers == {"no such key": STRANGERS, "too many unknown keys come at once": 100}
