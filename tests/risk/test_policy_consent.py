"""Consent of the merchant, goodwill, block and allow lists: what they ask and what they cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from risk.policy import Listing, Situation, decide, parse
from tests.risk.policy_cases import DAY, NOW, POLICY, case, situations

HOPELESS = case(0.99, 3000)


def rules_of(known: Situation) -> list[str]:
    return [rule.id for rule in decide(POLICY, known).rules]


def tier_of(known: Situation) -> str:
    return decide(POLICY, known).tier


@pytest.mark.parametrize(
    ("known", "needed"),
    [
        ({"claims_received": True}, True),
        ({"claims_received": False, "reason_code": "not_received"}, False),
        ({"claims_received": None, "reason_code": "damaged"}, True),
        ({"claims_received": None, "reason_code": "not_received", "delivered_at": NOW}, False),
        ({"claims_received": None, "reason_code": "unwanted", "delivered_at": NOW}, True),
        ({"claims_received": None, "reason_code": "unwanted"}, False),
        ({"claims_received": True, "type": "return_and_refund"}, False),
        ({"claims_received": True, "verdict": "merchant_fault"}, False),
        ({"claims_received": True, "customer_tier": "vip", "amount": 120_000}, True),
    ],
)
def test_refund_without_return_needs_the_merchants_consent(
    known: dict[str, Any], needed: bool
) -> None:
    ruling = decide(POLICY, replace(case(), **known))
    assert ("merchant_consent" in ruling.conditions) is needed
    assert ruling.tier == "approve"


@pytest.mark.parametrize(
    ("change", "goodwill"),
    [
        ({}, True),
        ({"no_reason_return": None}, False),
        ({"no_reason_return": True}, False),
        ({"no_reason_return": True, "delivered_at": NOW - 9 * DAY}, True),
        ({"reason_code": "defective"}, False),
        ({"type": "exchange"}, True),
        ({"type": "repair"}, False),
        ({"stage": "return"}, False),
    ],
)
def test_a_change_of_mind_outside_the_right_is_the_merchants_to_grant(
    change: dict[str, Any], goodwill: bool
) -> None:
    unwanted = case(type="return_and_refund", reason_code="unwanted", no_reason_return=False)
    assert ("outside_right" in rules_of(replace(unwanted, **change))) is goodwill


def test_consent_may_stand_for_all_for_one_or_up_to_an_amount() -> None:
    everyone = parse(POLICY.source.replace("standing = false", "standing = true"))
    one = parse(POLICY.source.replace("merchants = []", 'merchants = ["M-1"]'))
    small = parse(POLICY.source.replace("up_to = 0.0 ", "up_to = 200.0 "))
    received = case(amount=199)
    for policy, known, consented in (
        (everyone, received, True),
        (one, received, False),
        (one, replace(received, merchant_id="M-1"), True),
        (small, received, True),
        (small, case(amount=201), False),
    ):
        assert ("merchant_consent" in decide(policy, known).conditions) is not consented


@given(situations)
def test_consent_never_raises_the_tier(known: Situation) -> None:
    everyone = parse(POLICY.source.replace("standing = false", "standing = true"))
    assert decide(POLICY, known).tier == decide(everyone, known).tier


BLOCK = Listing("block", "empty box confirmed in case 17", "lin", expires_at=NOW + DAY)


@pytest.mark.parametrize(
    ("entry", "tier"),
    [
        (BLOCK, "request_evidence"),
        (replace(BLOCK, expires_at=NOW), "approve"),
        (replace(BLOCK, expires_at=None), "request_evidence"),
        (replace(BLOCK, cause=" "), "approve"),
        (replace(BLOCK, by=""), "approve"),
        (replace(BLOCK, asks="prepayment"), "approve"),
        (replace(BLOCK, kind="allow"), "approve"),
    ],
)
def test_a_block_asks_only_with_cause_person_and_time(entry: Listing, tier: str) -> None:
    assert tier_of(case(0.01, 80, listings=(entry,), live_findings=1)) == tier
    assert tier_of(case(0.01, 80, listings=(entry,))) == "approve"


def test_a_block_asks_for_prepayment_by_rule_and_for_nothing_that_does_not_fit() -> None:
    prepay = decide(POLICY, case(listings=(replace(BLOCK, asks="prepayment"),), live_findings=1))
    assert "asks:prepayment" in [rule.effect for rule in prepay.rules]
    early = case(0.01, reason_code="unwanted", listings=(BLOCK,), live_findings=1)
    assert tier_of(early) == "approve"


def test_an_allow_entry_pays_and_yields_to_block_and_findings() -> None:
    allow = replace(BLOCK, kind="allow")
    assert tier_of(replace(HOPELESS, listings=(allow,))) == "approve"
    assert tier_of(case(0.01, 80, listings=(allow, BLOCK), live_findings=1)) == "request_evidence"
    assert tier_of(replace(HOPELESS, listings=(allow,), verdict="fraud")) != "approve"
