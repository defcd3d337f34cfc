"""What the courier lost, or the shop sent wrong, is not held against a customer's next request."""

from __future__ import annotations

from typing import Any

import pytest

from risk.policy import load
from tests.api.two_merchants import AT, Marketplace, case, scored
from tests.examination.sign import A_LITTLE
from training.promote_starter import in_service
from training.starter.packaged import packaged

NEVER_CAME = {"type": "refund_only", "reason_code": "not_received", "claims_received": False}
WRONG = {"type": "return_and_refund", "reason_code": "wrong_item"}


@pytest.fixture
def market(market: Marketplace) -> Marketplace:
    """The marketplace with the starter in service."""
    use = load(None).starter
    assert use
    market.run.promote("2", in_service(packaged(), use))
    return market


def _case(number: int, customer: str, asked: dict[str, Any]) -> dict[str, Any]:
    """A case of a customer, with a picture of its own."""
    made = case("M-B", number, customer, **asked)
    made["evidence"][0]["content_hash"] = f"picture {number} of {customer}"
    return made


def _next(market: Marketplace, number: int, customer: str, asked: dict[str, Any]) -> dict[str, Any]:
    return scored(market.b, _case(number, customer, asked), dry_run="true")


def test_what_the_courier_lost_is_not_held_against_the_next_claim(market: Marketplace) -> None:
    for number, customer in ((301, "Lin"), (302, "Wu")):
        scored(market.b, _case(number, customer, NEVER_CAME))
    found = {"refund_id": "301-1", "decided_at": AT, "verdict": "courier_fault"}
    market.b.post("/v1/outcomes", json=found).raise_for_status()
    lost, open_still = (_next(market, 401, name, NEVER_CAME) for name in ("Lin", "Wu"))
    nothing = _next(market, 401, "Mei", NEVER_CAME)
    assert lost["raw_score"] < nothing["raw_score"] + A_LITTLE
    assert lost["raw_score"] <= open_still["raw_score"]


def test_a_wrong_item_that_came_back_is_not_held_against_who_was_sent_it(
    market: Marketplace,
) -> None:
    for number, customer in ((311, "Lin"), (312, "Wu")):
        asked = WRONG if customer == "Lin" else {**WRONG, "reason_code": "defective"}
        scored(market.b, _case(number, customer, asked))
        seen = {"refund_id": f"{number}-1", "inspected_at": AT, "condition": "different_item"}
        market.b.post("/v1/inspections", json=seen).raise_for_status()
    sent_wrong, swapped = (_next(market, 411, name, WRONG) for name in ("Lin", "Wu"))
    nothing = _next(market, 411, "Mei", WRONG)
    assert sent_wrong["raw_score"] < nothing["raw_score"] + A_LITTLE
    assert swapped["raw_score"] > nothing["raw_score"]
    assert "not as sent" not in str(sent_wrong["reasons"])
