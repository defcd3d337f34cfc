"""When a request is a case, when it is closed, and where it stands in the queue."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.cases import (
    Actor,
    ReviewFinding,
    appeal,
    escalate,
    record_finding,
    request_evidence,
    view_case,
)
from risk.cases.record.claim_rows import add_event, row_of
from risk.facts.format import iso
from risk.history.case_state import rank, refresh_case_state, upsert_case
from risk.history.intake import ingest
from risk.history.store import History
from tests.case_rows import DAY, HOUR, NOW, decided, open_case, request

MEI, LEO = Actor("mei"), Actor("leo")


def row(history: History, refund_id: str) -> dict[str, Any]:
    with history.read() as connection:
        found = row_of(connection, refund_id)
    assert found is not None
    return found


def outcome(history: History, refund_id: str, decided_by: str, verdict: str = "fraud") -> None:
    said = {
        "refund_id": refund_id, "decided_at": iso(NOW), "verdict": verdict,
        "decided_by": decided_by,
    }  # fmt: skip
    ingest(history, "outcomes", [said])
    with history.write() as write:
        refresh_case_state(write.connection, [refund_id])


def test_an_approval_that_was_never_a_case_leaves_nothing(history: History) -> None:
    request(history, "R-1")
    with history.write() as write:
        upsert_case(write.connection, decided("R-1", tier="approve", wanted=False))
    with history.read() as connection:
        assert row_of(connection, "R-1") is None


def test_what_was_asked_about_an_approval_is_not_asked_of_the_case_that_follows(
    history: History,
) -> None:
    request(history, "R-1")
    with history.write() as write:
        add_event(write.connection, "R-1", NOW - 2 * HOUR, "mei", "ask", {"from": "merchant"})
        upsert_case(write.connection, decided("R-1"))
    assert row(history, "R-1")["asked_at"] is None


def test_evidence_that_settles_it_takes_a_case_out_of_the_queue(history: History) -> None:
    open_case(history, "R-1")
    with history.write() as write:
        upsert_case(write.connection, decided("R-1", tier="approve", wanted=False, decided_at=NOW))
    after = row(history, "R-1")
    assert (after["state"], after["verdict"], after["closed_at"]) == ("closed", None, NOW)


def test_what_was_drawn_for_audit_stays_drawn(history: History) -> None:
    open_case(
        history, "R-1", tier="approve", audit=True, audit_share=0.02, selected_by="random_audit"
    )
    with history.write() as write:
        upsert_case(
            write.connection, decided("R-1", tier="approve", wanted=False, selected_by="model")
        )
    after = row(history, "R-1")
    assert (after["state"], after["selected_by"], after["audit_share"]) == (
        "open", "random_audit", 0.02,
    )  # fmt: skip


@pytest.mark.parametrize("decided_by", ["merchant", "platform"])
def test_any_persons_outcome_closes(history: History, decided_by: str) -> None:
    open_case(history, "R-1")
    outcome(history, "R-1", decided_by)
    after = row(history, "R-1")
    assert (after["state"], after["verdict"], after["found_by"]) == ("closed", "fraud", decided_by)


def test_what_the_system_says_closes_nothing(history: History) -> None:
    open_case(history, "R-1")
    outcome(history, "R-1", "system")
    assert row(history, "R-1")["state"] == "open"


def test_the_highest_authority_is_shown(history: History) -> None:
    open_case(history, "R-1")
    outcome(history, "R-1", "platform", "legitimate")
    outcome(history, "R-1", "merchant", "fraud")
    assert row(history, "R-1")["verdict"] == "legitimate"


def test_an_outcome_that_came_before_the_decision_counts(history: History) -> None:
    request(history, "R-1")
    outcome(history, "R-1", "merchant")
    with history.write() as write:
        upsert_case(write.connection, decided("R-1"))
    assert row(history, "R-1")["state"] == "closed"


def test_an_appeal_opens_and_only_its_own_outcome_closes(history: History) -> None:
    open_case(history, "R-1")
    record_finding(history, "R-1", MEI, ReviewFinding("abuse"))
    appeal(history, "R-1", LEO, "the customer sent a film")
    assert row(history, "R-1")["state"] == "open"
    outcome(history, "R-1", "platform", "abuse")
    assert row(history, "R-1")["state"] == "open"
    record_finding(history, "R-1", LEO, ReviewFinding("legitimate"))
    after = row(history, "R-1")
    assert (after["state"], after["verdict"], after["found_by"]) == (
        "closed", "legitimate", "appeal",
    )  # fmt: skip


def test_a_new_decision_answers_what_was_asked(history: History) -> None:
    open_case(history, "R-1")
    request_evidence(history, "R-1", MEI, kind="video", source="customer")
    assert row(history, "R-1")["asked_at"] is not None
    with history.write() as write:
        upsert_case(write.connection, decided("R-1", stage="evidence", decided_at=write.at))
    assert row(history, "R-1")["asked_at"] is None


def test_escalation_puts_a_case_ahead_and_gives_it_back(history: History) -> None:
    open_case(history, "R-1")
    before = row(history, "R-1")
    escalate(history, "R-1", MEI, "the merchant may be part of it")
    after = row(history, "R-1")
    assert after["rank"] < before["rank"]
    assert after["held_by"] is None
    assert [e["action"] for e in view_case(history, "R-1").events] == ["escalate"]


_stakes = st.floats(0, 1e7)
_times = st.integers(0, 4 * 10**12)


@given(respond_by=_times, stake=_stakes, more=_stakes, sooner=st.integers(0, 30 * DAY))
def test_more_money_and_less_time_never_stand_behind(
    respond_by: int, stake: float, more: float, sooner: int
) -> None:
    here = rank(respond_by, stake, first=False)
    assert rank(respond_by, stake + more, first=False) <= here
    assert rank(respond_by - sooner, stake, first=False) <= here
    assert rank(respond_by, stake, first=True) < here


def test_what_a_doubling_of_money_is_worth() -> None:
    assert rank(NOW, 0, first=False) == NOW
    assert rank(NOW, 127, first=False) - rank(NOW, 255, first=False) == 4 * HOUR
