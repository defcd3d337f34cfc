"""What a shop says against a customer counts at that shop, until somebody else says so too."""

from __future__ import annotations

from typing import Any

import pytest

from risk.policy import load
from tests.api.two_merchants import AT, SCOPES, Marketplace, case, scored
from training.promote_starter import in_service
from training.starter.packaged import packaged

SHARED = ("device_id", "payment_instrument", "shipping_address")
SCORE = ("tier", "conditions", "raw_score", "reasons", "linked", "rules")


@pytest.fixture
def market(market: Marketplace) -> Marketplace:
    """The marketplace with the starter in service: it weighs what was found."""
    use = load(None).starter
    assert use
    market.run.promote("2", in_service(packaged(), use))
    return market


def _claim(merchant: str, number: int, customer: str, own: str = "") -> dict[str, Any]:
    """A case of a customer, with things of their `own` or those of a household of one name."""
    asked = {"type": "refund_only", "reason_code": "defective"}
    made = case(merchant, number, customer, **asked)
    made["order"][0].update(dict.fromkeys(SHARED, own or customer))
    return made


def _said(refund_id: str, verdict: str = "fraud") -> dict[str, Any]:
    return {"refund_id": refund_id, "decided_at": AT, "verdict": verdict}


def _asked(market: Marketplace, number: int, customer: str, own: str = "") -> dict[str, Any]:
    """How merchant M-B's next case of the customer would be decided."""
    return scored(market.b, _claim("M-B", number, customer, own), dry_run="true")


@pytest.mark.parametrize("who", ["the customer", "somebody with the same card and device"])
@pytest.mark.parametrize("kind", ["outcomes", "inspections"])
def test_one_shops_word_moves_no_other_shops_case(market: Marketplace, kind: str, who: str) -> None:
    customer = "Lin" if who == "the customer" else "Mei"
    for number in (101, 102, 103):
        scored(market.a, _claim("M-A", number, customer, "home"))
    before = _asked(market, 901, "Lin", "home")
    for number in (101, 102, 103):
        said = {"refund_id": f"{number}-1", "inspected_at": AT, "condition": "empty"}
        word = _said(f"{number}-1") if kind == "outcomes" else said
        market.a.post(f"/v1/{kind}", json=word).raise_for_status()
    after = _asked(market, 901, "Lin", "home")
    assert {name: after[name] for name in SCORE} == {name: before[name] for name in SCORE}
    own = scored(market.a, _claim("M-A", 104, "Lin", "home"), dry_run="true")
    if kind == "outcomes":
        assert own["raw_score"] > before["raw_score"] + 0.1


@pytest.mark.parametrize("second", ["another shop", "the platform"])
def test_a_finding_counts_elsewhere_once_somebody_else_made_one(
    market: Marketplace, second: str
) -> None:
    scored(market.a, _claim("M-A", 101, "Lin"))
    market.a.post("/v1/outcomes", json=_said("101-1")).raise_for_status()
    with market.run.client(*SCOPES, merchants=["M-C"]) as third:
        scored(third, _claim("M-C", 301, "Lin"))
        before = _asked(market, 901, "Lin")
        with market.run.client(*SCOPES, says="platform") as platform:
            sender = platform if second == "the platform" else third
            said = _said("301-1") | {"decided_by": "merchant" if sender is third else "platform"}
            sender.post("/v1/outcomes", json=said).raise_for_status()
    after = _asked(market, 901, "Lin")
    assert after["raw_score"] > before["raw_score"]
    assert "customer_findings" not in [one["code"] for one in before["reasons"]]
    [against] = [one for one in after["reasons"] if one["code"] == "customer_findings"]
    assert against["value"] == (1 if second == "the platform" else 2)


def test_without_a_shops_name_there_is_one_shop(market: Marketplace) -> None:
    """A shop that sells alone names no merchant: its findings are its own."""
    for number in (101, 102, 103):
        one = _claim("", number, "Lin")
        one["order"][0]["merchant_id"] = None
        scored(market.platform, one)
        word = _said(f"{number}-1", "abuse")
        market.platform.post("/v1/outcomes", json=word).raise_for_status()
    next_one = _claim("", 104, "Lin")
    next_one["order"][0]["merchant_id"] = None
    found = scored(market.platform, next_one, dry_run="true")
    assert "own_findings" in [rule["id"] for rule in found["rules"]]
    assert found["tier"] == "platform_intervention"
