"""Search over every request, order and customer, and the page of a customer."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.schema.schema_cases import access_log
from tests.api.console_visits import Visitor, logged_in, new_case
from tests.api.serving import Running, small_bundle
from tests.deciders import body


@pytest.fixture(scope="module")
def mei(served: Running) -> Iterator[Visitor]:
    served.promote("suspicious", small_bundle(0, 5.0))
    someone = logged_in(served, "mei")
    yield someone
    someone.http.close()


@pytest.fixture(scope="module")
def case(client: httpx.Client, mei: Visitor) -> str:
    return new_case(client, refund_id="TP7-Widget-0042")


def paid(client: httpx.Client) -> dict[str, str]:
    """A request that never needed a person, by its ids."""
    sent = body()
    sent["order"][0]["sku"] = "Lamp-9"
    assert client.post("/v1/refunds/score", json=sent).status_code == 200
    [line] = sent["order"]
    return {**line, "refund_id": sent["refund"]["refund_id"]}


@pytest.mark.parametrize(
    "text",
    ["TP7-Widget-0042", "tp7-Widget-0042", "TP7-Wid", "dget-00", "DGET-0042", " TP7-W "],
)
def test_a_part_of_an_id_leads_to_the_case(mei: Visitor, case: str, text: str) -> None:
    answer = mei.read("find", q=text)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/console/case?id={case}"


@pytest.mark.parametrize("name", ["refund_id", "order_id", "customer_id"])
def test_what_was_paid_without_a_person_is_found_too(
    mei: Visitor, client: httpx.Client, name: str
) -> None:
    ids = paid(client)
    answer = mei.read("find", q=ids[name].lower())
    shown = answer.headers.get("location", answer.text)
    assert f"/console/case?id={ids['refund_id']}" in shown


def test_an_order_without_a_request_is_found(mei: Visitor, client: httpx.Client) -> None:
    line = {"order_id": "Lonely-1", "customer_id": "Hermit-1", "amount": "5.00",
            "placed_at": iso(now_ms() - 1000)}  # fmt: skip
    assert client.post("/v1/orders", json=[line]).status_code == 201
    for text in ("Lonely", "Hermit-1"):
        assert "Hermit-1" in mei.read("find", q=text).text


@pytest.mark.parametrize("text", ["%", "_", "%%%%", "____", "' OR 1 --", "\U0010ffff", "x" * 5000])
def test_what_names_nothing_finds_nothing(mei: Visitor, case: str, text: str) -> None:
    answer = mei.read("find", q=text)
    assert answer.status_code == 200
    assert "Nothing has such an ID." in answer.text


def test_the_page_of_a_customer_lists_what_is_known(
    served: Running, mei: Visitor, client: httpx.Client
) -> None:
    ids = paid(client)
    listing = {
        "list": "allow",
        "cause": "a friend of the house",
        "expires_at": iso(now_ms() + 10**9),
    }
    client.put(f"/v1/customers/{ids['customer_id']}/listing", json=listing)
    text = mei.read("customer", id=ids["customer_id"]).text
    assert f"/console/case?id={ids['refund_id']}" in text
    assert "a friend of the house" in text
    query = sa.select(access_log.c.who).where(
        access_log.c.refund_id == ids["refund_id"], access_log.c.page == "customer"
    )
    with served.service.history.read() as connection:
        assert connection.scalars(query).all() == ["mei"]


def test_what_needed_nobody_says_what_was_decided(
    served: Running, mei: Visitor, client: httpx.Client
) -> None:
    served.promote("trusting", small_bundle(0, -5.0))
    made = [paid(client) for _ in range(6)]
    served.promote("suspicious", small_bundle(0, 5.0))
    said = [mei.read("customer", id=one["customer_id"]).text for one in made]
    alone = [
        text for one, text in zip(made, said, strict=True)
        if client.get(f"/v1/cases/{one['refund_id']}").json().get("case") is None
    ]  # fmt: skip
    assert alone, "each was drawn for audit"
    for text in alone:
        assert re.search(r'data-label="State">\s*Approve\s*</td>', text)


def test_a_customer_of_whom_nothing_is_known_is_not_found(mei: Visitor) -> None:
    assert mei.read("customer", id="nobody").status_code == 404


def suggested(someone: Visitor, text: str) -> list[tuple[str, str]]:
    answer = someone.read("suggest", q=text)
    assert answer.status_code == 200
    return [(one["kind"], one["name"]) for one in answer.json()["found"]]


def test_what_is_typed_is_completed_in_any_case(
    mei: Visitor, client: httpx.Client, case: str
) -> None:
    assert suggested(mei, "tp7-w") == [("Request", case)]
    assert suggested(mei, "dget-00") == [("Request", case)], "a part of a recent id"
    assert suggested(mei, "t") == suggested(mei, "%%%%") == suggested(mei, "") == []
    ids = paid(client)
    assert ("Customer", ids["customer_id"]) in suggested(mei, ids["customer_id"])
    assert ("Order", ids["order_id"]) in suggested(mei, ids["order_id"])
    assert ("Article", ids["sku"]) in suggested(mei, ids["sku"][:2].lower())
    assert ("Merchant", ids["merchant_id"]) in suggested(mei, ids["merchant_id"])


def test_a_suggestion_leads_somewhere(mei: Visitor, client: httpx.Client, case: str) -> None:
    ids = paid(client)
    for text in (case, ids["customer_id"], ids["order_id"], ids["sku"]):
        for one in mei.read("suggest", q=text).json()["found"]:
            page = mei.http.get(one["url"], follow_redirects=True)
            assert page.status_code == 200, one


def test_a_mistyped_id_leads_to_those_that_begin_alike(mei: Visitor, case: str) -> None:
    page = mei.read("find", q="TP7-Widgex-0042").text
    assert "These begin with TP7-Widge:" in page
    assert case in page


def test_nothing_is_suggested_to_nobody(served: Running) -> None:
    assert httpx.get(f"{served.url}/console/suggest", params={"q": "TP7"}).status_code == 303
