"""A marketplace of two merchants with keys of their own and running order numbers, one hostile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from serving import Running, running
from test_scoring import body

from risk.history.schema import FACTS
from risk.history.schema_tenants import waiting_facts

SCOPES = ("ingest", "outcomes", "score", "review", "admin")
AT = "2026-03-06T10:00:00+08:00"


@dataclass(frozen=True)
class Marketplace:
    """The service, the platform's own key, and the keys of the merchants M-A (hostile) and M-B."""

    run: Running
    platform: httpx.Client
    a: httpx.Client
    b: httpx.Client


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Marketplace]:
    with (
        running(tmp_path) as run,
        run.client() as platform,
        run.client(*SCOPES, merchants=["M-A"]) as a,
        run.client(*SCOPES, merchants=["M-B"]) as b,
    ):
        yield Marketplace(run, platform, a, b)


def case(merchant: str, number: int, customer: str = "", **refund: Any) -> dict[str, Any]:
    """A scoring body of a merchant with running numbers; photos are of its own."""
    one = body(str(number), order_id=f"{number}", refund_id=f"{number}-1", **refund)
    for fact in (*one["order"], *one["shipments"], *one["evidence"]):
        fact["order_id"] = f"{number}"
    own = customer or f"{merchant}-{number}"
    touched = ("customer_id", "device_id", "payment_instrument", "shipping_address")
    one["order"][0].update(dict.fromkeys(touched, own), merchant_id=merchant, phone=None, ip=None)
    one["refund"].update(device_id=own, payout_account=own, reason_text=f"It broke, says {own}.")
    one["evidence"][0].update(evidence_id=f"E{number}", refund_id=f"{number}-1", content_hash=own)
    return one


def scored(client: httpx.Client, one: Any, **query: str) -> dict[str, Any]:
    answer = client.post("/v1/refunds/score", json=one, params=query)
    assert answer.status_code == 200, answer.text
    decision: dict[str, Any] = answer.json()
    return decision


def essence(decision: dict[str, Any]) -> dict[str, Any]:
    """What a decision says, without the moment at which it was made."""
    return {
        **{name: decision[name] for name in ("tier", "stage", "conditions", "linked")},
        "rules": [rule["id"] for rule in decision["rules"]],
        "probability": pytest.approx(decision["probability"], rel=1e-3),
    }


def finding(refund_id: str, verdict: str) -> dict[str, Any]:
    return {"refund_id": refund_id, "decided_at": AT, "verdict": verdict}


AHEAD: dict[str, tuple[str, dict[str, Any]]] = {
    "an inspection": (
        "inspections", {"refund_id": "1001-1", "inspected_at": AT, "condition": "counterfeit"}
    ),
    "a finding of fraud": ("outcomes", finding("1001-1", "fraud")),
    "a finding of the merchant's fault": ("outcomes", finding("1001-1", "merchant_fault")),
    "a line of the order": (
        "orders",
        {**case("M-A", 1001)["order"][0], "line_id": "zz", "amount": "1.00"},
    ),
    "the request": ("refunds", case("M-A", 1001)["refund"] | {"reason_text": "no"}),
    "evidence": ("evidence", {**case("M-A", 1001)["evidence"][0], "kind": "declined"}),
    "a parcel": ("shipments", {**case("M-A", 1001)["shipments"][0], "status": "lost"}),
    "a payment dispute": (
        "payment-disputes",
        {"dispute_id": "D1", "order_id": "1001", "stage": "lost", "occurred_at": AT,
         "amount": "349.00"},
    ),
    "feedback": ("feedback", {"refund_id": "1001-1", "answered_at": AT, "satisfaction": 1}),
}  # fmt: skip
"""What the hostile merchant sends about the order 1001 before the honest one has it."""


@pytest.mark.parametrize("ahead", AHEAD)
def test_what_is_sent_ahead_moves_no_case_of_another_merchant(
    market: Marketplace, ahead: str
) -> None:
    kind, fact = AHEAD[ahead]
    sent = market.a.post(f"/v1/{kind}", json=fact)
    assert (sent.status_code, sent.json()) == (201, {"stored": 1, "known": 0})
    honest, calm = case("M-B", 1001), case("M-B", 2001)
    found = scored(market.b, honest)
    assert found["refund_id"] == "1001-1"
    again = market.b.post("/v1/refunds/1001-1/score")
    assert essence(found) == essence(scored(market.b, calm))
    assert essence(again.json()) == essence(market.b.post("/v1/refunds/2001-1/score").json())
    assert scored(market.b, honest) == found
    listed = market.b.get("/v1/refunds/1001-1/decisions").json()
    assert [one["decision_id"] for one in listed] == [
        found["decision_id"], again.json()["decision_id"],
    ]  # fmt: skip
    assert {one["refund_id"] for one in listed} == {"1001-1"}
    _a_sees_nothing_of_b(market, found["decision_id"])


def _a_sees_nothing_of_b(market: Marketplace, decision_id: str) -> None:
    assert market.a.get(f"/v1/decisions/{decision_id}").status_code == 404
    assert "M-B" not in market.a.get("/v1/cases/1001-1/dossier").text
    own = market.a.get("/v1/refunds/1001-1/decisions")
    assert own.status_code == 404 or own.json() == []
    assert all(row["merchant_id"] == "M-A" for row in market.a.get("/v1/cases").json()["cases"])


def test_a_squatted_line_opens_no_order_of_the_platform(market: Marketplace) -> None:
    kind, fact = AHEAD["a line of the order"]
    assert market.a.post(f"/v1/{kind}", json=fact).status_code == 201
    one = case("M-B", 1001)
    refused = market.platform.post("/v1/refunds/score", json=one)
    assert refused.status_code == 409
    assert "?merchant=" in refused.json()["detail"]
    found = scored(market.platform, one, merchant="M-B")
    assert market.b.get("/v1/refunds/1001-1/decisions").json() == [found]
    assert market.a.get(f"/v1/decisions/{found['decision_id']}").status_code == 404
    assert market.a.post("/v1/outcomes", json=finding("1001-1", "fraud")).status_code == 201
    assert _stored(market, "outcomes") == 0


def test_both_use_the_same_numbers_and_each_sees_its_own(market: Marketplace) -> None:
    found = {}
    for merchant, client in (("M-A", market.a), ("M-B", market.b)):
        for number in (1001, 1002):
            one = case(merchant, number)
            found[merchant, number] = scored(client, one)
            assert scored(client, one) == found[merchant, number]
    assert len({one["decision_id"] for one in found.values()}) == 4
    for merchant, client in (("M-A", market.a), ("M-B", market.b)):
        assert client.get("/v1/refunds/1002-1/decisions").json() == [found[merchant, 1002]]
        mine = found[merchant, 1001]["decision_id"]
        assert client.get(f"/v1/decisions/{mine}").json()["refund_id"] == "1001-1"
        shipped = {**case(merchant, 1001)["shipments"][0], "status": "lost"}
        assert client.post("/v1/shipments", json=shipped).json() == {"stored": 1, "known": 0}
        parcels = _parcels(market, {"M-A": "1001", "M-B": "1001@M-B"}[merchant])
        assert parcels == {"lost", "shipped"}


def test_an_unbound_caller_names_the_merchant_where_two_use_an_id(market: Marketplace) -> None:
    ids = {}
    for merchant, client in (("M-A", market.a), ("M-B", market.b)):
        ids[merchant] = scored(client, case(merchant, 1001))["decision_id"]
    for call in (
        market.platform.get("/v1/refunds/1001-1/decisions"),
        market.platform.post("/v1/refunds/1001-1/score"),
        market.platform.get("/v1/cases/1001-1"),
        market.platform.post("/v1/cases/1001-1/claim"),
        market.platform.post("/v1/outcomes", json=finding("1001-1", "fraud")),
    ):
        assert call.status_code == 409, call.text
        assert "?merchant=" in call.json()["detail"]
    for merchant, decision_id in ids.items():
        query = {"merchant": merchant}
        listed = market.platform.get("/v1/refunds/1001-1/decisions", params=query).json()
        assert [(one["decision_id"], one["refund_id"]) for one in listed] == [
            (decision_id, "1001-1")
        ]
        found = market.platform.post("/v1/outcomes", params=query,
                                     json=finding("1001-1", "legitimate"))  # fmt: skip
        assert found.status_code == 201
    assert _stored(market, "outcomes") == 2
    unknown = market.platform.get("/v1/refunds/1001-1/decisions", params={"merchant": "M-C"})
    assert unknown.status_code == 404


def test_facts_wait_unseen_and_count_when_the_order_is_the_merchants(market: Marketplace) -> None:
    one = case("M-B", 1001)
    parcel = one["shipments"][0]
    for expected in ((201, {"stored": 1, "known": 0}), (200, {"stored": 0, "known": 1})):
        sent = market.b.post("/v1/shipments", json=parcel)
        assert (sent.status_code, sent.json()) == expected
    assert _stored(market, "shipments") == 0
    assert market.b.post("/v1/orders", json=one["order"]).status_code == 201
    assert _stored(market, "shipments") == 1
    assert _waiting(market) == 0


def test_facts_are_dropped_when_the_platform_says_whose_the_order_is(market: Marketplace) -> None:
    one = case("M-B", 1001)
    assert market.a.post("/v1/shipments", json=one["shipments"][0]).status_code == 201
    assert market.platform.post("/v1/orders", json=one["order"]).status_code == 201
    assert (_waiting(market), _stored(market, "shipments")) == (0, 0)
    refused = market.a.post("/v1/shipments", json=one["shipments"][0])
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["field"] == "order_id"


def test_a_squatter_does_not_drop_what_waits_for_the_honest(market: Marketplace) -> None:
    one = case("M-B", 1001)
    assert market.b.post("/v1/shipments", json=one["shipments"][0]).status_code == 201
    assert market.a.post("/v1/orders", json=case("M-A", 1001)["order"]).status_code == 201
    assert _waiting(market) == 1
    assert market.b.post("/v1/evidence", json=one["evidence"][0]).status_code == 201
    assert market.b.post("/v1/orders", json=one["order"]).status_code == 201
    assert _parcels(market, "1001@M-B") == {"shipped"}
    assert market.b.post("/v1/refunds", json=one["refund"]).status_code == 201
    assert (_waiting(market), _stored(market, "evidence")) == (0, 1)


def test_a_request_without_its_order_is_decided_at_once(market: Marketplace) -> None:
    one = case("M-B", 1001)
    first = scored(market.b, {"refund": one["refund"], "evidence": one["evidence"]})
    assert market.b.get("/v1/refunds/1001-1/decisions").json() == [first]
    assert market.a.get("/v1/refunds/1001-1/decisions").status_code == 404
    assert scored(market.b, {"refund": one["refund"], "evidence": one["evidence"]}) == first
    market.platform.post("/v1/orders", json=one["order"]).raise_for_status()
    calm = case("M-B", 2001)
    scored(market.b, {"refund": calm["refund"], "order": calm["order"],
                      "evidence": calm["evidence"]})  # fmt: skip
    again = [market.b.post(f"/v1/refunds/{n}-1/score").json() for n in (1001, 2001)]
    assert essence(again[0]) == essence(again[1])


def test_a_key_of_several_merchants_names_one(market: Marketplace) -> None:
    with market.run.client(*SCOPES, merchants=["M-B", "M-C"]) as both:
        one = case("M-B", 1001)
        refused = both.post("/v1/refunds/score", json={"refund": one["refund"]})
        assert refused.status_code == 422
        assert refused.json()["errors"][0] | {"expected": ""} == {
            "pointer": "?merchant", "field": "merchant", "row": None, "expected": "", "got": "none",
        }  # fmt: skip
        assert both.post("/v1/refunds/score", json=one).status_code == 200
        alone = {"refund": case("M-C", 3001)["refund"]}
        assert scored(both, alone, merchant="M-C")["refund_id"] == "3001-1"
        other = both.post("/v1/refunds/score", json=one, params={"merchant": "M-A"})
        assert (other.status_code, other.json()["errors"][0]["field"]) == (403, "merchant")
        assert both.post("/v1/orders", json=case("M-C", 1001)["order"]).status_code == 201
        unclear = both.post("/v1/shipments", json=one["shipments"])
        assert unclear.status_code == 422


def test_a_batch_is_scoped_one_by_one(market: Marketplace) -> None:
    bodies = [case("M-B", 1001), case("M-A", 1002), {"refund": case("M-B", 1003)["refund"]}]
    answers = market.b.post("/v1/refunds/score/batch", json=bodies).json()
    assert ["problem" in one for one in answers] == [False, True, False]
    assert answers[1]["problem"]["status"] == 403
    ids = [one["decision"]["refund_id"] for one in answers if "decision" in one]
    assert ids == ["1001-1", "1003-1"]


def test_a_bound_administrator_takes_back_its_own_facts_only(market: Marketplace) -> None:
    for merchant, client in (("M-A", market.a), ("M-B", market.b)):
        scored(client, case(merchant, 1001))
    platform = case("M-B", 5001)
    scored(market.platform, platform)
    back = {"retracted_at": AT, "reason": "a mistake"}
    line = {"kind": "orders", "key": {"order_id": "1001", "line_id": "1"}, **back}
    assert market.b.post("/v1/retractions", json=line).status_code == 201
    assert _counting(market, "orders") == {"1001", "5001"}
    for key in ({"kind": "orders", "key": {"order_id": "5001", "line_id": "1"}},
                {"kind": "refunds", "key": {"refund_id": "5001-1"}},
                {"kind": "evidence", "key": {"evidence_id": "E5001"}},
                {"kind": "refunds", "key": {"refund_id": "unseen"}}):  # fmt: skip
        refused = market.a.post("/v1/retractions", json={**key, **back})
        assert refused.status_code == 403
        assert refused.json()["errors"][0]["field"] == "key"
        assert "its own merchants" in refused.json()["detail"]
    assert _counting(market, "orders") == {"1001", "5001"}


def test_a_finding_of_the_platform_is_not_the_merchants_to_take_back(market: Marketplace) -> None:
    scored(market.b, case("M-B", 1001))
    with market.run.client("outcomes", says="platform") as platform:
        fraud = finding("1001-1", "fraud") | {"decided_by": "platform"}
        platform.post("/v1/outcomes", json=fraud).raise_for_status()
    key = {"refund_id": "1001-1", "decided_at": AT, "decided_by": "platform"}
    back = {"kind": "outcomes", "key": key, "retracted_at": AT, "reason": "we disagree"}
    assert market.b.post("/v1/retractions", json=back).status_code == 403


def test_what_waits_can_be_taken_back(market: Marketplace) -> None:
    parcel = case("M-B", 1001)["shipments"][0]
    market.b.post("/v1/evidence", json=case("M-B", 1001)["evidence"][0]).raise_for_status()
    key = {"evidence_id": "E1001"}
    back = {"kind": "evidence", "key": key, "retracted_at": AT, "reason": "the wrong photo"}
    assert market.a.post("/v1/retractions", json=back).status_code == 403
    assert market.b.post("/v1/retractions", json=back).status_code == 201
    assert _waiting(market) == 0
    assert market.b.post("/v1/shipments", json=parcel).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/receivers", {"url": "https://example.com/pushed"}),
        ("GET", "/v1/receivers", None),
        ("DELETE", "/v1/receivers/rcv_1", None),
        ("GET", "/v1/deliveries", None),
        ("POST", "/v1/deliveries/msg_1/resend", None),
        ("GET", "/v1/hooks", None),
        ("PUT", "/v1/hooks/shopify/main", {"secret": "a secret of theirs, long enough"}),
        ("DELETE", "/v1/hooks/shopify/main", None),
    ],
)
def test_a_bound_administrator_does_not_reach_the_whole_service(
    market: Marketplace, method: str, path: str, body: Any
) -> None:
    refused = market.a.request(method, path, json=body)
    assert refused.status_code == 403
    assert "bound" in refused.json()["detail"]
    assert market.platform.get("/v1/receivers").json() == []
    assert market.platform.get("/v1/hooks").json() == []


def test_ids_as_a_webhook_brings_them_are_not_taken_by_a_bound_key(market: Marketplace) -> None:
    line = {**case("M-A", 1001)["order"][0], "order_id": "shopify:main:1001"}
    assert market.a.post("/v1/orders", json=line).status_code == 201
    theirs = {**line, "merchant_id": "M-B", "amount": "9.00"}
    assert market.platform.post("/v1/orders", json=theirs, params={"merchant": "M-B"}).is_success


def _stored(market: Marketplace, kind: str) -> int:
    with market.run.service.history.read() as connection:
        query = sa.select(sa.func.count()).select_from(FACTS[kind])
        return int(connection.execute(query).scalar_one())


def _waiting(market: Marketplace) -> int:
    with market.run.service.history.read() as connection:
        query = sa.select(sa.func.count()).select_from(waiting_facts)
        return int(connection.execute(query).scalar_one())


def _parcels(market: Marketplace, order_id: str) -> set[str]:
    c = FACTS["shipments"].c
    with market.run.service.history.read() as connection:
        query = sa.select(c.status).where(c.order_id == order_id)
        return set(connection.execute(query).scalars())


def _counting(market: Marketplace, kind: str) -> set[str]:
    c = FACTS[kind].c
    with market.run.service.history.read() as connection:
        query = sa.select(c.order_id).where(c.valid_to > 4 * 10**12)
        return set(connection.execute(query).scalars())
