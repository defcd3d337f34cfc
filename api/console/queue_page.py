"""The queue: what needs a person, most pressing first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi.responses import Response

from api.console.page_route import pages
from api.console.session import Here, Sent, Visit, go
from api.console.templating import url
from risk import cases
from risk.access.saved_filters import filters_saved_by
from risk.cases.queue import queue_counts, take_next
from risk.facts import REASONS, TYPES
from risk.policy.situation import TIERS

FILTERS = (
    "state", "tier", "reason", "type", "merchant", "due", "amount_from", "amount_to", "ring",
    "audit", "held", "appealed", "escalated", "order", "q",
)  # fmt: skip
_OPEN_TABS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("tab_all", "open", {}),
    ("tab_overdue", "overdue", {"due": "overdue"}),
    ("tab_soon", "soon", {"due": "soon"}),
    ("tab_day", "day", {"due": "day"}),
    ("tab_free", "free", {"held": "free"}),
    ("tab_mine", "mine", {"held": "me"}),
    ("tab_appealed", "appealed", {"appealed": "1"}),
    ("tab_escalated", "escalated", {"escalated": "1"}),
)

router = pages()


class Wanted(dict[str, str]):
    """The filters in an address, as they were written; one that is not there is empty."""

    def __missing__(self, _: str) -> str:
        return ""


def given(visit: Visit) -> Wanted:
    """The filters in the address of a page."""
    query = visit.request.query_params
    return Wanted({name: query[name].strip() for name in FILTERS if query.get(name, "").strip()})


def filters_of(visit: Visit, wanted: dict[str, str]) -> cases.Filters:
    """The filters, with `me` made the reader; who may not see audits cannot filter by them."""
    own = dict(wanted)
    if own.get("held") == "me":
        own["held"] = visit.person.name
    if visit.person.role != "administrator":
        own.pop("audit", None)
    return cases.read_filters(own)


@router.get("")
def show(visit: Here, cursor: str = "") -> Response:
    wanted = given(visit)
    filters = filters_of(visit, wanted)
    history = visit.desk.history
    page = cases.queue(history, filters, cursor or None)
    counts = queue_counts(history, filters, visit.person.name)
    with history.read() as connection:
        kept = filters_saved_by(connection, visit.person.name)
    return visit.page(
        "queue.html",
        page=page,
        wanted=wanted,
        counts=counts,
        tabs=_tabs(counts.by_tab, wanted),
        views=[(view["title"], view["filters"]) for view in kept],
        query=urlencode(wanted),
        cursor=cursor,
        choices={"tier": TIERS, "reason": REASONS, "type": TYPES},
    )


def _tabs(counts: dict[str, int], wanted: dict[str, str]) -> list[dict[str, Any]]:
    """The common questions, each with its number; the one being asked is marked."""
    tabs = [
        {"word": word, "count": counts[count], "url": url(**query), "on": wanted == query}
        for word, count, query in _OPEN_TABS
    ]
    closed = {"state": "closed"}
    tabs.append({"word": "tab_closed", "count": None, "url": url(**closed), "on": wanted == closed})
    return tabs


@router.post("/next")
def take(visit: Here, _: Sent) -> Response:
    """Claim the most pressing case that is free and go to it."""
    wanted = given(visit)
    filters = filters_of(visit, {**wanted, "held": "free", "state": "open"})
    refund_id = take_next(visit.desk.history, filters, visit.actor)
    if refund_id is None:
        return go(url(**wanted, done="none_free"))
    return go(url("case", id=refund_id, **wanted))
