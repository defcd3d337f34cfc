"""What is known of a customer over HTTP, and the entries of the block and allow lists."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest
from declared import document
from serving import Running
from test_scoring import body


def scored(client: httpx.Client, customer: str, **order: Any) -> dict[str, Any]:
    """A scored request of a customer."""
    one = body()
    one["order"][0].update(customer_id=customer, **order)
    answer = client.post("/v1/refunds/score", json=one)
    assert answer.status_code == 200, answer.text
    return one


def read(client: httpx.Client, customer: str) -> dict[str, Any]:
    answer = client.get(f"/v1/customers/{customer}")
    assert answer.status_code == 200, answer.text
    everything = {"$ref": "#/components/schemas/Customer", "components": document()["components"]}
    jsonschema.Draft202012Validator(everything).validate(answer.json())
    found: dict[str, Any] = answer.json()
    return found


def test_orders_requests_and_findings_are_told(client: httpx.Client) -> None:
    one = scored(client, "cust-told")
    refund = one["refund"]
    finding = {"refund_id": refund["refund_id"], "decided_at": refund["requested_at"],
               "verdict": "abuse"}  # fmt: skip
    assert client.post("/v1/outcomes", json=finding).status_code == 201
    found = read(client, "cust-told")
    assert found["requested"] == 1
    assert found["requests"][0]["refund_id"] == refund["refund_id"]
    assert (found["requests"][0]["verdict"], found["findings"]) == ("abuse", {"abuse": 1})
    (paid,) = found["orders"]
    assert (paid["orders"], float(paid["paid"])) == (1, float(one["order"][0]["amount"]))
    assert (found["listing"], found["listings"]) == (None, [])


def test_others_at_a_shared_thing_are_counted_and_not_named(client: httpx.Client) -> None:
    for customer in ("cust-one", "cust-two", "cust-three"):
        scored(client, customer, payment_instrument="one card of three")
    found = read(client, "cust-one")
    assert found["shared"]["payment"] == 2
    assert "cust-two" not in str(found)


def test_an_entry_is_made_replaced_and_ended(client: httpx.Client) -> None:
    scored(client, "cust-listed")
    at = "/v1/customers/cust-listed/listing"
    block = {"list": "block", "cause": "bricks came back", "note": "seen on film"}
    made = client.put(at, json=block)
    assert made.status_code == 200, made.text
    entry = made.json()["listing"]
    assert (entry["list"], entry["cause"]) == ("block", "bricks came back\nseen on film")
    assert entry["expires_at"] is not None
    allow = {"list": "allow", "cause": "it was the courier", "expires_at": entry["expires_at"]}
    assert client.put(at, json=allow).json()["listing"]["list"] == "allow"
    ended = client.delete(at)
    assert (ended.status_code, ended.json()["listing"]) == (200, None)
    assert [one["list"] for one in ended.json()["listings"]] == ["withdrawn", "allow", "block"]
    assert client.delete(at).status_code == 409


def test_a_block_bears_on_the_next_decision(client: httpx.Client) -> None:
    scored(client, "cust-blocked")
    entry = {"list": "block", "cause": "bricks came back", "asks": "prepayment"}
    client.put("/v1/customers/cust-blocked/listing", json=entry)
    one = body()
    one["order"][0].update(customer_id="cust-blocked")
    decision = client.post("/v1/refunds/score", json=one).json()
    assert "block_list" in [rule["id"] for rule in decision["rules"]]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"list": "grey"}, "list"),
        ({"cause": "  "}, "cause"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2150-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"until": "2027-01-01T00:00:00Z"}, "until"),
    ],
)
def test_a_wrong_entry_is_refused_by_its_field(
    client: httpx.Client, change: dict[str, Any], named: str
) -> None:
    scored(client, "cust-wrong")
    entry = {"list": "block", "cause": "bricks came back", **change}
    answer = client.put("/v1/customers/cust-wrong/listing", json=entry)
    assert answer.status_code == 422, answer.text
    assert named in answer.text
    assert read(client, "cust-wrong")["listings"] == []


def test_an_unknown_customer_is_a_404(client: httpx.Client) -> None:
    entry = {"list": "block", "cause": "bricks came back"}
    assert client.get("/v1/customers/nobody").status_code == 404
    assert client.put("/v1/customers/nobody/listing", json=entry).status_code == 404
    assert client.delete("/v1/customers/nobody/listing").status_code == 404


def test_a_bound_key_sees_its_own_alone_and_enters_nobody(
    served: Running, client: httpx.Client
) -> None:
    mine = scored(client, "cust-both", merchant_id="M-mine")
    scored(client, "cust-both", merchant_id="M-other")
    entry = {"list": "block", "cause": "bricks came back"}
    client.put("/v1/customers/cust-both/listing", json=entry)
    with served.client("review", merchants=["M-mine"]) as bound:
        found = read(bound, "cust-both")
        assert [one["refund_id"] for one in found["requests"]] == [mine["refund"]["refund_id"]]
        assert (found["requested"], found["shared"], found["listing"]) == (1, {}, None)
        assert bound.put("/v1/customers/cust-both/listing", json=entry).status_code == 403
        assert bound.delete("/v1/customers/cust-both/listing").status_code == 403
    with served.client("review", merchants=["M-none"]) as stranger:
        assert stranger.get("/v1/customers/cust-both").status_code == 404
    with served.client("score") as scorer:
        assert scorer.get("/v1/customers/cust-both").status_code == 403
