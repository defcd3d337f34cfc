"""What is known of a customer over HTTP, and the entries of the block and allow lists."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest

from tests.api.declared import document
from tests.api.serving import Running
from tests.api.test_scoring import body


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


def next_decision(client: httpx.Client, customer: str) -> dict[str, Any]:
    """The Decision of one more request of a customer."""
    one = body()
    one["order"][0].update(customer_id=customer)
    one["refund"]["type"] = "refund_only"
    decision: dict[str, Any] = client.post("/v1/refunds/score", json=one).json()
    return decision


def rules_of(decision: dict[str, Any]) -> list[str]:
    return [rule["id"] for rule in decision["rules"]]


def found_abusive(client: httpx.Client, customer: str, **more: Any) -> str:
    """The id of a request of the customer that the shop found to be abuse."""
    one = scored(client, customer)["refund"]
    finding = {"refund_id": one["refund_id"], "decided_at": one["requested_at"],
               "verdict": "abuse", **more}  # fmt: skip
    assert client.post("/v1/outcomes", json=finding).status_code == 201
    return str(one["refund_id"])


BRICKS = {"list": "block", "cause": "bricks came back", "asks": "prepayment"}


def test_a_block_bears_on_refunds_while_a_finding_stands(client: httpx.Client) -> None:
    scored(client, "cust-rude")
    insults = {"list": "block", "cause": "insults", "asks": "evidence"}
    assert client.put("/v1/customers/cust-rude/listing", json=insults).status_code == 200
    assert "block_list" not in rules_of(next_decision(client, "cust-rude"))
    found_abusive(client, "cust-audited", selected_by="random_audit")
    client.put("/v1/customers/cust-audited/listing", json=BRICKS)
    assert "block_list" not in rules_of(next_decision(client, "cust-audited"))
    found_abusive(client, "cust-blocked")
    client.put("/v1/customers/cust-blocked/listing", json=BRICKS)
    decision = next_decision(client, "cust-blocked")
    assert "block_list" in rules_of(decision)
    told = decision["customer_message"]
    assert "entry on your account" in told["en"]
    assert "paid in advance" in told["en"]
    assert "登记" in told["zh"]
    assert "申诉" in told["zh"]


def test_an_appealed_entry_rests_until_somebody_else_decides(
    served: Running, client: httpx.Client
) -> None:
    found_abusive(client, "cust-contests")
    at = "/v1/customers/cust-contests/listing"
    said = {"cause": "the parcel was opened on its way"}
    assert client.post(f"{at}/appeal", json=said).status_code == 409
    client.put(at, json=BRICKS)
    contested = client.post(f"{at}/appeal", json=said)
    assert contested.status_code == 200, contested.text
    assert (contested.json()["listing"], contested.json()["listings"][0]["list"]) == (
        None, "appealed",
    )  # fmt: skip
    assert "block_list" not in rules_of(next_decision(client, "cust-contests"))
    assert client.put(at, json=BRICKS).status_code == 403
    with served.client("review") as other:
        assert other.put(at, json=BRICKS).json()["listing"]["list"] == "block"
    assert "block_list" in rules_of(next_decision(client, "cust-contests"))
    assert client.post(f"{at}/appeal", json=said).status_code == 200
    assert client.delete(at).status_code == 200


def test_an_allow_entry_ends_with_a_finding_of_fraud(client: httpx.Client) -> None:
    scored(client, "cust-allowed")
    allow = {"list": "allow", "cause": "a victim of a false accusation"}
    client.put("/v1/customers/cust-allowed/listing", json=allow)
    assert "allow_list" in rules_of(next_decision(client, "cust-allowed"))
    found_abusive(client, "cust-allowed", verdict="fraud")
    assert "allow_list" not in rules_of(next_decision(client, "cust-allowed"))


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
