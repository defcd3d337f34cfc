"""The decision log, with the reasons that raise and lower the risk."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.session import LoggedIn
from risk.cases.decision_rows import latest_decisions
from risk.history.page_rows import PageOf
from risk.policy.situation import TIERS

PAGE = 30
SHOWN_REASONS = 3

router = page_router()


@router.get("/decisions")
def show(context: LoggedIn, tier: str = "", before: str = "") -> Response:
    wanted = tier if tier in TIERS else None
    with context.resources.history.read() as connection:
        found = latest_decisions(connection, PageOf.at_or_newest(before, PAGE), wanted)
    return context.page(
        "decisions.html",
        logged=found.rows,
        tier=wanted or "",
        tiers=TIERS,
        shown_reasons=SHOWN_REASONS,
        before=found.following or "",
        later=bool(before),
    )
