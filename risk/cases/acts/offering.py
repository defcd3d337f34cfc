"""Offering a customer something instead of the refund they asked for."""

from __future__ import annotations

from risk.cases.actor import Actor, checked_text
from risk.cases.acts.actions import case_row, ensure_claimed
from risk.cases.record import claim_rows
from risk.cases.steps.next_acts import WITH_AMOUNT
from risk.errors import BadInput, Problem
from risk.facts.format import money, money_text
from risk.facts.parse import parse_money
from risk.history.case_state import refresh_case_state
from risk.history.connection.driver import Row
from risk.history.store import History
from risk.policy.schema import ALTERNATIVES
from risk.problem_phrases import phrase


def offer_alternative(
    history: History, refund_id: str, actor: Actor, *, kind: str, text: str, amount: str = ""
) -> None:
    """Record what the customer is offered, and in which words; an offer of money says how much.

    Raises as `claim`, and BadInput, also for more than the request asks.
    """
    if kind not in ALTERNATIVES:
        raise BadInput(
            [Problem("cases", None, "kind", phrase("one_of", choices=list(ALTERNATIVES)), kind)]
        )
    content = {"kind": kind, "from": "customer", "text": checked_text(text, "text")}
    with history.write() as write:
        row = case_row(write, refund_id)
        ensure_claimed(write, row, actor)
        if kind in WITH_AMOUNT:
            paid = money(_offered(row, amount), row["currency"])
            content |= {"amount": paid, "currency": row["currency"]}
        claim_rows.add_event(write.connection, refund_id, write.at, actor.name, "offer", content)
        refresh_case_state(write.connection, [refund_id])


def _offered(row: Row, text: str) -> int:
    """An offered amount (1/10,000); not nothing, and not more than is asked."""
    most = money_text(row["amount"], row["currency"])
    try:
        amount = parse_money(text.strip())
    except ValueError:
        amount = 0
    if not 0 < amount <= row["amount"]:
        raise BadInput([Problem("cases", None, "amount", phrase("above_zero", most=most), text)])
    return amount
