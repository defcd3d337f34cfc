"""The next step fits the tier, the conditions and the state, and is told in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from risk.features.order_money import OrderMoney
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
        "platform_intervention": {"call", "offer", "ask_merchant", "ask_courier", "ask_customer"},
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


def beside(reason: str, **more: Any) -> Situation:
    """A claim with three times the price asked: the price, and twice as much beside it."""
    money = OrderMoney(1_580_0000, 1_580_0000, 0, 0, "CNY", extras=3_160_0000)
    return case(0.04, 4_740, reason_code=reason, claims_received=True, courier="delivered",
                delivered_at=NOW - DAY, money=money, **more)  # fmt: skip


def test_what_decides_the_claim_comes_before_what_is_asked_beyond_the_price() -> None:
    late_film = (("photo", "customer"), ("unanswered", "merchant"))
    fake = step_of(beside("counterfeit", evidence=late_film))
    assert (fake.action, fake.step) == ("ask_merchant", "authentic")
    assert "postage" not in fake.text["en"]
    assert "batch code" in fake.text["en"]
    for answer in ("document", "declined"):
        answered = beside("counterfeit", evidence=(*late_film, (answer, "merchant")))
        assert step_of(answered).step != "authentic"
    broken = step_of(beside("damaged"))
    assert (broken.action, broken.step) == ("ask_customer", "claim_first")
    assert "photos of the damage" in broken.text["en"]
    assert broken.text["en"].endswith("then what is asked beyond it.")
    assert step_of(beside("damaged", evidence=(("photo", "customer"),))).step == "extras"


def test_what_the_shop_shows_is_looked_at_before_something_is_offered() -> None:
    worn = case(0.4, 899, reason_code="unwanted", **RETURN, stage="inspection",
                inspections=("used",), inspected_by=("merchant",))  # fmt: skip
    assert step_of(worn).text["en"].startswith("Ask the shop for pictures of what it found, then")
    shown = step_of(replace(worn, evidence=(("photo", "merchant"),))).text
    assert shown["en"].startswith("Look at what the shop shows of it, then offer the customer: ")
    assert shown["en"].endswith("For worn goods the policy gives 80 % of the price.")
    assert shown["zh"].endswith("按策略，有使用痕迹的商品退还价款的 80%。")
    looked = step_of(replace(worn, inspected_by=("platform",))).text["en"]
    assert looked.startswith("Offer the customer: ")


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


@pytest.mark.parametrize(
    ("type_", "en", "zh"),
    [
        ("repair", "repair it and send it back", "维修并寄回"),
        ("exchange", "send the other article", "发出换货商品"),
        ("return_and_refund", "Settle it as asked", "按申请办理"),
    ],
)
def test_what_came_back_as_sent_is_settled_as_what_was_asked(type_: str, en: str, zh: str) -> None:
    known = case(0.02, 259, type=type_, claims_received=True, stage="inspection",
                 return_arrived=True, inspections=("as_sent",))  # fmt: skip
    action, text, name = step_of(known)
    assert (action, name) == ("pay", "pay")
    assert en in text["en"]
    assert zh in text["zh"]
