"""The decision log: about whom, how much, until when; tier and score of cases that are closed."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.csv_answer import MOST, csv_answer
from api.console.page_route import page_router
from api.console.session import LoggedIn
from risk.cases.lists.decision_rows import LoggedDecision, Order, latest_decisions
from risk.cases.policies.blind_rows import blind_cases
from risk.facts.format import iso
from risk.facts.parse import parse_time
from risk.history.connection.page_rows import PageOf
from risk.policy.situation import TIERS

PAGE = 30
SHOWN_REASONS = 3
HIDDEN = ("tier", "probability")
"""What nobody sees of a case that is still to be found out."""

COLUMNS = ("decision_id", "refund_id", "decided_at", "stage", "tier", "probability", "amount",
           "currency", "customer_id", "respond_by")  # fmt: skip

router = page_router()


@router.get("/decisions")
def show(
    context: LoggedIn,
    tier: str = "",
    before: str = "",
    order: str = "",
    format: str = "",  # noqa: A002
) -> Response:
    by: Order = "amount" if order == "amount" else "newest"
    wanted = tier if tier in TIERS else None
    history = context.resources.history
    with history.read() as connection:
        page = PageOf(MOST) if format == "csv" else PageOf.at_or_newest(before, PAGE)
        found = latest_decisions(connection, page, wanted, by)
        still_open = [one.body["refund_id"] for one in found.rows if one.is_open]
        blind = blind_cases(connection, history.audit_key, still_open)
    if format == "csv":
        return csv_answer(
            "decisions", COLUMNS, ([_written(one, name) for name in COLUMNS] for one in found.rows)
        )
    return context.page(
        "decisions.html",
        logged=found.rows,
        tier=wanted or "",
        order="" if by == "newest" else by,
        blind=blind,
        at=parse_time,
        tiers=TIERS,
        shown_reasons=SHOWN_REASONS,
        before=found.following or "",
        later=bool(before),
    )


def _written(one: LoggedDecision, name: str) -> object:
    if one.is_open and name in HIDDEN:
        return None
    if name == "customer_id":
        return one.customer_id
    return iso(one.at) if name == "decided_at" else one.body.get(name)
