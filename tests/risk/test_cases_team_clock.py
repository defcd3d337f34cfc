"""Teams: whom a case is given to, and their clock, which stands while others are to answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.access import people
from risk.cases import Actor, claim, hand_over, hand_to_team, request_evidence, view_case
from risk.cases.figures.team_clock import team_clock
from risk.cases.figures.team_rows import TEAM_HOURS, team_clocks
from risk.cases.lists.queue import queue, queue_counts
from risk.cases.lists.queue_rows import Filters
from risk.errors import BadInput, Conflict
from risk.facts.units import HOUR_MS
from risk.history.case_state import upsert_case
from risk.history.connection.connect import now_ms
from risk.history.store import History
from tests.case_rows import decided, open_case

MEI, LEO = Actor("mei"), Actor("leo")
PASSWORD = "correct horse battery"
moments = st.lists(st.integers(0, 200), max_size=6)


def slow_clock(asked: list[int], decided: list[int], now: int) -> tuple[int, bool]:
    """Tick by tick: it runs in a tick unless a question from before has no answer before."""
    ran = sum(not _waits(asked, decided, tick) for tick in range(now))
    return ran, any(not any(at > question for at in decided) for question in asked)


def _waits(asked: list[int], decided: list[int], tick: int) -> bool:
    return any(
        question <= tick and not any(question < at <= tick for at in decided) for question in asked
    )


@given(moments, moments, st.integers(0, 250))
def test_the_clock_is_that_which_ticks(asked: list[int], decided: list[int], after: int) -> None:
    now = max([0, *asked, *decided]) + after
    found = team_clock("A", 0, asked, [at for at in decided if at > 0], now, 1_000)
    assert (1_000 - found.left, found.standing) == slow_clock(asked, decided, now)


@pytest.fixture
def staffed(history: History) -> History:
    for name, team in (("mei", ""), ("leo", "parcels")):
        people.add_person(history, name, PASSWORD)
        people.change_team(history, name, team)
    open_case(history, "R-1")
    return history


def left(history: History) -> tuple[float, bool]:
    with history.read() as connection:
        row = view_case(history, "R-1").row
        assert row is not None
        clock = team_clocks(connection, [row], now_ms())["R-1"]
    return round(clock.left / HOUR_MS, 1), clock.standing


def test_a_team_has_a_case_and_its_own_clock(staffed: History) -> None:
    claim(staffed, "R-1", MEI)
    hand_to_team(staffed, "R-1", MEI, "parcels")
    row = view_case(staffed, "R-1").row
    assert row is not None
    assert (row["team"], row["held_by"]) == ("parcels", None)
    assert left(staffed) == (TEAM_HOURS, False)
    due = row["respond_by"]
    request_evidence(staffed, "R-1", LEO, kind="document", source="courier", text="where is it?")
    assert left(staffed) == (TEAM_HOURS, True)
    with staffed.write() as write:
        upsert_case(write.connection, decided("R-1", decided_at=write.at, respond_by=due))
    after = view_case(staffed, "R-1").row
    assert after is not None
    assert (after["team"], after["respond_by"]) == ("parcels", due), "the deadline never stands"


def test_the_queue_of_a_team(staffed: History) -> None:
    open_case(staffed, "R-2")
    hand_to_team(staffed, "R-1", MEI, "parcels")
    found = queue(staffed, Filters(team="parcels")).cases
    assert [row["refund_id"] for row in found] == ["R-1"]
    assert queue_counts(staffed, Filters(), "leo", "parcels").by_tab["team"] == 1
    assert queue_counts(staffed, Filters(), "mei").by_tab["team"] == 0


def test_only_a_team_with_somebody_at_work_is_given_a_case(staffed: History) -> None:
    with pytest.raises(BadInput):
        hand_to_team(staffed, "R-1", MEI, "nobody")
    people.deactivate(staffed, "leo")
    with pytest.raises(BadInput):
        hand_to_team(staffed, "R-1", MEI, "parcels")


def test_nobody_gives_away_what_somebody_else_works_on(staffed: History) -> None:
    claim(staffed, "R-1", LEO)
    with pytest.raises(Conflict):
        hand_to_team(staffed, "R-1", MEI, "parcels")
    hand_to_team(staffed, "R-1", LEO, "parcels")
    hand_over(staffed, "R-1", MEI, "leo")
    row = view_case(staffed, "R-1").row
    assert row is not None
    assert (row["team"], row["held_by"]) == ("parcels", "leo"), "a person of the team has it now"


@pytest.mark.parametrize("team", ["x" * 41, "a\nb", "a\x00"])
def test_a_team_has_a_short_name_in_one_line(staffed: History, team: str) -> None:
    with pytest.raises(BadInput):
        people.change_team(staffed, "leo", team)
