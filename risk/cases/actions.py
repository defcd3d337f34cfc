"""What people do on a case: claim it, ask, note, escalate, appeal, find. All of it is added to.

Each action is one transaction in which the case must be the actor's to work on, so that two
never work on one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from risk.cases import claim_rows
from risk.cases.actor import Actor, words
from risk.cases.finding import Finding, outcome_of
from risk.errors import BadInput, Conflict, Forbidden, NotFound, Problem
from risk.history.case_state import refresh_case_state
from risk.history.connect import Write
from risk.history.driver import Row
from risk.history.store import History

ASKABLE = {
    "kind": ("photo", "video", "document", "chat"),
    "from": ("customer", "merchant", "courier"),
}
"""What can be asked for, and of whom."""


def claim(history: History, refund_id: str, actor: Actor) -> None:
    """Take a case, or keep it for longer.

    Raises NotFound, Conflict where somebody else has it or it is closed, and Forbidden where the
    actor made the finding that is now under appeal.
    """
    with history.write() as write:
        held = _row(write, refund_id)
        _hold(write, held, actor)
        if held["held_by"] != actor.name:
            claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "claim", {})


def release(history: History, refund_id: str, actor: Actor) -> None:
    """Give a case back. Raises NotFound, or Conflict where the actor does not hold it."""
    with history.write() as write:
        _row(write, refund_id)
        if not claim_rows.let_go(write.connection, refund_id, actor.name):
            raise Conflict("you do not hold this case")
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "release", {})


def note(history: History, refund_id: str, actor: Actor, text: str) -> None:
    """Leave a note, on any request, whoever holds the case. Raises NotFound or BadInput."""
    content = {"text": words(text, "note")}
    with history.write() as write:
        if not claim_rows.is_known(write.connection, refund_id):
            raise NotFound(f"no refund request {refund_id}")
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "note", content)


def ask(
    history: History, refund_id: str, actor: Actor, *, kind: str, source: str, text: str = ""
) -> None:
    """Write down that evidence was asked for: what, of whom. Raises as `claim`, and BadInput."""
    problems = [
        Problem("cases", None, name, "one of " + ", ".join(choices))
        for name, value, choices in (
            ("kind", kind, ASKABLE["kind"]),
            ("from", source, ASKABLE["from"]),
        )
        if value not in choices
    ]
    if problems:
        raise BadInput(problems)
    content = {"kind": kind, "from": source, "text": words(text, "text") if text.strip() else ""}
    _act(history, refund_id, actor, "ask", content)


def escalate(history: History, refund_id: str, actor: Actor, cause: str) -> None:
    """Put a case ahead, before those who decide the hardest, and give it back for them to take."""
    _act(history, refund_id, actor, "escalate", {"text": words(cause, "cause")}, _give_back)


def _give_back(write: Write, held: Row, actor: Actor) -> None:
    claim_rows.let_go(write.connection, held["refund_id"], actor.name)


def appeal(history: History, refund_id: str, actor: Actor, cause: str) -> None:
    """Open a closed case again because its customer or merchant appeals.

    Raises NotFound, BadInput, or Conflict where no finding stands that could be appealed.
    """
    content = {"text": words(cause, "cause")}
    with history.write() as write:
        held = _row(write, refund_id)
        if held["state"] != "closed" or held["verdict"] is None:
            raise Conflict("there is no finding yet that could be appealed")
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "appeal", content)
        refresh_case_state(write.connection, [refund_id])


def find(history: History, refund_id: str, actor: Actor, finding: Finding) -> None:
    """Record a finding: an outcome, as any other fact, that closes the case.

    Raises as `claim`, BadInput for what does not fit an outcome, and Forbidden for a `decided_by`
    the actor may not say.
    """
    with history.read() as connection:
        seen = claim_rows.row_of(connection, refund_id)
    if seen is None:
        raise NotFound(f"no case {refund_id}")
    outcome = outcome_of(seen, finding, actor.decides_as, history.hasher)
    with history.write() as write:
        held = _row(write, refund_id)
        if bool(held["appealed_at"]) != bool(seen["appealed_at"]):
            raise Conflict("an appeal came in meanwhile; look at the case again")
        _hold(write, held, actor)
        outcome.store(write)
        content = {"verdict": finding.verdict, "resolution": finding.resolution}
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "finding", content)
        refresh_case_state(write.connection, [refund_id])


def _act(
    history: History,
    refund_id: str,
    actor: Actor,
    action: str,
    content: Mapping[str, Any],
    then: Callable[[Write, Row, Actor], None] | None = None,
) -> None:
    with history.write() as write:
        held = _row(write, refund_id)
        _hold(write, held, actor)
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, action, content)
        refresh_case_state(write.connection, [refund_id])
        if then is not None:
            then(write, held, actor)


def _row(write: Write, refund_id: str) -> Row:
    row = claim_rows.row_of(write.connection, refund_id)
    if row is None:
        raise NotFound(f"no case {refund_id}")
    return row


def _hold(write: Write, held: Row, actor: Actor) -> None:
    """The case is the actor's from here on, or the action does not happen."""
    refund_id = held["refund_id"]
    if held["state"] != "open":
        raise Conflict("this case is closed")
    if held["appealed_at"] and actor.name in claim_rows.found_by(write.connection, refund_id):
        raise Forbidden("an appeal is for somebody other than who made the finding")
    if not claim_rows.hold(write.connection, refund_id, actor.name, write.at):
        raise Conflict(f"{held['held_by']} is working on this case")
