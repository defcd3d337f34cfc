"""Which finding stands: queue, label and decision agree on any history of findings."""

from __future__ import annotations

import uuid
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from risk.cases import Actor, ReviewFinding, appeal, record_finding
from risk.cases.record.claim_rows import row_of
from risk.decisions.case_rows import OWN_VERDICT
from risk.facts import DECIDERS, VERDICTS
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema import DERIVED
from risk.history.store import History
from tests.case_rows import DAY, NOW, open_case
from tests.stores import new_store
from training.cases.labels import LABELS

POSITIVE = {"abuse", "fraud"}
UNDECIDED = {None, "undetermined"}


def outcome(
    refund_id: str, decided_by: str, verdict: str, decided_at: int, **more: Any
) -> dict[str, Any]:
    return {"refund_id": refund_id, "decided_at": iso(decided_at), "verdict": verdict,
            "decided_by": decided_by, **more}  # fmt: skip


def label(history: History, refund_id: str) -> float | None:
    query = f"SELECT y FROM ({LABELS}) l WHERE l.refund_id = :refund_id"
    with history.read() as connection:
        found: float | None = connection.execute(sa.text(query), {"refund_id": refund_id}).scalar()
    return found


def queued(history: History, refund_id: str) -> tuple[str | None, str | None]:
    """The case's verdict and who found it."""
    with history.read() as connection:
        row = row_of(connection, refund_id)
    assert row is not None
    return row["verdict"], row["found_by"]


def own(history: History, refund_id: str) -> str | None:
    """The verdict that a decision about the request sees."""
    bound = {"refund_id": refund_id, "as_of": now_ms() + DAY}
    with history.read() as connection:
        found: str | None = connection.execute(sa.text(OWN_VERDICT), bound).scalar()
    return found


def test_of_two_outcomes_stored_at_once_the_later_decided_stands(history: History) -> None:
    name = open_case(history, "R-1")
    first = outcome(name, "merchant", "legitimate", NOW - 2 * DAY)
    ingest(history, "outcomes", [first, outcome(name, "merchant", "fraud", NOW - DAY)])
    assert queued(history, name) == ("fraud", "merchant")
    assert label(history, name) == 1.0


@cache
def _store() -> History:
    """A store for every example: each has a request of its own."""
    return new_store(Path(mkdtemp()) / "store.db")


class Findings(RuleBasedStateMachine):
    """Outcomes and appeals about one request, several outcomes often known at one instant."""

    def __init__(self) -> None:
        super().__init__()
        self.history = _store()
        self.refund_id = f"R-{uuid.uuid4().hex}"
        self.taken: set[tuple[int, str]] = set()

    @initialize()
    def start(self) -> None:
        open_case(self.history, self.refund_id)

    @rule(found=st.lists(
        st.tuples(st.sampled_from(DECIDERS), st.sampled_from(VERDICTS), st.integers(0, 4),
                  st.integers(0, 2)),
        min_size=1, max_size=4,
    ))  # fmt: skip
    def found(self, found: list[tuple[str, str, int, int]]) -> None:
        """Outcomes of one import: decided on one of a few days, known the same day or later."""
        facts = []
        for decided_by, verdict, day, later in found:
            if (day, decided_by) not in self.taken:
                self.taken.add((day, decided_by))
                at = NOW - (6 - day) * DAY
                known = {"known_at": iso(min(at + later * DAY, NOW))}
                facts.append(outcome(self.refund_id, decided_by, verdict, at, **known))
        if facts:
            ingest(self.history, "outcomes", facts, may_backdate=True)

    @precondition(lambda self: self.may_be_appealed())
    @rule()
    def appealed(self) -> None:
        appeal(self.history, self.refund_id, Actor("leo"), "the customer sent a film")

    def may_be_appealed(self) -> bool:
        with self.history.read() as connection:
            row = row_of(connection, self.refund_id)
        return row is not None and row["state"] == "closed" and row["verdict"] is not None

    @invariant()
    def queue_label_and_decision_agree(self) -> None:
        verdict, found_by = queued(self.history, self.refund_id)
        assert verdict == own(self.history, self.refund_id)
        assert (found_by is None) == (verdict is None)
        expected = None if verdict in UNDECIDED else float(verdict in POSITIVE)
        assert label(self.history, self.refund_id) == expected


TestFindings = Findings.TestCase
TestFindings.settings = settings(max_examples=25, stateful_step_count=8, deadline=None)


def counted(history: History, refund_id: str) -> list[tuple[int, str]]:
    """The findings about a request that count for others now: label and verdict."""
    f = DERIVED["findings"].c
    query = sa.select(f.label, f.verdict).where(f.refund_id == refund_id, f.stands_until.is_(None))
    with history.read() as connection:
        return [(label, verdict) for label, verdict in connection.execute(query)]


@pytest.mark.parametrize(
    ("found", "counts", "teaches"),
    [
        ([("reviewer", "abuse", "random_audit")], [], 1.0),
        ([("reviewer", "legitimate", "random_audit")], [], 0.0),
        ([("reviewer", "abuse", "rule")], [(1, "abuse")], 1.0),
        ([("merchant", "abuse", "rule"), ("reviewer", "legitimate", "random_audit")], [], 0.0),
        ([("merchant", "legitimate", "rule"), ("reviewer", "abuse", "random_audit")],
         [(0, "legitimate")], 1.0),
        ([("reviewer", "abuse", "random_audit"), ("appeal", "fraud", "random_audit")],
         [(1, "fraud")], 1.0),
    ],
)  # fmt: skip
def test_what_was_found_unheard_teaches_and_counts_for_nobody(
    history: History, found: list[tuple[str, str, str]], counts: list[Any], teaches: float
) -> None:
    name = open_case(history, "R-1")
    facts = [
        outcome(name, by, verdict, NOW - (9 - day) * DAY, selected_by=selected)
        for day, (by, verdict, selected) in enumerate(found)
    ]
    ingest(history, "outcomes", facts)
    assert (counted(history, name), label(history, name)) == (counts, teaches)


def test_an_appealed_finding_rests_until_it_is_ruled_on(history: History) -> None:
    name = open_case(history, "R-1")
    record_finding(history, name, Actor("mei"), ReviewFinding("fraud", "refused"))
    assert counted(history, name) == [(1, "fraud")]
    appeal(history, name, Actor("leo"), "the customer sent a film")
    assert (counted(history, name), label(history, name)) == ([], None)
    record_finding(history, name, Actor("leo"), ReviewFinding("fraud", "refused"))
    assert counted(history, name) == [(1, "fraud")]
