"""Two never work on one; what is found becomes an outcome; nothing is said without a word."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from risk.cases import (
    Actor,
    ReviewFinding,
    add_list_entry,
    add_note,
    appeal,
    appeal_list_entry,
    claim,
    end_list_entry,
    escalate,
    record_finding,
    release,
    request_evidence,
    view_case,
)
from risk.cases.record.claim_rows import CLAIM_MS
from risk.errors import BadInput, Conflict, Forbidden, NotFound
from risk.history.list_entries import entry_of
from risk.history.schema import FACTS
from risk.history.schema.schema_cases import cases
from risk.history.store import History
from tests.case_rows import open_case

MEI, LEO = Actor("mei"), Actor("leo")
SHOP = Actor("key:1", ("merchant",))


def outcomes(history: History, refund_id: str) -> list[dict[str, Any]]:
    table = FACTS["outcomes"]
    with history.read() as connection:
        query = sa.select(table).where(table.c.refund_id == refund_id)
        return [dict(found) for found in connection.execute(query).mappings()]


def test_one_of_many_who_ask_at_once_gets_it(history: History) -> None:
    open_case(history, "R-1")

    def attempt(n: int) -> bool:
        try:
            claim(history, "R-1", Actor(f"p{n}"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as many:
        assert sum(many.map(attempt, range(16))) == 1


def test_a_claim_names_who_has_it_and_can_be_given_back(history: History) -> None:
    open_case(history, "R-1")
    claim(history, "R-1", MEI)
    claim(history, "R-1", MEI)
    with pytest.raises(Conflict, match="mei"):
        claim(history, "R-1", LEO)
    with pytest.raises(Conflict):
        release(history, "R-1", LEO)
    release(history, "R-1", MEI)
    claim(history, "R-1", LEO)
    assert [(e["who"], e["action"]) for e in view_case(history, "R-1").events] == [
        ("mei", "claim"), ("mei", "release"), ("leo", "claim"),
    ]  # fmt: skip


def test_a_claim_lapses(history: History) -> None:
    open_case(history, "R-1")
    claim(history, "R-1", MEI)
    with history.write() as write:
        lapsed = sa.update(cases).values(held_until=write.at - 1)
        write.connection.execute(lapsed)
    assert view_case(history, "R-1").held_by() is None
    claim(history, "R-1", LEO)
    seen = view_case(history, "R-1")
    assert seen.held_by() == "leo"
    assert seen.row is not None
    assert 0 < seen.row["held_until"] - seen.now <= CLAIM_MS


def test_a_finding_is_an_outcome_with_why_it_was_looked_at(history: History) -> None:
    open_case(history, "R-1", audit=True, audit_share=0.02, selected_by="random_audit")
    record_finding(
        history, "R-1", MEI, ReviewFinding("fraud", "partly_refunded", "12.50", "a brick")
    )
    [stored] = outcomes(history, "R-1")
    assert stored["decided_by"] == "reviewer"
    assert (stored["verdict"], stored["resolution"], stored["amount"]) == (
        "fraud", "partly_refunded", 125_000,
    )  # fmt: skip
    assert (stored["selected_by"], stored["selection_probability"]) == ("random_audit", 0.02)
    assert stored["note"] == "a brick"
    assert stored["known_at"] >= stored["decided_at"]
    with pytest.raises(Conflict, match="closed"):
        record_finding(history, "R-1", LEO, ReviewFinding("legitimate"))
    assert len(outcomes(history, "R-1")) == 1


def test_nobody_finds_on_what_somebody_else_holds(history: History) -> None:
    open_case(history, "R-1")
    claim(history, "R-1", MEI)
    works: tuple[Callable[[], object], ...] = (
        lambda: record_finding(history, "R-1", LEO, ReviewFinding("fraud")),
        lambda: request_evidence(history, "R-1", LEO, kind="photo", source="customer"),
        lambda: escalate(history, "R-1", LEO, "because"),
    )
    for work in works:
        with pytest.raises(Conflict, match="mei"):
            work()
    assert outcomes(history, "R-1") == []


def test_an_appeal_is_for_somebody_else(history: History) -> None:
    open_case(history, "R-1")
    with pytest.raises(Conflict, match="no finding"):
        appeal(history, "R-1", MEI, "too early")
    record_finding(history, "R-1", MEI, ReviewFinding("abuse", "refused"))
    appeal(history, "R-1", MEI, "the customer disagrees")
    with pytest.raises(Forbidden):
        claim(history, "R-1", MEI)
    with pytest.raises(Forbidden):
        record_finding(history, "R-1", MEI, ReviewFinding("abuse"))
    claim(history, "R-1", LEO)
    record_finding(history, "R-1", LEO, ReviewFinding("legitimate", "refunded"))
    assert [(o["decided_by"], o["verdict"]) for o in outcomes(history, "R-1")] == [
        ("reviewer", "abuse"), ("appeal", "undetermined"), ("appeal", "legitimate"),
    ]  # fmt: skip


def test_a_finding_for_the_customer_stands_while_it_is_appealed(history: History) -> None:
    open_case(history, "R-1")
    record_finding(history, "R-1", MEI, ReviewFinding("legitimate", "refunded"))
    appeal(history, "R-1", SHOP, "the shop disagrees")
    assert [o["verdict"] for o in outcomes(history, "R-1")] == ["legitimate"]
    shown = view_case(history, "R-1").row
    assert shown is not None
    assert shown["verdict"] == "legitimate"


def test_an_appeal_is_one_entry_of_the_timeline(history: History) -> None:
    open_case(history, "R-1")
    record_finding(history, "R-1", MEI, ReviewFinding("abuse", "refused"))
    appeal(history, "R-1", LEO, "the customer disagrees")
    shown = [entry.text for entry in view_case(history, "R-1").timeline if entry.own]
    assert shown.count("did") == 1
    assert len([text for text in shown if "found" in text]) == 1


def test_who_may_say_what(history: History) -> None:
    open_case(history, "R-1")
    for actor, decided_by in ((SHOP, "platform"), (SHOP, "reviewer"), (MEI, "merchant")):
        with pytest.raises(Forbidden, match="decided_by"):
            record_finding(history, "R-1", actor, ReviewFinding("fraud", decided_by=decided_by))
    with pytest.raises(Forbidden, match="appeal"):
        record_finding(history, "R-1", MEI, ReviewFinding("fraud", decided_by="appeal"))
    record_finding(history, "R-1", SHOP, ReviewFinding("merchant_fault"))
    assert outcomes(history, "R-1")[0]["decided_by"] == "merchant"


@pytest.mark.parametrize(
    ("finding", "field"),
    [
        (ReviewFinding("guilty"), "verdict"),
        (ReviewFinding("fraud", "executed"), "resolution"),
        (ReviewFinding("fraud", "refunded", "a lot"), "amount"),
        (ReviewFinding("fraud", "refunded", "-1"), "amount"),
        (ReviewFinding("fraud", "refunded", "100.01"), "amount"),
        (ReviewFinding("legitimate", "partly_refunded"), "amount"),
        (ReviewFinding("undetermined", "refused", "20.00"), "amount"),
        (ReviewFinding("fraud", note="x" * 20_001), "note"),
    ],
)
def test_a_finding_that_is_no_outcome_is_refused(
    history: History, finding: ReviewFinding, field: str
) -> None:
    open_case(history, "R-1")
    with pytest.raises(BadInput) as bad:
        record_finding(history, "R-1", MEI, finding)
    assert [problem.field for problem in bad.value.problems] == [field]
    assert outcomes(history, "R-1") == []


def test_who_was_found_honest_is_refused_with_a_cause_only() -> None:
    ReviewFinding("legitimate", "refused", note="made to measure").check_reasoned()
    ReviewFinding("legitimate", "refunded").check_reasoned()
    ReviewFinding("undetermined", "refused").check_reasoned()
    with pytest.raises(BadInput) as bad:
        ReviewFinding("legitimate", "refused").check_reasoned()
    assert [problem.field for problem in bad.value.problems] == ["note"]
    with pytest.raises(BadInput) as bad:
        ReviewFinding("undetermined", note="no picture").check_reasoned()
    assert [problem.field for problem in bad.value.problems] == ["resolution"]


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda h: add_note(h, "R-1", MEI, "  "), "note"),
        (lambda h: add_note(h, "R-1", MEI, "x" * 5_001), "note"),
        (lambda h: escalate(h, "R-1", MEI, ""), "cause"),
        (lambda h: request_evidence(h, "R-1", MEI, kind="soul", source="customer"), "kind"),
        (lambda h: request_evidence(h, "R-1", MEI, kind="photo", source="neighbour"), "from"),
        (
            lambda h: add_list_entry(h, "R-1", MEI, kind="ban", cause="x", asks="evidence", days=9),
            "kind",
        ),
        (
            lambda h: add_list_entry(
                h, "R-1", MEI, kind="block", cause="", asks="evidence", days=9
            ),
            "cause",
        ),
        (
            lambda h: add_list_entry(h, "R-1", MEI, kind="block", cause="x", asks="money", days=9),
            "asks",
        ),
        (
            lambda h: add_list_entry(
                h, "R-1", MEI, kind="block", cause="x", asks="evidence", days=0
            ),
            "days",
        ),
    ],
)
def test_an_action_says_what_it_lacks(
    history: History, act: Callable[[History], None], field: str
) -> None:
    open_case(history, "R-1")
    with pytest.raises(BadInput) as bad:
        act(history)
    assert [problem.field for problem in bad.value.problems] == [field]
    assert view_case(history, "R-1").events == []


def test_listings_have_a_cause_a_person_and_an_end(history: History) -> None:
    open_case(history, "R-1", "C-7")
    with pytest.raises(Conflict):
        end_list_entry(history, "R-1", MEI, "nothing to end")
    add_list_entry(history, "R-1", MEI, kind="block", cause="the ring", asks="prepayment", days=30)
    seen = view_case(history, "R-1").entry
    assert seen is not None
    assert (seen.kind, seen.cause, seen.by, seen.asks) == ("block", "the ring", "mei", "prepayment")
    assert seen.expires_at is not None
    with history.read() as connection:
        assert entry_of(connection, "C-7", seen.known_at) is None
        assert entry_of(connection, "C-7", seen.known_at + 1) == seen
        assert entry_of(connection, "C-7", seen.expires_at) is None
        assert entry_of(connection, "C-8", seen.known_at + 1) is None
    end_list_entry(history, "R-1", LEO, "a mistake")
    assert view_case(history, "R-1").entry is None


def test_what_is_not_there_is_not_found(history: History) -> None:
    for work in (
        lambda: claim(history, "R-0", MEI),
        lambda: add_note(history, "R-0", MEI, "hello"),
        lambda: record_finding(history, "R-0", MEI, ReviewFinding("fraud")),
        lambda: add_list_entry(
            history, "R-0", MEI, kind="block", cause="x", asks="evidence", days=3
        ),
        lambda: view_case(history, "R-0"),
    ):
        with pytest.raises(NotFound):
            work()


def test_an_appealed_entry_rests_and_is_for_somebody_else(history: History) -> None:
    open_case(history, "R-1", "C-7")
    with pytest.raises(Conflict, match="block list"):
        appeal_list_entry(history, "R-1", LEO, "nothing to appeal")
    block: dict[str, Any] = {"kind": "block", "cause": "the ring", "asks": "evidence", "days": 30}
    add_list_entry(history, "R-1", MEI, **block)
    appeal_list_entry(history, "R-1", LEO, "it was my brother")
    seen = view_case(history, "R-1").entry
    assert seen is not None
    assert seen.kind == "appealed"
    with history.read() as connection:
        assert entry_of(connection, "C-7", seen.known_at + 1) is None
    with pytest.raises(Forbidden, match="entry"):
        add_list_entry(history, "R-1", MEI, **block)
    add_list_entry(history, "R-1", LEO, **block)
    seen = view_case(history, "R-1").entry
    assert seen is not None
    assert seen.kind == "block"
