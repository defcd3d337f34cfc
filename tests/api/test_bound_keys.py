"""Two merchants with the same numbers: each sees its own, and moves nothing of the other's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.serving import counted
from tests.api.test_evidence_files import put
from tests.api.two_merchants import (
    AT,
    SCOPES,
    Marketplace,
    case,
    essence,
    finding,
    parcels,
    scored,
    stored,
)
from tests.evidence_pictures import picture

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
    assert (sent.status_code, counted(sent)) == (201, {"stored": 1, "known": 0})
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
    assert stored(market, "outcomes") == 0


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
        assert counted(client.post("/v1/shipments", json=shipped)) == {"stored": 1, "known": 0}
        seen = parcels(market, {"M-A": "1001", "M-B": "1001@M-B"}[merchant])
        assert seen == {"lost", "shipped"}


def test_an_internal_id_is_a_name_that_nobody_gave(market: Marketplace) -> None:
    """`1001@M-B` is what B's order 1001 is called inside, where another merchant had it first."""
    scored(market.a, case("M-A", 1001))
    told = []
    for number in (1001, 1002):
        scored(market.b, case("M-B", number))
        request, order, item = (f"{name}@M-B" for name in (f"{number}-1", number, f"E{number}"))
        key = {"kind": "refunds", "key": {"refund_id": request}, "retracted_at": AT, "reason": "no"}
        parcel = {"order_id": order, "status": "lost", "occurred_at": AT}
        calls = [
            market.b.get(f"/v1/refunds/{request}/decisions"),
            market.b.post(f"/v1/refunds/{request}/score"),
            market.b.get(f"/v1/cases/{request}/dossier"),
            market.b.post("/v1/outcomes", json=finding(request, "fraud")),
            market.b.post("/v1/shipments", json=parcel),
            put(market.b, item, picture(number % 10)),
            put(market.b, item, picture(number % 10)),
            market.b.post("/v1/retractions", json=key),
        ]
        after = market.b.post(f"/v1/refunds/{number}-1/score").json()
        named = case("M-B", number, customer=f"another-{number}")
        for fact in (*named["order"], *named["shipments"], *named["evidence"], named["refund"]):
            fact["order_id"] = order
        for fact in (*named["evidence"], named["refund"]):
            fact["refund_id"] = request
        named["evidence"][0]["evidence_id"] = item
        calls.append(market.b.post("/v1/refunds/score", json=named))
        told.append(([call.status_code for call in calls], essence(after)))
    assert told[0] == told[1]


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
    assert stored(market, "outcomes") == 2
    unknown = market.platform.get("/v1/refunds/1001-1/decisions", params={"merchant": "M-C"})
    assert unknown.status_code == 404


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
