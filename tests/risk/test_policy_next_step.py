"""The next step fits the tier, the conditions and the state, and is told in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from risk.policy import Situation, decide
from risk.policy.conclusion import is_concluded
from risk.policy.next_step import next_step
from risk.policy.step_of_rules import NextStep
from tests.risk.policy_cases import DAY, HOUR, NOW, POLICY, case, situations

RETURN = {"type": "return_and_refund", "no_reason_return": True, "delivered_at": NOW - DAY}


def step_of(known: Situation) -> NextStep:
    return next_step(POLICY, known, decide(POLICY, known))


@given(situations)
def test_it_fits_the_answer(known: Situation) -> None:
    ruling, (action, text, _) = decide(POLICY, known), step_of(known)
    fitting = {
        "approve": {"pay", "wait", "ask_merchant", "ask_courier"},
        "request_evidence": {f"ask_{one.source}" for one in ruling.required_evidence},
        "platform_intervention": {"call", "offer", "ask_merchant", "ask_courier"},
    }
    done = is_concluded(POLICY, known) or known.held
    concluded = {"call", "pay", "wait"} if done else set()
    assert action in fitting[ruling.tier] | concluded
    for language in ("en", "zh"):
        assert text[language]
        assert "{" not in text[language]


@pytest.mark.parametrize(
    ("known", "action"),
    [
        (case(0.02, 259, reason_code="not_received", claims_received=False, courier="lost"), "pay"),
        (case(0.02, 259, claims_received=True, delivered_at=NOW - DAY), "ask_merchant"),
        (case(0.02, 259, **RETURN), "wait"),
        (case(0.02, 259, **RETURN, stage="inspection", inspections=("as_sent",)), "pay"),
        (case(0.4, 459, reason_code="not_received", claims_received=False, courier="delivered",
              delivered_at=NOW - 2 * DAY), "ask_courier"),
        (case(0.5, 899, claims_received=True, delivered_at=NOW - DAY), "ask_customer"),
        (case(0.02, 259, verdict="fraud"), "call"),
        (case(0.02, 259, reason_code="not_received", courier="moving"), "ask_courier"),
        (case(0.02, 259, **RETURN, stage="return", return_arrived=True,
              return_arrived_at=NOW - HOUR), "wait"),
        (case(0.02, 259, type="return_and_refund", stage="return", return_arrived=True,
              return_arrived_at=NOW - 50 * HOUR), "ask_courier"),
        (case(0.02, 259, type="return_and_refund", stage="return", return_arrived=True,
              return_arrived_at=NOW - 80 * HOUR), "pay"),
        (case(0.99, 259, withdrawn=True), "wait"),
    ],
)  # fmt: skip
def test_it_is_what_an_after_sales_lead_would_do(known: Situation, action: str) -> None:
    assert step_of(known).action == action


def test_whoever_can_know_is_asked_before_the_customer_is_called() -> None:
    """Where weight was lost on the way, and where the courier gave something to read."""
    back = case(0.4, 689, type="return_and_refund", stage="inspection", claims_received=True,
                inspections=("empty",), return_arrived=True,
                weighings=(("return", 2_500.0, 190.0),))  # fmt: skip
    assert step_of(back).step == "lighter"
    out = case(0.1, 18_800, reason_code="missing_item", claims_received=True, courier="delivered",
               delivered_at=NOW - DAY, packed_as_ordered="record",
               weighings=(("outbound", 230.0, 60.0),))  # fmt: skip
    assert step_of(out).step == "packing"
    read = case(0.7, 8_600, reason_code="not_received", claims_received=False, courier="delivered",
                delivered_at=NOW - DAY, evidence=(("photo", "courier"),))  # fmt: skip
    assert step_of(read).step == "read_call"


def test_nothing_is_offered_to_who_may_be_another_or_in_place_of_what_is_disputed() -> None:
    moved = case(0.1, 3_600, reason_code="missing_item", claims_received=True, payout_changed=True,
                 age_days=1_500.0, contact_confirmed=False)  # fmt: skip
    for known in (moved, replace(moved, contact_confirmed=True)):
        offered = decide(POLICY, known).suggestions
        assert bool(offered) == bool(known.contact_confirmed), offered
    assert "another" not in decide(POLICY, moved).customer_message["en"]
    empty = case(0.1, 500, reason_code="missing_item", claims_received=True, courier="delivered",
                 delivered_at=NOW - DAY, weighings=(("outbound", 230.0, 60.0),))  # fmt: skip
    assert "partial_refund" not in decide(POLICY, empty).suggestions, "nobody keeps what is gone"
    assert "partial_refund" in decide(POLICY, replace(empty, weighings=())).suggestions
    dear = case(0.7, 8_600, reason_code="not_received", claims_received=False, courier="delivered",
                delivered_at=NOW - DAY)  # fmt: skip
    assert "resend" not in decide(POLICY, dear).suggestions
    assert "resend" in decide(POLICY, replace(dear, amount=200_0000)).suggestions


def test_a_person_may_offer_what_fits_once_the_goods_were_looked_at() -> None:
    scratched = replace(
        case(0.02, 1299, reason_code="unwanted", **RETURN),
        stage="inspection",
        inspections=("damaged_by_customer",),
    )
    step = step_of(scratched)
    assert step.action == "offer"
    assert "1039.20 CNY of the price as it came back" in step.text["en"]
    assert "a new one in exchange, with 6 more months of warranty" in step.text["en"]
