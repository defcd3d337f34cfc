"""Words with manners: thanks, what and why, a choice, a time, in both languages; no accusation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from risk.facts import REASONS, TYPES
from risk.policy import Situation, account, decide
from risk.policy.next_step import next_step
from tests.risk.policy_cases import DAY, HOUR, NOW, POLICY, case, situations, yuan

ACCUSING = re.compile(
    r"fraud|abus|suspicio|suspect|\brisk|score|\bmodel\b|algorithm|prove|proof|alleg|cheat|"
    r"dishonest|\bliar|refus|\bden(y|ied)|reject|\bmust\b|cannot|can't|unable|unfortunately|"
    r"blacklist|blocked|violat|accus|probabilit|system flag|you claim",
    re.IGNORECASE,
)
ACCUSING_ZH = re.compile(
    r"欺诈|诈骗|骗|作弊|可疑|怀疑|嫌疑|风险|评分|模型|算法|恶意|虚假|拒绝|驳回|举证|证明|必须|"
    r"不能|无法|不予|黑名单|滥用|违规|声称|概率"
)
TIME = re.compile(r"\d+ (hours|days)|\d+ [A-Z][a-z]{2} \d{4} \d\d:\d\d \(UTC[+-]\d\d:\d\d\)")
TIME_ZH = re.compile(r"\d+ (小时|天)|\d{4}年\d+月\d+日 \d\d:\d\d（UTC[+-]\d\d:\d\d）")


@given(situations)
def test_every_message_thanks_names_what_else_fits_and_promises_a_time(known: Situation) -> None:
    ruling = decide(POLICY, known)
    said = ruling.customer_message
    assert said["en"].startswith("Thank you")
    assert said["zh"].startswith("感谢您")
    assert ("for example" in said["en"]) is ("例如" in said["zh"])
    assert "a call from one of us" not in said["en"]
    assert TIME.search(said["en"])
    assert TIME_ZH.search(said["zh"])
    assert not re.search(r"[{}]", said["en"] + said["zh"])


@given(situations)
def test_no_message_accuses_or_tells_what_anybody_thinks(known: Situation) -> None:
    ruling = decide(POLICY, known)
    texts = [ruling.customer_message, *(ask.text for ask in ruling.required_evidence)]
    for text in texts:
        assert not ACCUSING.search(text["en"])
        assert not ACCUSING_ZH.search(text["zh"])


@given(situations)
def test_the_probability_is_nowhere_in_the_message(known: Situation) -> None:
    """Two customers treated alike read the same, whatever was thought of them."""
    ruling = decide(POLICY, known)
    other = decide(POLICY, replace(known, probability=known.probability / 2))
    if (other.tier, other.conditions) == (ruling.tier, ruling.conditions):
        assert other.customer_message == ruling.customer_message


@pytest.mark.parametrize("reason", REASONS)
def test_a_question_names_all_that_is_asked_of_the_customer_and_why(reason: str) -> None:
    ruling = decide(POLICY, case(0.4, 900, reason_code=reason))
    for ask in ruling.required_evidence:
        for language in ("en", "zh"):
            told = ask.text[language] in ruling.customer_message[language]
            assert told is (ask.source == "customer")


def test_who_need_do_nothing_is_told_so() -> None:
    said = decide(POLICY, case(0.4, 900, reason_code="not_received")).customer_message
    assert "nothing you need to do" in said["en"]
    assert "您无需操作" in said["zh"]


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (
            {"type": "refund_only", "reason_code": "late", "verdict": "legitimate"},
            "on its way back to you",
        ),
        ({"type": "return_and_refund"}, "please send the article back"),
        ({"type": "return_and_refund", "stage": "return"}, "It has reached us"),
        ({"type": "return_and_refund", "courier": "returned_to_sender"}, "on its way back to you"),
        ({"type": "exchange"}, "accepted the exchange"),
        ({"type": "repair"}, "accepted the repair"),
        ({"type": "resend"}, "sending it again"),
        ({"claims_received": True}, "passed your request to the shop"),
        ({"reason_code": "not_received"}, "No parcel is on record for it yet"),
        (
            {"reason_code": "not_received", "courier": "delivered"},
            "looking into the parcel with the courier",
        ),
    ],
)
def test_an_approval_says_how_it_goes_on(known: dict[str, object], words: str) -> None:
    ruling = decide(POLICY, case(0.05, 199, **known))
    assert ruling.tier == "approve"
    assert words in ruling.customer_message["en"]


@given(situations)
def test_who_asks_how_we_came_to_this_gets_a_plain_account(known: Situation) -> None:
    ruling = decide(POLICY, known)
    told = account(POLICY, ruling.tier, [ask.text for ask in ruling.required_evidence])
    assert told["en"].startswith("Thank you for asking.")
    assert "24 hours" in told["en"]
    assert "24 小时" in told["zh"]
    assert not ACCUSING.search(told["en"])
    assert not ACCUSING_ZH.search(told["zh"])
    assert all(ask.text["en"] in told["en"] for ask in ruling.required_evidence)


@pytest.mark.parametrize(
    ("known", "en", "zh", "untrue"),
    [
        ({"withdrawn": True}, "You have withdrawn this request", "已撤回", "was accepted"),
        ({"verdict": "fraud"}, "another colleague, who has not seen it before", "另一位未经手",
         "Nothing is decided against you"),
    ],
)  # fmt: skip
def test_an_account_holds_to_what_became_of_the_request(
    known: dict[str, Any], en: str, zh: str, untrue: str
) -> None:
    ruling = decide(POLICY, case(0.05, 199, **known))
    applied = {rule.id for rule in ruling.rules}
    told = account(POLICY, ruling.tier, (), applied)
    assert en in told["en"]
    assert zh in told["zh"]
    assert untrue not in told["en"]
    assert untrue in account(POLICY, ruling.tier, ())["en"]


def test_choices_are_told_as_one_tells_them() -> None:
    late = {"no_reason_return": False, "delivered_at": NOW - 5 * DAY, "placed_at": NOW - 9 * DAY}
    faulty = case(0.05, 500, type="return_and_refund", reason_code="defective", **late)
    said = decide(POLICY, faulty).customer_message
    assert "for example a free repair or an exchange, just" in said["en"]
    assert "免费维修或换货" in said["zh"]


def test_a_time_is_told_on_the_merchants_clock() -> None:
    said = decide(POLICY, case(0.9, 900, respond_by=NOW)).customer_message
    assert "11 Mar 2026 12:00 (UTC+08:00)" in said["en"]


@pytest.mark.parametrize(
    ("known", "ways"),
    [
        ({"reason_code": "damaged"}, ("exchange", "partial_refund")),
        ({"reason_code": "not_received"}, ("resend",)),
        ({"reason_code": "late", "claims_received": True}, ("voucher", "partial_refund")),
            ({"reason_code": "late"}, ("voucher",)),
        ({"reason_code": "counterfeit"}, ()),
        ({"reason_code": "defective", "type": "repair"}, ()),
        ({"reason_code": "unwanted", "type": "return_and_refund"}, ("voucher", "exchange")),
        ({"inspections": ("empty",)}, ()),
        ({"inspections": ("used",)}, ("exchange",)),
        ({"inspections": ("used",), "reason_code": "counterfeit"}, ()),
    ],
)  # fmt: skip
def test_middle_ways_fit_the_reason(known: dict[str, object], ways: tuple[str, ...]) -> None:
    assert decide(POLICY, case(0.4, 500, **known)).suggestions == ways


@pytest.mark.parametrize("kind", TYPES)
def test_a_middle_way_is_cheaper_than_what_was_asked_and_never_the_same(kind: str) -> None:
    for amount in (5, 20, 100, 3000):
        found = decide(POLICY, case(0.4, amount, type=kind)).suggestions
        assert kind not in found
        prices = [POLICY.suggestions.costs[way] for way in found]
        costs = [price.fixed + price.share * amount for price in prices]
        assert costs == sorted(costs)
        assert all(cost < POLICY.suggestions.granted[kind] * amount for cost in costs)


@pytest.mark.parametrize(
    ("known", "en", "zh"),
    [
        ({"type": "return_and_refund", "stage": "return", "return_arrived": False},
         "on its way to us", "寄回途中"),
        ({"type": "return_and_refund", "stage": "return", "return_arrived": True,
          "return_arrived_at": NOW - HOUR},
         "record shows that your parcel has arrived", "快递记录显示包裹已送达"),
        ({"type": "return_and_refund", "stage": "return", "return_arrived": True,
          "return_arrived_at": NOW - 50 * HOUR}, "asking the courier where", "核对签收地址"),
        ({"type": "return_and_refund", "stage": "inspection", "return_arrived": True,
          "inspections": ("as_sent",)}, "has reached us", "已经收到"),
        ({"withdrawn": True}, "You have withdrawn this request", "已撤回"),
        ({"withdrawn": True, "probability": 0.99}, "You have withdrawn this request", "已撤回"),
        ({"courier": "not_shipped", "reason_code": "not_received"}, "nothing to send back",
         "无需寄回"),
        ({"courier": "not_shipped", "type": "return_and_refund"}, "nothing to send back",
         "无需寄回"),
        ({"courier": "moving", "reason_code": "not_received"}, "still on its way", "运输途中"),
    ],
)  # fmt: skip
def test_a_message_says_where_the_goods_are(known: dict[str, Any], en: str, zh: str) -> None:
    made = case(**{"probability": 0.0, "amount": 20.0, **known})
    told = decide(POLICY, made).customer_message
    assert en in told["en"]
    assert zh in told["zh"]


def test_nothing_is_sent_again_while_the_parcel_moves_and_nothing_rotten_is_repaired() -> None:
    late = case(amount=300.0, reason_code="not_received", type="refund_only")
    assert "resend" in decide(POLICY, late).suggestions
    assert "resend" not in decide(POLICY, replace(late, courier="moving")).suggestions
    broken = case(amount=300.0, reason_code="defective")
    assert "repair" in decide(POLICY, broken).suggestions
    assert "repair" not in decide(POLICY, replace(broken, category="fresh_food")).suggestions
    without = {"not_while": None, "not_for": None}
    offers = POLICY.suggestions.model_copy(update=without)
    earlier = POLICY.model_copy(update={"suggestions": offers})
    assert "resend" in decide(earlier, replace(late, courier="moving")).suggestions


def test_a_light_return_of_what_was_paid_is_not_told_that_all_is_done() -> None:
    light = case(0.02, 259, type="return_and_refund", sent_weight_g=900.0, return_weight_g=50.0)
    paid = replace(light, paid_back=yuan(259))
    done = "there is nothing you need to do"
    assert done in decide(POLICY, replace(paid, return_weight_g=890.0)).customer_message["en"]
    assert done not in decide(POLICY, paid).customer_message["en"]


def test_a_refusal_is_not_told_of_a_request_that_was_withdrawn() -> None:
    refused = case(0.02, 259, verdict="undetermined", refused_unfound=True)
    assert "could not establish" in decide(POLICY, refused).customer_message["en"]
    withdrawn = decide(POLICY, replace(refused, withdrawn=True)).customer_message["en"]
    assert "could not establish" not in withdrawn


def test_what_was_paid_is_not_paid_again_whatever_settles_it() -> None:
    lost = case(0.02, 259, reason_code="not_received", courier="lost", claims_received=False)
    paid = replace(lost, paid_back=yuan(259))
    ruling = decide(POLICY, paid)
    assert ruling.why.id == "courier_admits"
    assert "there is nothing you need to do" in ruling.customer_message["en"]
    assert next_step(POLICY, paid, ruling).step == "settled"
    assert next_step(POLICY, lost, decide(POLICY, lost)).step != "settled"
