"""What a bound key sends before its order is known: unseen, then counted, or dropped."""

from __future__ import annotations

from tests.api.serving import counted
from tests.api.two_merchants import Marketplace, case, essence, parcels, scored, stored, waiting


def test_facts_wait_unseen_and_count_when_the_order_is_the_merchants(market: Marketplace) -> None:
    one = case("M-B", 1001)
    parcel = one["shipments"][0]
    for expected in ((201, {"stored": 1, "known": 0}), (200, {"stored": 0, "known": 1})):
        sent = market.b.post("/v1/shipments", json=parcel)
        assert (sent.status_code, counted(sent)) == expected
    assert stored(market, "shipments") == 0
    assert market.b.post("/v1/orders", json=one["order"]).status_code == 201
    assert stored(market, "shipments") == 1
    assert waiting(market) == 0


def test_facts_are_dropped_when_the_platform_says_whose_the_order_is(market: Marketplace) -> None:
    one = case("M-B", 1001)
    assert market.a.post("/v1/shipments", json=one["shipments"][0]).status_code == 201
    assert market.platform.post("/v1/orders", json=one["order"]).status_code == 201
    assert (waiting(market), stored(market, "shipments")) == (0, 0)
    refused = market.a.post("/v1/shipments", json=one["shipments"][0])
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["field"] == "order_id"


def test_a_squatter_does_not_drop_what_waits_for_the_honest(market: Marketplace) -> None:
    one = case("M-B", 1001)
    assert market.b.post("/v1/shipments", json=one["shipments"][0]).status_code == 201
    assert market.a.post("/v1/orders", json=case("M-A", 1001)["order"]).status_code == 201
    assert waiting(market) == 1
    assert market.b.post("/v1/evidence", json=one["evidence"][0]).status_code == 201
    assert market.b.post("/v1/orders", json=one["order"]).status_code == 201
    assert parcels(market, "1001@M-B") == {"shipped"}
    assert market.b.post("/v1/refunds", json=one["refund"]).status_code == 201
    assert (waiting(market), stored(market, "evidence")) == (0, 1)


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
