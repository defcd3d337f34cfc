"""The decision log, with the reasons that raise and lower the risk."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.session import LoggedIn
from risk.cases.decision_rows import latest_decisions
from risk.policy.situation import TIERS

PAGE = 30
SHOWN_REASONS = 3

router = page_router()


@router.get("/decisions")
def show(context: LoggedIn, tier: str = "", before: str = "") -> Response:
    wanted = tier if tier in TIERS else None
    with context.resources.history.read() as connection:
        found = latest_decisions(connection, _cursor(before), wanted, PAGE + 1)
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    return context.page(
        "decisions.html",
        logged=shown,
        tier=wanted or "",
        tiers=TIERS,
        shown_reasons=SHOWN_REASONS,
        before=f"{last.at}-{last.decision_id}" if last else "",
        later=bool(before),
    )


def _cursor(text: str) -> tuple[int, str] | None:
    at, _, decision_id = text.partition("-")
    return (int(at), decision_id) if at.isdecimal() and len(at) < 16 else None
