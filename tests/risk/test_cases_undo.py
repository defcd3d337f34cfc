"""Findings in the seconds before they are stored, and corrections of those that are."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.access.people import add_person
from risk.cases import (
    Actor,
    ReviewFinding,
    appeal,
    claim,
    correct_finding,
    hand_over,
    hold_finding,
    record_finding,
    undo_finding,
    view_case,
)
from risk.cases.acts.pending_findings import store_due
from risk.cases.acts.pending_rows import pending_of
from risk.errors import BadInput, Conflict, Forbidden, Unavailable
from risk.history.connection import connect
from risk.history.schema import FACTS
from risk.history.schema.schema_cases import pending_findings
from risk.history.store import History
from tests.case_rows import open_case
from tests.stores import new_store

MEI, LEO = Actor("mei"), Actor("leo")
SHOP = Actor("key:1", ("merchant",))
ABUSE = ReviewFinding("abuse", "refused", note="a brick came back")


def verdicts(history: History) -> list[tuple[str, int, str]]:
    table = FACTS["outcomes"]
    query = sa.select(table.c.verdict, table.c.revision, table.c.decided_by)
    with history.read() as connection:
        rows = connection.execute(query.order_by(table.c.known_at, table.c.revision))
        return [tuple(row) for row in rows]


def waiting(history: History) -> list[str]:
    with history.read() as connection:
        return [one.refund_id for one in pending_of(connection, "mei")]


def test_a_finding_is_stored_once_when_its_time_is_up(history: History) -> None:
    open_case(history, "R-1")
    hold_finding(history, "R-1", MEI, ABUSE, 600_000)
    assert waiting(history) == ["R-1"]
    assert store_due(history) == 0
    assert verdicts(history) == []
    with pytest.raises(Conflict, match="mei"):
        claim(history, "R-1", LEO)
    hold_finding(history, "R-1", MEI, ABUSE, 0)
    assert [store_due(history), store_due(history)] == [1, 0]
    assert verdicts(history) == [("abuse", 1, "reviewer")]
    [event] = [one for one in view_case(history, "R-1").events if one["action"] == "finding"]
    assert event["body"]["resolution"] == "refused"
    assert event["body"]["text"] == "a brick came back"


def test_what_is_undone_is_never_stored(history: History) -> None:
    open_case(history, "R-1")
    hold_finding(history, "R-1", MEI, ABUSE, 0)
    with pytest.raises(Conflict):
        undo_finding(history, "R-1", LEO)
    assert undo_finding(history, "R-1", MEI) == ABUSE
    assert store_due(history) == 0
    assert verdicts(history) == []
    hold_finding(history, "R-1", MEI, ABUSE, 0)
    store_due(history)
    with pytest.raises(Conflict, match="correct it"):
        undo_finding(history, "R-1", MEI)


def test_what_no_longer_fits_is_dropped_and_said(history: History) -> None:
    open_case(history, "R-1")
    hold_finding(history, "R-1", MEI, ABUSE, 0)
    record_finding(history, "R-1", MEI, ReviewFinding("legitimate"))
    assert store_due(history) == 0
    assert [verdict for verdict, *_ in verdicts(history)] == ["legitimate"]
    event = view_case(history, "R-1").events[-1]
    assert (event["action"], event["body"]["verdict"]) == ("dropped", "abuse")
    with history.read() as connection:
        assert connection.execute(sa.select(pending_findings)).all() == []


def test_a_finding_waits_while_the_store_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process lets go of the store after one try gave up, and before the next would."""
    monkeypatch.setattr(connect, "BUSY_MS", 300)
    history = new_store(tmp_path / "store.db")
    open_case(history, "R-1")
    hold_finding(history, "R-1", MEI, ABUSE, 0)
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None,
                                 check_same_thread=False)) as other:  # fmt: skip
        other.execute("BEGIN IMMEDIATE")
        lets_go = threading.Timer(0.45, other.rollback)
        lets_go.start()
        with suppress(Unavailable):
            store_due(history)
        lets_go.join()
    store_due(history)
    assert verdicts(history) == [("abuse", 1, "reviewer")]
    history.close()


def test_two_do_not_find_out_one_case(history: History) -> None:
    """Whoever has the case now waits until the finding before is stored, or undone."""
    add_person(history, "leo", "quiet-harbour-94-lanterns")
    open_case(history, "R-1")
    hold_finding(history, "R-1", MEI, ABUSE, 600_000)
    hand_over(history, "R-1", MEI, "leo")
    with pytest.raises(Conflict, match="a finding of mei"):
        hold_finding(history, "R-1", LEO, ABUSE, 0)
    undo_finding(history, "R-1", MEI)
    hold_finding(history, "R-1", LEO, ABUSE, 0)
    assert store_due(history) == 1


def test_what_could_not_be_stored_is_refused_at_once(history: History) -> None:
    open_case(history, "R-1")
    with pytest.raises(BadInput):
        hold_finding(history, "R-1", MEI, ReviewFinding("abuse", "partly_refunded"), 0)
    assert waiting(history) == []


def test_a_correction_is_a_revision_with_its_cause(history: History) -> None:
    open_case(history, "R-1")
    with pytest.raises(Conflict, match="no finding"):
        correct_finding(history, "R-1", MEI, ABUSE)
    record_finding(history, "R-1", MEI, ABUSE)
    with pytest.raises(BadInput, match="note"):
        correct_finding(history, "R-1", LEO, ReviewFinding("legitimate"))
    correct_finding(history, "R-1", LEO, ReviewFinding("legitimate", note="not their video"))
    assert verdicts(history) == [("abuse", 1, "reviewer"), ("legitimate", 2, "reviewer")]
    view = view_case(history, "R-1")
    assert view.row is not None
    assert (view.row["state"], view.row["verdict"]) == ("closed", "legitimate")
    event = view.events[-1]
    assert (event["who"], event["action"], event["body"]["was"]) == ("leo", "correct", "abuse")
    assert event["body"]["text"] == "not their video"


def test_a_correction_is_of_the_same_authority(history: History) -> None:
    open_case(history, "R-1")
    record_finding(history, "R-1", SHOP, ReviewFinding("legitimate"))
    with pytest.raises(Forbidden, match="merchant"):
        correct_finding(history, "R-1", MEI, ABUSE)
    open_case(history, "R-2")
    record_finding(history, "R-2", MEI, ABUSE)
    appeal(history, "R-2", LEO, "a video came in")
    record_finding(history, "R-2", LEO, ReviewFinding("legitimate"))
    with pytest.raises(Forbidden, match="appeal"):
        correct_finding(history, "R-2", Actor("ann"), ABUSE)
    correct_finding(history, "R-2", LEO, ReviewFinding("courier_fault", note="it was the courier"))
    view = view_case(history, "R-2")
    assert view.row is not None
    assert (view.row["verdict"], view.row["found_by"]) == ("courier_fault", "appeal")
