"""Findings in the seconds before they are stored, in which whoever sent one can undo it."""

from __future__ import annotations

from risk.cases.actor import Actor
from risk.cases.acts.actions import case_row, ensure_claimed, store_finding
from risk.cases.acts.pending_rows import (
    PendingFinding,
    add_pending,
    delete_pending,
    due_findings,
    pending_finding,
)
from risk.cases.acts.review_finding import ReviewFinding, outcome_of
from risk.cases.record import claim_rows
from risk.errors import BadInput, Conflict, Forbidden, NotFound
from risk.history.connection.connect import now_ms
from risk.history.store import History
from risk.problem_phrases import phrase


def hold_finding(
    history: History, refund_id: str, actor: Actor, finding: ReviewFinding, wait_ms: int
) -> None:
    """Keep a finding for `wait_ms`; then `store_due` stores it. Raises as `record_finding`, and
    Conflict while a finding of somebody who gave the case away can still be undone."""
    with history.write() as write:
        row = case_row(write, refund_id)
        ensure_claimed(write, row, actor)
        outcome_of(row, finding, actor.decides_as, history.hasher)
        delete_pending(write.connection, refund_id, actor.name)
        if other := pending_finding(write.connection, refund_id):
            raise Conflict(phrase("about_to_be_stored", who=other.who))
        add_pending(write, row, actor.name, finding, wait_ms)


def undo_finding(history: History, refund_id: str, actor: Actor) -> ReviewFinding:
    """Undo one's own finding; answers what it was. Raises Conflict where it is stored already."""
    with history.write() as write:
        found = pending_finding(write.connection, refund_id)
        if found is None or not delete_pending(write.connection, refund_id, actor.name):
            raise Conflict(phrase("stored_already"))
    return found.finding


def store_due(history: History) -> int:
    """Store every finding that can no longer be undone, each once; returns how many.

    One that no longer fits, because the request was withdrawn or appealed meanwhile, is dropped,
    and its case says so. Raises Unavailable while the store is: what is due then waits.
    """
    with history.read() as connection:
        due = due_findings(connection, now_ms())
    return sum(_store(history, one) for one in due)


def _store(history: History, one: PendingFinding) -> bool:
    actor = Actor(one.who)
    try:
        with history.write() as write:
            if not delete_pending(write.connection, one.refund_id, one.who):
                return False
            row = case_row(write, one.refund_id)
            outcome = outcome_of(row, one.finding, actor.decides_as, history.hasher)
            store_finding(history, write, row, actor, one.finding, outcome, one.decision_id)
    except (BadInput, Conflict, Forbidden, NotFound) as error:
        with history.write() as write:
            if delete_pending(write.connection, one.refund_id, one.who):
                told = {"verdict": one.finding.verdict, "text": str(error)}
                where = (one.refund_id, write.at, one.who)
                claim_rows.add_event(write.connection, *where, "dropped", told)
        return False
    return True
