"""Who may find and for how long, and whether the money goes the way it went before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from risk.decisions.policy_features import POLICY_FEATURES
from risk.features.catalog import catalogue
from risk.features.finish import finisher
from risk.policy import Listing, Situation, decide
from risk.policy.next_step import next_step
from tests.risk.policy_cases import DAY, NOW, POLICY, case, yuan

GIVEN = (("photo", "customer"), ("video", "customer"))


def rules_of(known: Situation) -> list[str]:
    return [rule.id for rule in decide(POLICY, known).rules]


@pytest.mark.parametrize(
    ("by_platform", "here", "by_shops", "shops", "counts"),
    [
        (0, 0, 0, 0, 0),
        (2, 0, 0, 0, 2),  # the platform's count anywhere
        (0, 3, 3, 1, 3),  # a shop's count at that shop
        (0, 0, 3, 1, 0),  # and at no other
        (0, 0, 3, 2, 3),  # unless another shop found the same
        (1, 1, 3, 2, 4),
    ],
)
def test_findings_count_by_who_made_them(
    by_platform: int, here: int, by_shops: int, shops: int, counts: int
) -> None:
    [live] = [one for one in catalogue() if one.name == "customer_abuse_here_730d"]
    measures = {measure: place for place, measure in enumerate(live.measures)}
    given = np.array([by_platform, here, by_shops, shops], dtype=np.float64)
    assert finisher([live], measures)(given).tolist() == [counts]


def test_findings_lapse_and_a_shops_inspection_is_no_finding() -> None:
    read = [one for one in catalogue() if one.name in POLICY_FEATURES and "here_730d" in one.name]
    assert len(read) == 4
    for live in read:
        assert {measure.window for measure in live.measures} == {730 * DAY}
        assert all("authority >= 3" in m.where or "authority > 0" in m.where for m in live.measures)


def test_three_live_findings_need_a_person_and_findings_that_lapsed_do_not() -> None:
    known = case(0.02, 259, abuse_findings=5, live_findings=3)
    assert (decide(POLICY, known).tier, decide(POLICY, known).why.id) == (
        "platform_intervention", "own_findings",
    )  # fmt: skip
    assert "own_findings" not in rules_of(replace(known, live_findings=2))
    assert "own_findings" in rules_of(replace(known, live_findings=None))
    assert "own_findings" in rules_of(replace(known, honest_findings=3))
    assert "own_findings" not in rules_of(replace(known, honest_findings=4))


def test_findings_of_those_who_only_live_together_do_not_count() -> None:
    dormitory = case(0.3, 600, evidence=GIVEN, linked_fraud=5, live_linked=0)
    assert "linked_findings" not in rules_of(dormitory)
    assert "linked_findings" in rules_of(replace(dormitory, live_linked=3))


def test_an_allow_entry_ends_with_a_live_finding() -> None:
    allowed = case(0.4, 600, listings=(Listing("allow", "a cause", "lin"),), abuse_findings=1)
    assert "allow_list" in rules_of(replace(allowed, live_findings=0))
    assert "allow_list" not in rules_of(replace(allowed, live_findings=1))


SMALL = case(0.02, 12, age_days=400.0)


PAYOUT = ("another payout account", "收款账户")
MOVED = ("A new device and a new address came to an account that is 400 days old", "注册 400 天")


@pytest.mark.parametrize(
    ("change", "said", "unsaid"),
    [
        ({"payout_changed": True}, PAYOUT, ("device", "设备")),
        ({"moved": True, "amount": yuan(700)}, MOVED, PAYOUT),
        ({"payout_changed": True, "moved": True}, ("; a new device", "；注册 400 天"), ()),
        ({"payout_changed": True, "moved": True, "age_days": 9.0}, PAYOUT, ("device", "设备")),
    ],
)
def test_money_that_goes_another_way_is_confirmed_with_the_old_contact(
    change: dict[str, Any], said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    known = replace(SMALL, **change)
    ruling = decide(POLICY, known)
    sentence = " ".join(next(one.text for one in ruling.rules if one.id == "old_contact").values())
    assert all(words in sentence for words in said), "what changed is said"
    assert not any(words in sentence for words in unsaid), "and nothing else"
    assert (ruling.tier, ruling.why.id) == ("request_evidence", "old_contact")
    assert [(one.kind, one.source) for one in ruling.required_evidence] == [("chat", "customer")]
    assert "that you used with us before" in ruling.customer_message["en"]
    assert "原来登记" in ruling.customer_message["zh"]
    confirmed = replace(known, evidence=(("chat", "customer"),), stage="evidence")
    assert decide(POLICY, confirmed).tier == "approve"
    declined = replace(known, evidence=(("declined", "customer"),), stage="evidence")
    assert decide(POLICY, declined).tier == "platform_intervention"


@pytest.mark.parametrize(
    ("type_", "change", "en", "zh"),
    [
        ("refund_only", {"payout_changed": True},
         "asked for a refund of 700.00 CNY to a payout account that is new to us, sent from",
         "是否由您本人申请退款 700.00 CNY，并退至新的收款账户"),
        ("resend", {"moved": True},
         "asked for another one to be sent for an order from a new device to a new address, sent",
         "是否由您本人申请补发商品（新设备、新地址的订单）"),
        ("repair", {"payout_changed": True},
         "asked for a repair on an order with a payout account that is new to us, sent from",
         "是否由您本人申请维修（登记了新收款账户的订单）"),
        ("exchange", {"payout_changed": True, "moved": True},
         "asked for an exchange for an order from a new device to a new address, with a payout",
         "是否由您本人申请换货（新设备、新地址并登记了新收款账户的订单）"),
    ],
)  # fmt: skip
def test_the_old_contact_is_asked_what_was_wanted(
    type_: str, change: dict[str, Any], en: str, zh: str
) -> None:
    amount = yuan(700) if type_ == "refund_only" else 0
    [asked] = decide(POLICY, replace(SMALL, type=type_, amount=amount, **change)).required_evidence
    assert en in asked.text["en"]
    assert zh in asked.text["zh"]
    assert "0.00 CNY" not in asked.text["en"].replace("700.00", "")
    assert "{" not in asked.text["en"] + asked.text["zh"]


def test_a_new_account_moves_freely_and_a_right_asks_nothing() -> None:
    assert "old_contact" not in rules_of(replace(SMALL, moved=True, age_days=30.0))
    by_right = replace(
        SMALL, type="return_and_refund", payout_changed=True, placed_at=NOW - 3 * DAY,
        delivered_at=NOW - DAY, category="apparel",
    )  # fmt: skip
    assert decide(POLICY, by_right).tier == "approve"


def test_the_fast_money_of_a_day_is_capped_by_payout_account() -> None:
    fast = case(0.3, 400, customer_tier="vip", age_days=90.0, payout_stake=yuan(90))
    assert "good_customer" in rules_of(fast)
    assert "good_customer" not in rules_of(replace(fast, payout_stake=yuan(110)))


@pytest.mark.parametrize(
    "about",
    [{"reason_code": "double_charge"}, {"type": "price_adjustment", "reason_code": "other"}],
)
def test_what_is_about_the_payment_is_settled_by_a_look_at_the_payment(
    about: dict[str, str],
) -> None:
    known = case(0.02, 60, claims_received=True, **about)
    ruling = decide(POLICY, known)
    assert (ruling.tier, ruling.why.id) == ("request_evidence", "payment_record")
    assert {(one.kind, one.source) for one in ruling.required_evidence} == {
        ("document", "merchant")
    }
    assert "merchant_consent" not in ruling.conditions
    shown = replace(known, evidence=(("document", "merchant"),), stage="evidence")
    read = decide(POLICY, shown)
    assert (read.tier, read.conditions) == ("platform_intervention", ())
    step = next_step(POLICY, shown, read)
    assert step.action == "ask_merchant"
    assert "payment" in step.text["en"]
