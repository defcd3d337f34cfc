"""Corrections of findings: a revision of the outcome, under the same authority, with its cause."""

from __future__ import annotations

from risk.cases.actor import Actor, checked_text
from risk.cases.acts.actions import case_row
from risk.cases.acts.review_finding import ReviewFinding, outcome_of
from risk.cases.record import claim_rows
from risk.cases.record.revision_rows import latest_outcome
from risk.errors import Conflict, Forbidden
from risk.facts.format import iso
from risk.history.case_state import refresh_case_state
from risk.history.connection.driver import Row
from risk.history.store import History
from risk.history.tenants.caller import CONSOLE
from risk.problem_phrases import phrase


def may_correct(row: Row | None, actor: Actor) -> bool:
    """Whether the finding that stands on a case is of an authority that the actor speaks with."""
    return bool(row and row["state"] == "closed" and row["found_by"] in actor.decides_as)


def correct_finding(history: History, refund_id: str, actor: Actor, finding: ReviewFinding) -> None:
    """Replace the finding that stands by another; the note says why, and both stay in the record.

    Raises NotFound, BadInput, Conflict where no finding stands, and Forbidden for one of another
    authority, or of somebody else on an appeal.
    """
    cause = checked_text(finding.note or "", "note")
    finding.check_reasoned()
    with history.write() as write:
        row = case_row(write, refund_id)
        if row["state"] != "closed" or row["verdict"] is None:
            raise Conflict(phrase("nothing_to_correct"))
        events = claim_rows.events(write.connection, refund_id)
        own = row["found_by"] != "appeal" or actor.name in claim_rows.finders(events)
        if not may_correct(row, actor) or not own:
            raise Forbidden(f"what {row['found_by']} found is not yours to correct")
        stands = latest_outcome(write.connection, refund_id, row["found_by"])
        corrects = {
            "decided_at": iso(stands.decided_at),
            "decided_by": row["found_by"],
            "revision": stands.revision + 1,
        }
        outcome_of(row, finding, actor.decides_as, history.hasher, corrects).store(write, CONSOLE)
        content = {**finding.told(), "was": row["verdict"], "text": cause}
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "correct", content)
        refresh_case_state(write.connection, [refund_id])
