"""What an administrator bound to a merchant may take back, and what not."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from risk.history.schema import FACTS
from tests.api.serving import counted
from tests.api.two_merchants import AT, Marketplace, case, finding, scored, waiting


def test_a_bound_administrator_takes_back_its_own_facts_only(market: Marketplace) -> None:
    for merchant, client in (("M-A", market.a), ("M-B", market.b)):
        scored(client, case(merchant, 1001))
    platform = case("M-B", 5001)
    scored(market.platform, platform)
    back = {"retracted_at": AT, "reason": "a mistake"}
    line = {"kind": "orders", "key": {"order_id": "1001", "line_id": "1"}, **back}
    assert market.b.post("/v1/retractions", json=line).status_code == 201
    assert counting(market, "orders") == {"1001", "5001"}
    for key in ({"kind": "orders", "key": {"order_id": "5001", "line_id": "1"}},
                {"kind": "refunds", "key": {"refund_id": "5001-1"}},
                {"kind": "evidence", "key": {"evidence_id": "E5001"}},
                {"kind": "refunds", "key": {"refund_id": "unseen"}}):  # fmt: skip
        refused = market.a.post("/v1/retractions", json={**key, **back})
        assert refused.status_code == 403
        assert refused.json()["errors"][0]["field"] == "key"
        assert "its own merchants" in refused.json()["detail"]
    assert counting(market, "orders") == {"1001", "5001"}


def test_the_platform_takes_back_what_it_says_is_a_merchants_and_nothing_of_another(
    market: Marketplace,
) -> None:
    scored(market.a, case("M-A", 1001))
    back = {"kind": "orders", "key": {"order_id": "1001", "line_id": "1"},
            "retracted_at": AT, "reason": "a mistake"}  # fmt: skip
    query = {"merchant": "M-B"}
    assert market.platform.post("/v1/retractions", json=back, params=query).status_code == 201
    assert counting(market, "orders") == {"1001"}


def test_what_has_a_long_id_is_taken_back(market: Marketplace) -> None:
    for merchant in ("M-A", "M-B" + "x" * 40):
        line = {**case("M-A", 1001)["order"][0], "order_id": "9" * 190, "merchant_id": merchant}
        query = {"merchant": merchant}
        market.platform.post("/v1/orders", json=line, params=query).raise_for_status()
        back = {"kind": "orders", "key": {"order_id": "9" * 190, "line_id": line["line_id"]},
                "retracted_at": AT, "reason": "a mistake"}  # fmt: skip
        answer = market.platform.post("/v1/retractions", json=back, params=query)
        assert counted(answer) == {"stored": 1, "known": 0}
    assert counting(market, "orders") == set()


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
    assert waiting(market) == 0
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


def counting(market: Marketplace, kind: str) -> set[str]:
    c = FACTS[kind].c
    with market.run.service.history.read() as connection:
        query = sa.select(c.order_id).where(c.valid_to > 4 * 10**12)
        return set(connection.execute(query).scalars())
