"""Approvals that leave something to be done: the shop or the courier to be asked, goods to come
back, an answer to be read. They are no cases; whoever works them asks by one press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from risk.cases.actor import Actor
from risk.cases.record import claim_rows
from risk.cases.record.case_view import CaseView
from risk.cases.record.recommended_step import step_of
from risk.cases.steps.approval_rows import approval_of, approvals_since, asked_of
from risk.cases.steps.courier_words import COURIER
from risk.cases.steps.next_act_words import CUSTOMER, SHOP
from risk.errors import Conflict
from risk.facts.localised import LocalisedText
from risk.facts.parse import parse_time
from risk.facts.units import DAY_MS
from risk.history.case_state import refresh_case_state
from risk.history.connection.connect import now_ms
from risk.history.store import History
from risk.problem_phrases import phrase

Whom = Literal["merchant", "courier", "customer", "reviewer"]
WHOM: tuple[Whom, ...] = ("merchant", "courier", "customer", "reviewer")
LOOK_BACK_MS = 14 * DAY_MS
"""Approvals older than this are no longer listed: the platform has paid or closed them itself."""

_READ = ("read", "read_return", "read_shop", "read_way", "packed", "purchase", "consent_read")
"""Steps by which somebody reads an answer before it is settled."""


@dataclass(frozen=True, slots=True)
class Approval:
    """An approved request with its next step: `whom` it is with, `text` what is to be done.

    Times in ms, `amount` in 1/10,000. `asked_at` is None until somebody asked about it after the
    decision; `customer_id` and what follows are None where the order is not known.
    """

    refund_id: str
    decided_at: int
    respond_by: int
    whom: Whom
    step: str
    text: LocalisedText
    asked_at: int | None
    customer_id: str | None
    merchant_id: str | None
    reason_code: str | None
    amount: int | None
    currency: str | None


def approvals_to_do(history: History, whom: str = "") -> list[Approval]:
    """The approvals of the last `LOOK_BACK_MS` that leave something to be done, by deadline; with
    `whom`, those that are with them."""
    since = now_ms() - LOOK_BACK_MS
    with history.read() as connection:
        rows, asked = approvals_since(connection, since), asked_of(connection, since)
    found = (_approval(row, asked.get(row["refund_id"])) for row in rows)
    wanted = [one for one in found if one is not None and whom in ("", one.whom)]
    return sorted(wanted, key=lambda one: (one.respond_by, one.refund_id))


def whom_of(decision: Mapping[str, Any]) -> Whom | None:
    """Whom the next step of an approval is with; None where nothing is left but to pay."""
    if decision["tier"] != "approve" or not decision.get("recommended"):
        return None
    step = step_of(decision["recommended"])
    if step in COURIER:
        return "courier"
    if step in SHOP:
        return "merchant"
    return "customer" if step in CUSTOMER else "reviewer" if step in _READ else None


def is_to_do(view: CaseView) -> bool:
    """Whether a request is approved and leaves something to be done, while nobody finds it out."""
    if view.decision is None or view.is_open or view.ended or view.record.outcomes:
        return False
    return whom_of(view.decision) is not None


def ask_of_approval(
    history: History, refund_id: str, actor: Actor, content: Mapping[str, Any]
) -> bool:
    """Record that somebody was asked about an approved request, which nobody need claim; False
    where it is none. Raises Conflict where the same was asked of them since the decision."""
    with history.write() as write:
        row = approval_of(write.connection, refund_id)
        if row is None or whom_of(orjson.loads(row["body"])) is None:
            return False
        same = (content["kind"], content["from"])
        for event in claim_rows.events(write.connection, refund_id):
            said = (event["body"].get("kind"), event["body"].get("from"))
            if event["action"] == "ask" and event["at"] >= row["as_of"] and said == same:
                raise Conflict(phrase("asked_already"))
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "ask", content)
        refresh_case_state(write.connection, [refund_id])
    return True


def _approval(row: Mapping[str, Any], asked_at: int | None) -> Approval | None:
    decision = orjson.loads(row["body"])
    whom = whom_of(decision)
    if whom is None:
        return None
    return Approval(
        refund_id=row["refund_id"],
        decided_at=row["as_of"],
        respond_by=parse_time(decision["respond_by"]),
        whom=whom,
        step=step_of(decision["recommended"]),
        text=decision["recommended"]["text"],
        asked_at=asked_at if asked_at and asked_at >= row["as_of"] else None,
        customer_id=row["customer_id"],
        merchant_id=row["merchant_id"],
        reason_code=row["reason_code"],
        amount=row["amount"],
        currency=row["currency"],
    )
