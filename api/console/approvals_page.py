"""Approvals that leave something to be done: whom each is with, until when, what is next."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.csv_answer import csv_answer
from api.console.localisation import Locale
from api.console.page_route import page_router
from api.console.session import LoggedIn
from risk import cases
from risk.cases.steps.approvals import WHOM
from risk.facts.format import iso, money

SHOWN = 200
COLUMNS = ("refund_id", "with", "respond_by", "amount", "currency", "reason_code", "customer_id",
           "merchant_id", "next_step", "asked_at", "decided_at")  # fmt: skip

router = page_router()


@router.get("/approvals")
def show(context: LoggedIn, whom: str = "", format: str = "") -> Response:  # noqa: A002
    wanted = whom if whom in WHOM else ""
    everything = cases.approvals_to_do(context.resources.history)
    found = [one for one in everything if wanted in ("", one.whom)]
    if format == "csv":
        return csv_answer("approvals", COLUMNS, (_written(context.locale, one) for one in found))
    return context.page(
        "approvals.html",
        found=found[:SHOWN],
        more=len(found) - SHOWN,
        counts={one: sum(each.whom == one for each in everything) for one in WHOM},
        every=len(everything),
        whom=wanted,
    )


def _written(locale: Locale, one: cases.Approval) -> list[object]:
    amount = money(one.amount, one.currency) if one.amount is not None and one.currency else None
    return [
        one.refund_id,
        one.whom,
        iso(one.respond_by),
        amount,
        one.currency,
        one.reason_code,
        one.customer_id,
        one.merchant_id,
        one.text[locale.language],
        iso(one.asked_at) if one.asked_at else None,
        iso(one.decided_at),
    ]
