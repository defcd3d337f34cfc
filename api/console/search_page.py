"""Search over every request, order and customer, and the page of one customer."""

from __future__ import annotations

from fastapi.responses import Response

from api.console.page_route import page_router
from api.console.session import LoggedIn, redirect
from api.console.templating import url
from risk.access.access_log import log_access
from risk.cases.customer import customer_record
from risk.cases.search_rows import Matches, search

LONGEST = 200

router = page_router()


@router.get("/find")
def find(context: LoggedIn, q: str = "") -> Response:
    """What a text is an id of, or a part of; the case itself where that is all it is."""
    wanted = q.strip()[:LONGEST]
    found = Matches([], [], [], more=False)
    if wanted:
        with context.resources.history.read() as connection:
            found = search(connection, wanted)
    if found.only_request:
        return redirect(url("case", id=found.only_request))
    return context.page("find.html", wanted=wanted, found=found)


@router.get("/customer")
def customer(context: LoggedIn, id: str = "") -> Response:  # noqa: A002
    record = customer_record(context.resources.history, id)
    for request in record.requests[:1]:
        log_access(context.resources.history, context.person.name, request["refund_id"], "customer")
    return context.page("customer.html", record=record)
