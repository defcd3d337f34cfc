"""A wall clock that runs ahead, and a store that was silent for long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from risk.errors import Unavailable
from risk.facts.units import DAY_MS, MINUTE_MS
from risk.history.connection.clock import (
    AHEAD_MS,
    SILENCE_MS,
    MachineClock,
    machine_clock,
    simulated_clock,
)
from risk.history.connection.connect import now_ms
from risk.history.schema import commits
from risk.history.store import History
from tests.stores import new_store

NS = 1_000_000
START_MS = 1_790_000_000_000


@dataclass
class Machine:
    """Clocks that stand still until they are moved."""

    wall_ms: int = START_MS
    steady_ms: int = 5_000

    def clock(self) -> MachineClock:
        return MachineClock(lambda: self.wall_ms * NS, lambda: self.steady_ms * NS)

    def run(self, ms: int) -> None:
        self.wall_ms += ms
        self.steady_ms += ms


STEPS = st.lists(
    st.tuples(st.integers(0, 10 * DAY_MS), st.integers(-400 * DAY_MS, 400 * DAY_MS)), max_size=8
)


@given(STEPS)
def test_it_is_believed_unless_it_ran_ahead_by_more_than_a_minute(
    steps: list[tuple[int, int]],
) -> None:
    machine = Machine()
    clock = machine.clock()
    for runs, is_set in steps:
        machine.run(runs)
        machine.wall_ms += is_set
        right = START_MS + machine.steady_ms - 5_000
        ahead = machine.wall_ms - right
        assert clock.ahead_ms() == max(0, ahead)
        assert clock.now_ms() == (right if ahead > AHEAD_MS else machine.wall_ms)


def test_a_year_ahead_for_two_seconds_moves_nothing() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.run(MINUTE_MS)
    machine.wall_ms += 365 * DAY_MS
    assert clock.now_ms() == START_MS + MINUTE_MS
    machine.wall_ms -= 365 * DAY_MS
    assert clock.now_ms() == START_MS + MINUTE_MS
    assert clock.ahead_ms() == 0


def test_the_clock_of_this_process_is_right() -> None:
    assert machine_clock() is machine_clock()
    assert machine_clock().ahead_ms() < AHEAD_MS


def _silent_for(history: History, ms: int) -> None:
    with history.write():
        pass
    with history.engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(sa.update(commits).values(at=commits.c.at - ms))


def test_after_a_silent_week_nothing_is_written_until_a_command_writes(tmp_path: Path) -> None:
    service, command = new_store(tmp_path / "store.db"), tmp_path / "store.db"
    _silent_for(service, SILENCE_MS + MINUTE_MS)
    service.ask_after_silence()
    asked = r"7 days old: .* `refund-risk clock --confirm`"
    with pytest.raises(Unavailable, match=asked):
        service.write_grouped(lambda write: write.at)
    with pytest.raises(Unavailable, match=asked), service.write():
        pass
    by_hand = History.open(f"sqlite:///{command}", "a secret for tests only")
    with by_hand.write() as confirmed:
        assert confirmed.at >= now_ms() - MINUTE_MS
    by_hand.close()
    assert service.write_grouped(lambda write: write.at) > confirmed.at
    service.close()


@pytest.mark.parametrize("silent", [0, SILENCE_MS - MINUTE_MS])
def test_a_store_that_was_in_use_asks_nothing(tmp_path: Path, silent: int) -> None:
    history = new_store(tmp_path / "store.db")
    _silent_for(history, silent)
    history.ask_after_silence()
    with history.write():
        pass
    history.close()


def test_a_new_store_asks_nothing_and_opening_writes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    counted = []
    for _ in range(2):
        history = History.open(url, "a secret for tests only")
        history.ask_after_silence()
        history.check_clock()
        with history.read() as connection:
            counted.append(connection.execute(sa.select(sa.func.count(commits.c.at))).scalar())
        history.close()
    assert counted == [1, 1]


def test_a_simulated_clock_stands_where_it_is_set_and_ends() -> None:
    before = now_ms()
    with simulated_clock(1_700_000_000_000) as set_clock:
        assert now_ms() == 1_700_000_000_000
        set_clock(1_700_000_060_000)
        assert now_ms() == 1_700_000_060_000
    assert before <= now_ms() < before + 60_000
