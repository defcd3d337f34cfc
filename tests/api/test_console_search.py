"""Search over every request, order and customer, and the page of a customer."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from risk.facts.format import iso
from risk.history.connect import now_ms
from risk.history.schema_cases import access_log
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


def test_a_customer_of_whom_nothing_is_known_is_not_found(mei: Visitor) -> None:
    assert mei.read("customer", id="nobody").status_code == 404
