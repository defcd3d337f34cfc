"""The decision log, with the reasons that raise and lower the risk."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.csv_answer import MOST, csv_answer
from api.console.page_route import page_router
from api.console.session import LoggedIn
from risk.cases.decision_rows import LoggedDecision, latest_decisions
from risk.facts.format import iso
from risk.facts.parse import parse_money
from risk.history.page_rows import PageOf
from risk.policy.situation import TIERS

PAGE = 30
SHOWN_REASONS = 3

COLUMNS = ("decision_id", "refund_id", "decided_at", "stage", "tier", "probability", "amount",
           "currency")  # fmt: skip

router = page_router()


@router.get("/decisions")
def show(context: LoggedIn, tier: str = "", before: str = "", format: str = "") -> Response:  # noqa: A002
    wanted = tier if tier in TIERS else None
    with context.resources.history.read() as connection:
        page = PageOf(MOST) if format == "csv" else PageOf.at_or_newest(before, PAGE)
        found = latest_decisions(connection, page, wanted)
    if format == "csv":
        return csv_answer(
            "decisions", COLUMNS, ([_written(one, name) for name in COLUMNS] for one in found.rows)
        )
    return context.page(
        "decisions.html",
        logged=found.rows,
        tier=wanted or "",
        money_of=lambda made: context.locale.money(parse_money(made["amount"]), made["currency"]),
        tiers=TIERS,
        shown_reasons=SHOWN_REASONS,
        before=found.following or "",
        later=bool(before),
    )


def _written(one: LoggedDecision, name: str) -> object:
    return iso(one.at) if name == "decided_at" else one.body.get(name)
