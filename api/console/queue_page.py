"""The queue of cases that need a person, most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from fastapi.responses import JSONResponse, Response

from api.console.active_filters import active_filters
from api.console.csv_answer import MOST, csv_answer
from api.console.page_route import page_router
from api.console.session import SECURITY_HEADERS, LoggedIn, PageContext, VerifiedForm, redirect
from api.console.templating import url
from risk import cases
from risk.access.people import all_people
from risk.access.saved_filters import filters_saved_by
from risk.cases.acts.mentions import unread_mentions
from risk.cases.figures.team_rows import team_clocks
from risk.cases.lists.queue import MAX_PAGE, opened_since, queue_counts, take_next
from risk.cases.lists.queue_order_rows import ORDERS
from risk.cases.policies.blind_rows import blind_cases
from risk.cases.record.open_request_rows import open_for_same_goods
from risk.facts import REASONS, TYPES
from risk.facts.format import iso, money
from risk.policy.situation import TIERS

FILTERS = (
    "state", "tier", "reason", "type", "merchant", "due", "amount_from", "amount_to", "ring",
    "audit", "held", "team", "appealed", "escalated", "order", "q",
)  # fmt: skip
_OPEN_TABS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("tab_all", "open", {}),
    ("tab_overdue", "overdue", {"due": "overdue"}),
    ("tab_soon", "soon", {"due": "soon"}),
    ("tab_day", "day", {"due": "day"}),
    ("tab_free", "free", {"held": "free"}),
    ("tab_mine", "mine", {"held": "me"}),
    ("tab_team", "team", {"team": "mine"}),
    ("tab_appealed", "appealed", {"appealed": "1"}),
    ("tab_escalated", "escalated", {"escalated": "1"}),
)

ADMINISTRATORS_FILTERS = ("audit", "tier")

NO_TEAM = "\N{EN DASH}"
"""Whom somebody without a team would find: nobody."""

router = page_router()


class FilterParams(dict[str, str]):
    """The filters of a page's address as written; a missing one is empty."""

    def __missing__(self, _: str) -> str:
        return ""


def given(context: PageContext) -> FilterParams:
    """The filters in the address of this page."""
    query = context.request.query_params
    return FilterParams(
        {name: query[name].strip() for name in FILTERS if query.get(name, "").strip()}
    )


def filters_of(context: PageContext, wanted: dict[str, str]) -> cases.Filters:
    """The filters, with `me` and `mine` replaced by the reader and their team; only administrators
    filter by what would tell an audit from other cases: its draw, its tier."""
    filters = dict(wanted)
    if filters.get("held") == "me":
        filters["held"] = context.person.name
    if filters.get("team") == "mine":
        filters["team"] = context.person.team or NO_TEAM
    if context.person.role != "administrator":
        for name in ADMINISTRATORS_FILTERS:
            filters.pop(name, None)
    return cases.read_filters(filters)


COLUMNS = ("refund_id", "state", "respond_by", "amount", "currency", "reason_code", "type",
           "merchant_id", "customer_id", "order_id", "held_by", "headline")  # fmt: skip


@router.get("")
def show(context: LoggedIn, cursor: str = "", format: str = "") -> Response:  # noqa: A002
    if format == "csv":
        return _exported(context)
    return queue_of(context, cursor)


def queue_of(context: PageContext, cursor: str = "", **extra: Any) -> Response:
    """A page of the queue; `extra` holds what came of an act on many cases."""
    wanted = given(context)
    filters = filters_of(context, wanted)
    history = context.resources.history
    page = cases.queue(history, filters, cursor or None)
    counts = queue_counts(history, filters, context.person.name, context.person.team)
    with history.read() as connection:
        mentions = unread_mentions(connection, context.person.name, page.now)
        clocks = team_clocks(connection, page.cases, page.now)
        blind = blind_cases(connection, history.audit_key, _ids(page.cases))
        same_goods = open_for_same_goods(connection, _ids(page.cases))
        saved = filters_saved_by(connection, context.person.name)
        names = {person.name: person.display_name for person in all_people(connection)}
    tabs = _tabs(counts.by_tab, wanted, context.person.team)
    return context.page(
        "queue.html",
        page=page,
        wanted=wanted,
        counts=counts,
        mentions=mentions,
        clocks=clocks,
        blind=blind,
        tabs=tabs,
        active=active_filters(context, wanted, names, _shown_otherwise(context, wanted, tabs)),
        names=names,
        same_goods=same_goods,
        saved=[(one["title"], one["filters"]) for one in saved],
        query=urlencode(wanted),
        cursor=cursor,
        **{"refused": [], **extra},
        choices={"tier": TIERS, "reason": REASONS, "type": TYPES},
        orders=ORDERS,
    )


def _shown_otherwise(
    context: PageContext, wanted: dict[str, str], tabs: list[dict[str, Any]]
) -> Iterable[str]:
    """The filters that need no naming: those of the tab that is open, those that a search or the
    reader's role leaves out."""
    if any(tab["on"] for tab in tabs):
        return wanted
    if "q" in wanted:
        return [name for name in wanted if name != "q"]
    return () if context.person.role == "administrator" else ADMINISTRATORS_FILTERS


def _ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["refund_id"] for row in rows]


@router.get("/news")
def news(context: LoggedIn, since: str = "") -> Response:
    """How many cases came under these filters, for a page of the queue that is open."""
    filters = filters_of(context, given(context))
    after = int(since) if since.isdecimal() and len(since) < 16 else 0
    count = opened_since(context.resources.history, filters, after)
    text = context.translate("queue_news", count=count) if count else ""
    return JSONResponse({"text": text}, headers=SECURITY_HEADERS)


def _tabs(counts: dict[str, int], wanted: dict[str, str], team: str) -> list[dict[str, Any]]:
    """The usual filters as tabs, each with its count; the present one is marked. Who has no team
    has no tab for it."""
    wanted = {name: value for name, value in wanted.items() if name != "order"}
    tabs = [
        {"key": key, "count": counts[count], "url": url(**query), "on": wanted == query}
        for key, count, query in _OPEN_TABS
        if team or count != "team"
    ]
    closed = {"state": "closed"}
    tabs.append({"key": "tab_closed", "count": None, "url": url(**closed), "on": wanted == closed})
    tabs.append({"key": "tab_approvals", "count": None, "url": url("approvals"), "on": False})
    return tabs


def _exported(context: PageContext) -> Response:
    """The cases under these filters as a file: no tier and no probability, as on the page."""
    history, filters = context.resources.history, filters_of(context, given(context))
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while len(found) < MOST:
        page = cases.queue(history, filters, cursor, MAX_PAGE)
        found += page.cases
        cursor = page.next
        if cursor is None:
            break
    with history.read() as connection:
        blind = blind_cases(connection, history.audit_key, _ids(found))
    shown = ({**row, **_told(row, blind)} for row in found[:MOST])
    rows = ([_written(context, row, name) for name in COLUMNS] for row in shown)
    return csv_answer("queue", COLUMNS, rows)


def _told(row: dict[str, Any], blind: set[str]) -> dict[str, Any]:
    """The headline of a row, as its page has it."""
    hides = row["refund_id"] in blind and row["state"] == "open"
    return {"headline": row["blind_headline" if hides else "headline"]}


def _written(context: PageContext, row: dict[str, Any], name: str) -> object:
    if name == "amount":
        return money(row["amount"], row["currency"])
    if name == "headline":
        return row["headline"][context.locale.language]
    return iso(row[name]) if name == "respond_by" else row[name]


@router.post("/next")
def claim_next(context: LoggedIn, _: VerifiedForm) -> Response:
    """Claim the most urgent free case and go to it."""
    wanted = given(context)
    filters = filters_of(context, {**wanted, "held": "free", "state": "open"})
    refund_id = take_next(context.resources.history, filters, context.actor)
    if refund_id is None:
        return redirect(url(**wanted, done="none_free"))
    return redirect(url("case", id=refund_id, **wanted))
