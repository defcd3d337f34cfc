"""Search over every request, order and customer, and the page of one customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from fastapi.responses import JSONResponse, Response

from api.console.charts.network import masked
from api.console.page_route import page_router
from api.console.session import SECURITY_HEADERS, LoggedIn, PageContext, redirect
from api.console.templating import url
from risk.access.access_log import log_access
from risk.access.people import all_people
from risk.cases.customers.customer import customer_record
from risk.cases.customers.customer_detail_rows import customer_details
from risk.cases.lists.decision_rows import latest_tiers
from risk.cases.lists.search_rows import SHORTEST_PART, Matches, search
from risk.cases.lists.suggestion_rows import Suggestion, suggestions
from risk.explain.code_labels import LABELS

LONGEST = 200
LONGEST_ID = 40
"""A longer text is no mistyped id."""

router = page_router()


@router.get("/find")
def find(context: LoggedIn, q: str = "") -> Response:
    """What a text is an id of, or a part of; the case itself where that is all it is."""
    wanted = q.strip()[:LONGEST]
    found, near = Matches([], [], [], more=False), ""
    if wanted:
        with context.resources.history.read() as connection:
            found = search(connection, wanted)
            if not found.anything:
                near, found = _nearest(connection, wanted)
    if found.only_request and not near:
        return redirect(url("case", id=found.only_request))
    tiers = _decided_at_once(context, found.requests)
    return context.page("find.html", wanted=wanted, found=found, near=near, tiers=tiers)


def _decided_at_once(context: PageContext, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What was decided of the requests among these that need nobody."""
    names = [row["refund_id"] for row in rows if row["case_state"] is None]
    with context.resources.history.read() as connection:
        return latest_tiers(connection, names) if names else {}


def _nearest(connection: sa.Connection, text: str) -> tuple[str, Matches]:
    """The longest beginning of an unknown id that some id has, and what has it."""
    found = Matches([], [], [], more=False)
    for length in range(min(len(text), LONGEST_ID) - 1, SHORTEST_PART - 1, -1):
        found = search(connection, text[:length], parts=False)
        if found.anything:
            return text[:length], found
    return "", found


@router.get("/suggest")
def suggest(context: LoggedIn, q: str = "") -> Response:
    """What a text that is being typed may become, for the search field of every page."""
    with context.resources.history.read() as connection:
        found = suggestions(connection, q.strip()[:LONGEST])
    told = [
        {"name": one.name, "kind": context.translate(f"suggest_{one.kind}"), "url": _address(one)}
        for one in found
    ]
    return JSONResponse({"found": told}, headers=SECURITY_HEADERS)


def _address(one: Suggestion) -> str:
    if one.kind == "request":
        return url("case", id=one.name)
    return url("customer", id=one.name) if one.kind == "customer" else url("find", q=one.name)


@router.get("/customer")
def customer(context: LoggedIn, id: str = "") -> Response:  # noqa: A002
    history = context.resources.history
    record, details = customer_record(history, id), customer_details(history, id)
    for request in record.requests[:1]:
        log_access(history, context.person.name, request["refund_id"], "customer")
    with history.read() as connection:
        names = {person.name: person.display_name for person in all_people(connection)}
    kinds = {kind: words[context.locale.language] for kind, words in LABELS["entity"].items()}
    return context.page(
        "customer.html",
        record=record,
        tiers=_decided_at_once(context, record.requests),
        details=details,
        names=names,
        name_of=lambda one: masked((one.kind, one.entity), kinds),
    )
