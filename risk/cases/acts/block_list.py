"""Entering, appealing and ending entries of the block and allow list: a cause, a person, an expiry.

A block bears on refunds only while a finding stands that its customer was heard on (the policy's
`findings.block`). It rests while it is appealed; somebody else then enters it again or ends it.
"""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from risk.cases.actor import Actor, checked_text
from risk.cases.customers.customer_rows import is_known
from risk.cases.record.claim_rows import add_event, customer_of
from risk.errors import BadInput, Conflict, Forbidden, NotFound, Problem
from risk.facts.format import iso
from risk.facts.units import DAY_MS
from risk.history.connection.connect import Write
from risk.history.list_entries import Asks, Kind, ListEntry, add_entry, block_makers, newest_entry
from risk.history.store import History
from risk.problem_phrases import phrase

MAX_DAYS = 730
USUAL_DAYS = 365
"""How long an entry lasts where nobody says."""


def add_list_entry(
    history: History, refund_id: str, actor: Actor, *, kind: str, cause: str, asks: str, days: int
) -> None:
    """Put the case's customer on the block or allow list, with a cause and an expiry.

    Raises NotFound or BadInput.
    """
    content = checked_text(cause, "cause")
    problems = [
        Problem("cases", None, name, expected)
        for name, fits, expected in (
            ("kind", kind in ("block", "allow"), phrase("block_or_allow")),
            ("asks", asks in ("evidence", "prepayment"), phrase("evidence_or_prepayment")),
            ("days", 1 <= days <= MAX_DAYS, phrase("between", least=1, most=MAX_DAYS)),
        )
        if not fits
    ]
    if problems:
        raise BadInput(problems)
    with history.write() as write:
        customer, end = _customer(write.connection, refund_id), write.at + days * DAY_MS
        entry = ListEntry(
            customer, cast(Kind, kind), content, cast(Asks, asks), actor.name, write.at, end,
            refund_id,
        )  # fmt: skip
        _enter(write, entry)
        body = {"asks": asks, "until": iso(end), "text": content}
        add_event(write.connection, refund_id, write.at, actor.name, kind, body)


def end_list_entry(history: History, refund_id: str, actor: Actor, cause: str) -> None:
    """End the entry of the case's customer. Raises NotFound, BadInput, or Conflict without one."""
    content = checked_text(cause, "cause")
    with history.write() as write:
        customer = _customer(write.connection, refund_id)
        _end(write, customer, content, actor, refund_id)
        body = {"text": content}
        add_event(write.connection, refund_id, write.at, actor.name, "withdraw", body)


def enter_customer(
    history: History,
    customer_id: str,
    actor: Actor,
    *,
    kind: Kind,
    cause: str,
    asks: Asks,
    expires_at: int | None,
) -> None:
    """Put a customer on the block or allow list until `expires_at` (ms; None: for a year).

    Raises BadInput for an end in the past or too far ahead, NotFound for an unknown customer.
    """
    content = checked_text(cause, "cause")
    with history.write() as write:
        _check_known(write.connection, customer_id)
        end = write.at + USUAL_DAYS * DAY_MS if expires_at is None else expires_at
        if not write.at < end <= write.at + MAX_DAYS * DAY_MS:
            expected = phrase("within_days", days=MAX_DAYS)
            raise BadInput([Problem("listing", None, "expires_at", expected, iso(end))])
        _enter(write, ListEntry(customer_id, kind, content, asks, actor.name, write.at, end))


def end_customer_entry(history: History, customer_id: str, actor: Actor, cause: str) -> None:
    """End the entry of a customer. Raises NotFound, or Conflict where there is none."""
    content = checked_text(cause, "cause")
    with history.write() as write:
        _check_known(write.connection, customer_id)
        _end(write, customer_id, content, actor)


def appeal_list_entry(history: History, refund_id: str, actor: Actor, cause: str) -> None:
    """Let the block of the case's customer rest. Raises NotFound, BadInput, or Conflict without."""
    content = checked_text(cause, "cause")
    with history.write() as write:
        _appeal(write, _customer(write.connection, refund_id), content, actor, refund_id)
        add_event(write.connection, refund_id, write.at, actor.name, "contest", {"text": content})


def appeal_customer_entry(history: History, customer_id: str, actor: Actor, cause: str) -> None:
    """Let the block of a customer rest. Raises NotFound, BadInput, or Conflict without one."""
    content = checked_text(cause, "cause")
    with history.write() as write:
        _check_known(write.connection, customer_id)
        _appeal(write, customer_id, content, actor)


def _enter(write: Write, entry: ListEntry) -> None:
    """Add an entry. Raises Forbidden where its maker made the block that is under appeal."""
    before = newest_entry(write.connection, entry.customer_id, write.at)
    appealed = entry.kind == "block" and before is not None and before.kind == "appealed"
    if appealed and entry.by in block_makers(write.connection, entry.customer_id):
        raise Forbidden("an appeal is for somebody other than who made the entry")
    add_entry(write.connection, entry)


def _end(
    write: Write, customer_id: str, cause: str, actor: Actor, refund_id: str | None = None
) -> None:
    if newest_entry(write.connection, customer_id, write.at) is None:
        raise Conflict(phrase("on_no_list"))
    ended = ListEntry(
        customer_id, "withdrawn", cause, "evidence", actor.name, write.at, None, refund_id
    )
    add_entry(write.connection, ended)


def _appeal(
    write: Write, customer_id: str, cause: str, actor: Actor, refund_id: str | None = None
) -> None:
    before = newest_entry(write.connection, customer_id, write.at)
    if before is None or before.kind != "block":
        raise Conflict(phrase("not_blocked"))
    appealed = ListEntry(
        customer_id, "appealed", cause, before.asks, actor.name, write.at, before.expires_at,
        refund_id,
    )  # fmt: skip
    add_entry(write.connection, appealed)


def _check_known(connection: sa.Connection, customer_id: str) -> None:
    """Raises NotFound for a customer who never ordered and is on no list."""
    if not is_known(connection, customer_id):
        raise NotFound(f"no customer {customer_id}")


def _customer(connection: sa.Connection, refund_id: str) -> str:
    customer = customer_of(connection, refund_id)
    if customer is None:
        raise NotFound(f"no customer is known for {refund_id}")
    return customer
