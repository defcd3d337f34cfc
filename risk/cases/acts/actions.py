"""Actions on a case: claim, release, note, request evidence, escalate, appeal, record a finding.

Each action is one transaction that first claims the case for the actor, so that two people never
work on one case; it appends an event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from risk.cases.actor import Actor, checked_text
from risk.cases.acts.mentions import mentioned
from risk.cases.acts.review_finding import ReviewFinding, appeal_outcome, outcome_of
from risk.cases.policies.blind_rows import is_blind
from risk.cases.record import claim_rows
from risk.cases.steps.approvals import ask_of_approval
from risk.errors import BadInput, Conflict, Forbidden, NotFound, Problem
from risk.findings import POSITIVE_VERDICTS
from risk.history.case_state import refresh_case_state
from risk.history.connection.connect import Write
from risk.history.connection.driver import Row
from risk.history.intake import ParsedFacts
from risk.history.store import History
from risk.history.tenants.caller import CONSOLE
from risk.problem_phrases import phrase

REQUESTABLE_EVIDENCE = {
    "kind": ("photo", "video", "document", "chat"),
    "from": ("customer", "merchant", "courier"),
}
"""The kinds of evidence a reviewer may request, and of whom."""


def claim(history: History, refund_id: str, actor: Actor) -> None:
    """Claim a case, or extend the actor's own claim.

    Raises NotFound, Conflict where somebody else has it or it is closed, and Forbidden where the
    actor made the finding that is now under appeal.
    """
    with history.write() as write:
        row = case_row(write, refund_id)
        ensure_claimed(write, row, actor)
        if row["held_by"] != actor.name:
            claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "claim", {})


def release(history: History, refund_id: str, actor: Actor) -> None:
    """Release a claimed case. Raises NotFound, or Conflict where the actor has not claimed it."""
    with history.write() as write:
        case_row(write, refund_id)
        if not claim_rows.release(write.connection, refund_id, actor.name):
            raise Conflict(phrase("not_held"))
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "release", {})


def add_note(history: History, refund_id: str, actor: Actor, text: str) -> None:
    """Add a note to any request, whoever has claimed the case; `@login` in it names people.

    Raises NotFound or BadInput.
    """
    content: dict[str, Any] = {"text": checked_text(text, "note")}
    with history.write() as write:
        if not claim_rows.is_known(write.connection, refund_id):
            raise NotFound(f"no refund request {refund_id}")
        if named := mentioned(write.connection, content["text"]):
            content["mentions"] = named
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "note", content)


def request_evidence(
    history: History, refund_id: str, actor: Actor, *, kind: str, source: str, text: str = ""
) -> None:
    """Record that evidence was requested: what, of whom; about an approval that is no case
    whoever asks first. Raises as `claim`, and BadInput."""
    problems = [
        Problem("cases", None, name, phrase("one_of", choices=list(choices)))
        for name, value, choices in (
            ("kind", kind, REQUESTABLE_EVIDENCE["kind"]),
            ("from", source, REQUESTABLE_EVIDENCE["from"]),
        )
        if value not in choices
    ]
    if problems:
        raise BadInput(problems)
    content = {
        "kind": kind,
        "from": source,
        "text": checked_text(text, "text") if text.strip() else "",
    }
    if not ask_of_approval(history, refund_id, actor, content):
        _perform(history, refund_id, actor, "ask", content)


def call_customer(history: History, refund_id: str, actor: Actor, text: str) -> None:
    """Record that the customer is asked for a call, in which words. Raises as `claim`, BadInput."""
    content = {"kind": "chat", "from": "customer", "text": checked_text(text, "text")}
    _perform(history, refund_id, actor, "call", content)


def look_at_score(history: History, refund_id: str, actor: Actor) -> None:
    """Note that somebody wants to see tier and probability; their finding says that they did.

    Raises NotFound, and Forbidden for an open case that is given without them.
    """
    with history.write() as write:
        is_open = case_row(write, refund_id)["state"] == "open"
        if is_open and is_blind(write.connection, history.audit_key, refund_id):
            raise Forbidden("this case is reviewed without its score")
        if not claim_rows.saw_score(claim_rows.events(write.connection, refund_id), actor.name):
            claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "score", {})


def escalate(history: History, refund_id: str, actor: Actor, cause: str) -> None:
    """Escalate a case: raise its priority and release it for somebody more senior."""
    _perform(
        history, refund_id, actor, "escalate", {"text": checked_text(cause, "cause")}, _release
    )


def _release(write: Write, row: Row, actor: Actor) -> None:
    claim_rows.release(write.connection, row["refund_id"], actor.name)


def appeal(history: History, refund_id: str, actor: Actor, cause: str) -> None:
    """Reopen a closed case on an appeal of its customer or merchant.

    A finding against the customer rests until the appeal is ruled on: it counts for nobody.

    Raises NotFound, BadInput, or Conflict where no finding stands that could be appealed.
    """
    content = {"text": checked_text(cause, "cause")}
    rests = appeal_outcome(refund_id, history.hasher)
    with history.write() as write:
        row = case_row(write, refund_id)
        if row["state"] != "closed" or row["verdict"] is None:
            raise Conflict(phrase("nothing_to_appeal"))
        if row["verdict"] in POSITIVE_VERDICTS:
            rests.store(write, CONSOLE)
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "appeal", content)
        refresh_case_state(write.connection, [refund_id])


def record_finding(history: History, refund_id: str, actor: Actor, finding: ReviewFinding) -> None:
    """Record a finding: an outcome, stored like any other fact, that closes the case.

    Raises as `claim`, BadInput for what does not fit an outcome, and Forbidden for a `decided_by`
    the actor may not say.
    """
    with history.read() as connection:
        seen = claim_rows.row_of(connection, refund_id)
    if seen is None:
        raise NotFound(f"no case {refund_id}")
    outcome = outcome_of(seen, finding, actor.decides_as, history.hasher)
    with history.write() as write:
        row = case_row(write, refund_id)
        if bool(row["appealed_at"]) != bool(seen["appealed_at"]):
            raise Conflict(phrase("appeal_meanwhile"))
        store_finding(history, write, row, actor, finding, outcome)


def store_finding(
    history: History,
    write: Write,
    row: Row,
    actor: Actor,
    finding: ReviewFinding,
    outcome: ParsedFacts,
    decision_id: str | None = None,
) -> None:
    """Store a finding and its outcome, as `record_finding` does, in an open transaction;
    `decision_id` is what stood when the finding was made, if not the latest decision."""
    refund_id = row["refund_id"]
    ensure_claimed(write, row, actor)
    outcome.store(write, CONSOLE)
    events = claim_rows.events(write.connection, refund_id)
    content = {
        **finding.told(),
        "saw_score": claim_rows.saw_score(events, actor.name),
        "blind": is_blind(write.connection, history.audit_key, refund_id),
        "decision_id": decision_id or row["decision_id"],
    }
    claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "finding", content)
    refresh_case_state(write.connection, [refund_id])


def _perform(
    history: History,
    refund_id: str,
    actor: Actor,
    action: str,
    content: Mapping[str, Any],
    then: Callable[[Write, Row, Actor], None] | None = None,
) -> None:
    with history.write() as write:
        row = case_row(write, refund_id)
        ensure_claimed(write, row, actor)
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, action, content)
        refresh_case_state(write.connection, [refund_id])
        if then is not None:
            then(write, row, actor)


def case_row(write: Write, refund_id: str) -> Row:
    """The case of a request. Raises NotFound."""
    row = claim_rows.row_of(write.connection, refund_id)
    if row is None:
        raise NotFound(f"no case {refund_id}")
    return row


def ensure_claimed(write: Write, row: Row, actor: Actor) -> None:
    """Claim the case for the actor. Raises Conflict or Forbidden where that is not possible."""
    refund_id = row["refund_id"]
    if row["state"] != "open":
        raise Conflict(phrase("case_closed"))
    if row["appealed_at"]:
        events = claim_rows.events(write.connection, refund_id)
        if actor.name in claim_rows.finders(events):
            raise Forbidden("an appeal is for somebody other than who made the finding")
    if not claim_rows.claim(write.connection, refund_id, actor.name, write.at):
        raise Conflict(phrase("held_by_other", who=str(row["held_by"])))
