"""The acts of one press as the case page shows them: words filled in, whether they are pushed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from api.console.case_summary import asked_for
from api.console.localisation import Locale
from risk.cases import CaseView
from risk.cases.next_acts import WITH_AMOUNT, NextAct, next_acts, settled_as_asked
from risk.webhooks.subscriptions import EventName, is_taken

EVENT_OF: dict[str, EventName] = {
    "ask": "case.asked", "call": "case.call_asked", "offer": "case.offered",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NextForm:
    """An act with the words in the reader's language; `amount` is what a settlement pays, in major
    units, and `asks_amount` whether the reviewer names one."""

    act: NextAct
    text: str
    amount: str
    asks_amount: bool


def next_forms(locale: Locale, view: CaseView) -> list[NextForm]:
    """The forms of the acts that fit a case now."""
    return list(_forms(locale, view))


def _forms(locale: Locale, view: CaseView) -> Iterator[NextForm]:
    request, row = view.record.request, view.row
    values = {
        "order": request["order_id"],
        "refund": view.refund_id,
        "money": locale.money(request["amount"], view.currency),
        "asked": asked_for(locale, view),
        "reason": locale.within("reason", request["reason_code"]),
        "until": locale.time(row["respond_by"]) if row else "–",
    }
    for act in next_acts(view):
        text = act.text[locale.language].format(**values) if act.text else ""
        amount = (settled_as_asked(view)[1] or "") if act.name == "settle" else ""
        yield NextForm(act, text, amount, act.name == "offer" and act.kind in WITH_AMOUNT)


def pushed_acts(connection: sa.Connection, view: CaseView) -> set[str]:
    """The acts about a case that some receiver takes as a push."""
    merchant = view.row["merchant_id"] if view.row else None
    return {act for act, event in EVENT_OF.items() if is_taken(connection, event, merchant)}
