"""What a text says happened decides what is said and done, and makes no answer stricter."""

from __future__ import annotations

import json
from typing import Any

import pytest

from risk.decisions.told import told
from risk.features.order_money import OrderMoney
from risk.policy import Ruling, Situation, decide, parse_stored
from risk.policy.next_step import next_step
from risk.policy.situation import TIERS
from risk.policy.step_of_rules import NextStep
from risk.text import analyse
from tests.risk.policy_cases import DAY, NOW, POLICY, asked, case, yuan

RULES = (
    "refused_delivery", "own_address", "told_price", "told_unsent", "animal_died", "fitter_damage",
)  # fmt: skip
BOTHERS = ("send the article", "may we ask you", "an exchange", "寄回，", "换货")


def of_text(text: str, **known: Any) -> Situation:
    """A case with what its text tells."""
    facts: dict[str, Any] = {
        "type": "refund_only", "reason_code": "other", "category": "apparel", "amount": 259.0,
        "probability": 0.03, "placed_at": NOW - 6 * DAY, "paid": 259.0, **known,
    }  # fmt: skip
    if facts.get("courier") == "delivered":
        facts.setdefault("delivered_at", NOW - 3 * DAY)
    about = {name: facts[name] for name in ("reason_code", "type", "category")}
    read = analyse(text, claims_received=known.get("claims_received"), **about)
    row = {"story": read.story, "agitated": 0, "reason_code": facts["reason_code"],
           "specificity": read.specificity, "request_known_at": NOW}  # fmt: skip
    amount, paid = facts.pop("amount"), facts.pop("paid")
    money = OrderMoney(yuan(paid), yuan(amount), 0, 0, "CNY")
    return case(facts.pop("probability"), amount, **{"money": money, **facts, **told(row, ())})


def answer(known: Situation) -> tuple[Ruling, NextStep, str]:
    """The ruling, the next step and all that is said to the customer."""
    ruling = decide(POLICY, known)
    return ruling, next_step(POLICY, known, ruling), " ".join(ruling.customer_message.values())


def rules(ruling: Ruling) -> set[str]:
    return {rule.id for rule in ruling.rules}


REFUSED = ("外箱破了我当场拒收了", "I refused the parcel at the door")


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("courier", [None, "moving", "still", "delivered", "returned_to_sender"])
@pytest.mark.parametrize("type_", ["refund_only", "return_and_refund", "exchange", "resend"])
@pytest.mark.parametrize("reason", ["damaged", "unwanted", "not_received"])
def test_a_refused_parcel_is_paid_on_arrival_and_its_customer_asked_for_nothing(
    text: str, courier: str | None, type_: str, reason: str
) -> None:
    known = of_text(text, courier=courier, type=type_, reason_code=reason, probability=0.3)
    ruling, step, said = answer(known)
    assert ruling.tier == "approve"
    assert "courier_record" in ruling.conditions
    assert "merchant_consent" not in ruling.conditions, "the goods do not stay with the customer"
    assert step.step == ("refused_back" if courier == "returned_to_sender" else "refused_way")
    assert "within 72 hours of its arrival" in said
    assert "无需寄回" in said
    assert not [words for words in BOTHERS if words in said]


def test_what_came_back_or_was_lost_is_no_longer_waited_for() -> None:
    for more in ({"courier": "lost"}, {"courier": "moving", "claims_received": True}):
        ruling, _, _ = answer(of_text(REFUSED[0], reason_code="not_received", **more))
        assert "refused_delivery" not in rules(ruling), more
    read = of_text(REFUSED[0], courier="moving", evidence=(("chat", "courier"),))
    assert answer(read)[1].step == "refused_read"


LATE = {"requested_at": NOW - 9 * DAY}


@pytest.mark.parametrize("text", [REFUSED[0], "地址写错了，送到以前的住处了"])
@pytest.mark.parametrize(
    "much",
    [{"amount": 9_000.0, "paid": 9_000.0}, {"probability": 0.85}, {"abuse_findings": 1}],
)
def test_no_deadline_pays_what_the_courier_delivered_and_did_not_bring_back(
    text: str, much: dict[str, Any]
) -> None:
    about = {"reason_code": "not_received", **LATE, **much}
    ruling, step, _ = answer(of_text(text, courier="delivered", **about))
    assert (ruling.tier, step.step) == ("platform_intervention", "record")
    ruling, step, _ = answer(of_text(text, courier="moving", **about))
    assert (ruling.tier, step.step) in (("approve", "refused_way"), ("approve", "recover"))
    heard = of_text(text, courier="moving", evidence=(("chat", "courier"),), **about)
    assert answer(heard)[1].step in ("refused_read", "recover_read")


def test_at_the_deadline_what_is_on_its_way_back_is_paid() -> None:
    back = of_text(REFUSED[0], courier="returned_to_sender", amount=9_000.0, paid=9_000.0, **LATE)
    ruling, step, _ = answer(back)
    assert (ruling.tier, step.step) == ("approve", "refused_read")
    assert "Settle it as asked" in step.text["en"]
    little, step, _ = answer(of_text(REFUSED[0], courier="delivered", **LATE))
    assert (little.tier, step.step) == ("approve", "overdue")


ADDRESS = ("地址写错了，送到以前的住处了", "I put my old address by mistake")


@pytest.mark.parametrize("text", ADDRESS)
@pytest.mark.parametrize("courier", ["moving", "still", "delivered"])
@pytest.mark.parametrize("type_", ["refund_only", "return_and_refund", "resend"])
@pytest.mark.parametrize("reason", ["not_received", "other"])
def test_a_parcel_to_another_address_is_fetched_first(
    text: str, courier: str, type_: str, reason: str
) -> None:
    known = of_text(text, courier=courier, type=type_, reason_code=reason, probability=0.3)
    ruling, step, said = answer(known)
    assert ruling.tier == "approve"
    assert not asked(ruling)
    assert ruling.conditions[:1] == ("courier_record",)
    assert step.step == "recover"
    assert "lost" not in said
    assert "right address" in said
    assert not [words for words in BOTHERS if words in said]


def test_where_no_parcel_is_known_or_it_came_back_the_address_changes_nothing() -> None:
    for courier in (None, "returned_to_sender"):
        known = of_text(ADDRESS[0], courier=courier, reason_code="not_received")
        assert "own_address" not in rules(answer(known)[0])


PRICE = (
    "刚买就降价了，退差价", "优惠券没用上，退我差价", "The price dropped the day after I bought it",
)  # fmt: skip


@pytest.mark.parametrize("text", PRICE)
@pytest.mark.parametrize("reason", ["other", "unwanted", "not_as_described"])
def test_a_price_that_fell_is_a_matter_of_the_payment(text: str, reason: str) -> None:
    known = of_text(text, reason_code=reason, amount=30.0, probability=0.3, courier="delivered")
    ruling, step, said = answer(known)
    assert asked(ruling) == {"merchant"}
    assert {"told_price", "payment_record"} <= rules(ruling)
    assert step.action == "ask_merchant"
    assert ruling.suggestions == ()
    assert "what is due to you" in said
    assert not [words for words in BOTHERS if words in said]


def test_the_whole_price_is_no_difference() -> None:
    whole = of_text(PRICE[0], courier="delivered")
    assert "told_price" not in rules(answer(whole)[0])


@pytest.mark.parametrize("type_", ["refund_only", "return_and_refund", "exchange"])
@pytest.mark.parametrize(
    ("reason", "text"),
    [("unwanted", "预售还没发货，不要了"), ("other", "拼团一直没发货"),
     ("unwanted", "It has still not shipped")],
)  # fmt: skip
def test_what_was_never_sent_is_neither_sent_back_nor_exchanged(
    type_: str, reason: str, text: str
) -> None:
    ruling, step, said = answer(of_text(text, type=type_, reason_code=reason))
    assert (ruling.tier, ruling.conditions) == ("approve", ("courier_record",))
    assert step.step == "dispatch"
    assert {"exchange", "repair", "partial_refund"}.isdisjoint(ruling.suggestions)
    assert "No parcel is on record" in said
    assert not [words for words in BOTHERS if words in said]


@pytest.mark.parametrize("reason", ["unwanted", "other", "late"])
def test_no_exchange_is_offered_of_what_nobody_saw_leave(reason: str) -> None:
    ruling, _, said = answer(of_text("不想等了", reason_code=reason))
    assert "exchange" not in ruling.suggestions
    assert "换货" not in said


DEAD = ("仓鼠到了就死了", "The fish arrived dead")


@pytest.mark.parametrize("text", DEAD)
@pytest.mark.parametrize("category", ["pets", "宠物", "水族", None, "live_animals"])
@pytest.mark.parametrize("type_", ["refund_only", "return_and_refund", "exchange"])
@pytest.mark.parametrize("reason", ["damaged", "defective", "other"])
def test_a_dead_animal_is_not_sent_back(
    text: str, category: str | None, type_: str, reason: str
) -> None:
    about = {"category": category, "type": type_, "reason_code": reason, "courier": "delivered"}
    ruling, step, said = answer(of_text(text, **about))
    assert (ruling.tier, ruling.conditions) == ("approve", ())
    assert step.action == "pay"
    assert not [words for words in BOTHERS if words in said]
    if type_ != "exchange":
        dear, _, said = answer(of_text(text, **{**about, "amount": 3_000.0, "paid": 3_000.0}))
        assert [one.source for one in dear.required_evidence] == ["customer"]
        assert "a photo or a short film of the animal" in said
        assert "一段短视频" in said


@pytest.mark.parametrize(
    ("category", "text"),
    [("pet_food", DEAD[0]), ("apparel", "my hamster died"), ("pets", "吃了这个猫粮猫死了"),
     ("pets", "加热棒坏了，鱼都死了"), ("toys", "The robot dog arrived dead")],
)  # fmt: skip
def test_what_is_bought_for_animals_is_no_animal(category: str, text: str) -> None:
    known = of_text(text, category=category, reason_code="defective", courier="delivered")
    assert "animal_died" not in rules(answer(known)[0])


FITTER = ("安装师傅把柜门装坏了", "The installer scratched the panel")


@pytest.mark.parametrize("text", FITTER)
@pytest.mark.parametrize("category", ["furniture", "空调", "轮胎"])
@pytest.mark.parametrize("reason", ["damaged", "defective", "other"])
def test_shop_and_fitter_are_asked_before_the_customer(
    text: str, category: str, reason: str
) -> None:
    about = {"category": category, "reason_code": reason, "amount": 200.0, "paid": 1_500.0}
    ruling, step, said = answer(of_text(text, courier="delivered", **about))
    assert (ruling.tier, ruling.conditions) == ("approve", ("merchant_consent",))
    assert step.step == "consent_fitter"
    assert "nothing you need to do" in said
    assert "send the article" not in said
    heard, _, said = answer(of_text(text, courier="delivered", probability=0.4, **about))
    assert asked(heard) <= {"merchant"}
    shown = of_text(text, courier="delivered", probability=0.4, **about,
                    evidence=(("document", "merchant"),))  # fmt: skip
    for item in decide(POLICY, shown).required_evidence:
        assert (item.source, item.kind) == ("customer", "photo")


@pytest.mark.parametrize("reason", ["unwanted", "other"])
def test_what_a_child_bought_is_not_left_unused(reason: str) -> None:
    known = of_text("孩子偷偷充值的", type="return_and_refund", reason_code=reason,
                    category="游戏充值", amount=648.0, paid=648.0)  # fmt: skip
    ruling, step, said = answer(known)
    assert (ruling.tier, step.step) == ("approve", "minor_back")
    assert "unused" not in said
    assert "nothing to send" in said


@pytest.mark.parametrize(
    ("reason", "paid"),
    [("missing_item", 0), ("missing_item", 259), ("damaged", 0), ("not_received", 0)],
)
@pytest.mark.parametrize("probability", [0.03, 0.2])
def test_a_free_gift_is_sent_and_nothing_is_paid(
    reason: str, paid: float, probability: float
) -> None:
    known = of_text("赠品没有收到", reason_code=reason, amount=0.0, paid=paid,
                    courier="delivered", probability=probability)  # fmt: skip
    ruling, step, said = answer(known)
    assert (ruling.tier, ruling.conditions, step.step) == ("approve", (), "send_free")
    assert not asked(ruling)
    assert "asked the shop to send you" in said


@pytest.mark.parametrize(
    "against",
    [{"probability": 0.9}, {"packed_as_ordered": "record"}, {"abuse_findings": 1},
     {"evidence": (("declined", "merchant"),)}, {"type": "return_and_refund"},
     {"courier": "moving"}],
)  # fmt: skip
def test_what_was_paid_is_not_sent_unseen_where_something_says_that_it_came(
    against: dict[str, Any],
) -> None:
    about = {"courier": "delivered", "amount": 0.0, "paid": 9_000.0, **against}
    known = of_text("少了一件", reason_code="missing_item", **about)
    _, step, said = answer(known)
    assert step.step != "send_free"
    assert "asked the shop to send you" not in said


@pytest.mark.parametrize("category", ["冰箱", "sofa", "Wardrobe", "treadmill"])
@pytest.mark.parametrize(
    ("type_", "reason", "pays"),
    [("return_and_refund", "defective", "that is on us"),
     ("return_and_refund", "unwanted", "what that costs is yours"),
     ("exchange", "damaged", "that is on us"), ("repair", "defective", "that is on us"),
     ("refund_only", "damaged", "that is on us")],
)  # fmt: skip
def test_bulky_goods_are_collected_and_not_sent_by_post(
    category: str, type_: str, reason: str, pays: str
) -> None:
    about = {"type": type_, "reason_code": reason, "amount": 1_500.0, "paid": 1_500.0}
    ruling, step, said = answer(of_text("坏了", category=category, courier="delivered", **about))
    assert ruling.tier == "approve"
    assert pays in said
    assert "postage" not in said
    assert "please send" not in said
    assert "上门取件" in said
    assert step.step.startswith("collect") or type_ == "refund_only"
    sent = of_text("坏了", category=category, courier="delivered", stage="return",
                   return_arrived=False, **about)  # fmt: skip
    assert not answer(sent)[1].step.startswith("collect"), "it is on its way"


TEXTS = (*FITTER, *REFUSED, *ADDRESS, *PRICE, "预售还没发货，不要了")


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_makes_an_answer_stricter_for_its_customer(text: str) -> None:
    for courier in (None, "moving", "delivered", "returned_to_sender"):
        for reason in ("other", "unwanted", "damaged", "not_received"):
            for probability in (0.03, 0.3, 0.7):
                about = {"courier": courier, "reason_code": reason, "probability": probability}
                bare, read = (decide(POLICY, of_text(one, **about)) for one in ("", text))
                assert TIERS.index(read.tier) <= TIERS.index(bare.tier), about
                assert not asked(read) & {"customer"} or asked(bare) & {"customer"}


@pytest.mark.parametrize("text", TEXTS)
def test_an_earlier_policy_reads_none_of_it(text: str) -> None:
    content = json.loads(POLICY.canonical)
    for rule in RULES:
        del content["rules"][rule]
    earlier = parse_stored(json.dumps(content, sort_keys=True, ensure_ascii=False))
    for amount in (30.0, 259.0):
        for courier in (None, "moving", "delivered"):
            known = of_text(text, courier=courier, amount=amount)
            bare = of_text("", courier=courier, amount=amount)
            ruling, without = decide(earlier, known), decide(earlier, bare)
            assert ruling == without
            assert next_step(earlier, known, ruling) == next_step(earlier, bare, without)
