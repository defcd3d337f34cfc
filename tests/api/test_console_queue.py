"""The page of the queue: its filters are named, its order is none, its heads sort."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.api.console_visits import Visitor, logged_in, new_case
from tests.api.serving import Running, small_bundle


@pytest.fixture(scope="module")
def mei(served: Running, client: httpx.Client) -> Iterator[Visitor]:
    served.promote("suspicious", small_bundle(0, 5.0))
    for amount in ("901.00", "902.00"):
        new_case(client, amount=amount)
    someone = logged_in(served, "mei", role="administrator")
    yield someone
    someone.http.close()


def chips(page: str) -> list[str]:
    """The filters and the order that a page names."""
    return [
        re.sub(r"<[^>]+>", "", one).replace("×", "").strip()
        for one in re.findall(r'<span class="chip">(.*?)</span>', page)
    ]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({}, []),
        ({"due": "overdue"}, []),
        ({"state": "closed"}, []),
        ({"reason": "late", "due": "soon"}, ["Reason: Late", "Due: Due in 4 h"]),
        ({"tier": "approve", "audit": "1"}, ["Decision: Approve", "Random audit: only these"]),
        ({"held": "mei", "state": "closed"}, ["Claimed by: mei", "Closed"]),
        ({"amount_from": "900", "amount_to": "905", "ring": "2"},
         ["Amount from: 900", "Amount to: 905", "Linked customers, at least: 2"]),
        ({"appealed": "1", "escalated": "1"}, ["Appeals", "Escalated"]),
        ({"team": "night", "type": "exchange"}, ["Team: night", "Request type: Exchange"]),
        ({"q": "R-", "reason": "late"}, ["Search: R-"]),
        ({"order": "money"}, ["Sort by: amount at risk"]),
        ({"order": "amount", "merchant": "M-9"}, ["Merchant: M-9", "Sort by: amount"]),
    ],
)  # fmt: skip
def test_what_is_filtered_is_named(mei: Visitor, query: dict[str, str], named: list[str]) -> None:
    page = mei.read("", **query).text
    assert sorted(chips(page)) == sorted(named)


def test_a_filter_leads_to_the_queue_without_it(mei: Visitor) -> None:
    page = mei.read("", reason="late", merchant="M-9", order="amount").text
    assert 'href="/console?merchant=M-9&amp;order=amount" aria-label="Remove the filter' in page
    assert "0 cases: " in page
    assert 'href="/console?order=amount">Clear filters' in page


def test_an_order_is_no_filter(mei: Visitor) -> None:
    page = mei.read("", order="amount").text
    assert "Clear filters" not in page
    assert not re.search(r"\d cases?: ", page)
    assert page.index("CN¥902.00") < page.index("CN¥901.00")


def test_only_administrators_are_told_of_filters_that_only_they_have(
    served: Running, mei: Visitor
) -> None:
    leo = logged_in(served, "leo")
    assert chips(leo.read("", tier="approve", audit="1").text) == []


@pytest.mark.parametrize(
    ("order", "direction"),
    [("deadline", "ascending"), ("amount", "descending"), ("reason", "ascending"),
     ("customer", "ascending"), ("merchant", "ascending"), ("assigned", "ascending")],
)  # fmt: skip
def test_the_heads_sort_and_name_the_order_in_force(
    mei: Visitor, order: str, direction: str
) -> None:
    assert f"order={order}" in mei.read("").text
    page = mei.read("", order=order).text
    assert page.count(f'aria-sort="{direction}"') == 1


def test_natural_addresses_lead_to_their_pages(served: Running, mei: Visitor) -> None:
    for address, page in (
        ("/console/", "/console"), ("/console/cases", "/console"), ("/console/queue", "/console"),
        ("/console/cases/", "/console"), ("/console/?order=amount", "/console?order=amount"),
        ("/console/overview/", "/console/overview"), ("/console/decisions/?tier=approve",
         "/console/decisions?tier=approve"), ("/console/search", "/console/find"),
        ("/console/cases/R%2F1", "/console/case?id=R%2F1"),
        ("/console/case/R-1", "/console/case?id=R-1"),
        ("/console/customer/C-1", "/console/customer?id=C-1"),
        ("/console/dossier/R-1", "/console/dossier?id=R-1"),
    ):  # fmt: skip
        answer = mei.http.get(address)
        assert (answer.status_code, answer.headers.get("location")) == (303, page), address
    for address in ("/console//evil.example", "/console/%2F%2Fevil.example/", "/console/none/"):
        answer = mei.http.get(address, follow_redirects=True)
        assert answer.status_code == 404, address
        assert answer.url.host == httpx.URL(served.url).host
