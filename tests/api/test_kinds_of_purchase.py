"""Services, bookings, deposits, what a child bought, and food that came late."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.examination.stories import Ago, Decision, Event, Facts, Item, Story, rules, told

HANDED_OVER = {"received_by": "customer"}
BACK = ("send the article", "send it", "寄回给", "请将商品", "courier", "快递", "parcel", "包裹")


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def said(decision: Decision) -> str:
    words = (*decision["customer_message"].values(), *decision["recommended"]["text"].values())
    return " ".join(words)


def asked(type_: str, reason: str, category: str, text: str | None = None, **more: Any) -> Story:
    """A request for something of a category that no courier has a record of."""
    order: Facts = {"category": category, "placed_at": Ago(3), **more.pop("order", {})}
    refund = {"type": type_, "reason_code": reason, "reason_text": text, **more.pop("refund", {})}
    return Story(order=order, refund=refund, parcels=more.pop("parcels", ()), **more)


@pytest.mark.parametrize("type_", ["refund_only", "return_and_refund", "repair", "exchange"])
@pytest.mark.parametrize(
    ("reason", "category"),
    [("not_as_described", "家政服务"), ("unwanted", "hotel"), ("defective", "家电清洗"),
     ("damaged", "cleaning"), ("other", "旅游")],
)  # fmt: skip
def test_the_shop_is_heard_on_a_service_and_nothing_is_sent_back(
    client: httpx.Client, type_: str, reason: str, category: str
) -> None:
    decision = told(client, asked(type_, reason, category))
    assert (decision["tier"], decision["conditions"]) == ("approve", ["merchant_consent"])
    assert "service_consent" in rules(decision)
    assert "seven_day_right" not in rules(decision), "the right is one of goods"
    assert decision["recommended"]["step"] == "consent"
    assert not [word for word in BACK if word in said(decision)]
    assert "your request about the service or booking" in decision["customer_message"]["en"]
    assert {"exchange", "resend", "repair"}.isdisjoint(decision["suggestions"])


@pytest.mark.parametrize(
    ("reason", "text"),
    [("not_received", None), ("not_received", "师傅一直没上门"), ("late", "约的上午，没来")],
)
def test_a_service_that_did_not_take_place_is_settled_by_the_shops_record(
    client: httpx.Client, reason: str, text: str | None
) -> None:
    story = asked("refund_only", reason, "上门维修", text)
    decision = told(client, story)
    assert decision["tier"] == "request_evidence"
    assert [item["from"] for item in decision["required_evidence"]] == ["merchant"]
    assert "service_record" in rules(decision)
    assert "code_record" not in rules(decision)
    assert not [word for word in BACK if word in said(decision)]
    assert "its record of the service or booking" in decision["customer_message"]["en"]
    answered = told(client, story.but(evidence=(Item("document", "merchant"),), later=True))
    assert answered["tier"] == "platform_intervention"
    assert answered["recommended"]["step"] == "service"
    silent = told(client, story.but(evidence=(Item("unanswered", "merchant"),), later=True))
    assert (silent["tier"], silent["conditions"]) == ("approve", []), "nobody waits for the silent"


def test_a_code_is_settled_as_before(client: httpx.Client) -> None:
    decision = told(client, asked("refund_only", "defective", "game_keys"))
    assert "code_record" in rules(decision)
    given_up = told(client, asked("refund_only", "unwanted", "话费充值", "充错号码了"))
    assert given_up["conditions"] == ["merchant_consent"]
    assert "goods stay with you" not in given_up["customer_message"]["en"]
    assert "There is nothing to send" in given_up["customer_message"]["en"]
    excluded = told(client, asked("return_and_refund", "unwanted", "电子书"))
    assert excluded["conditions"] == ["merchant_consent"]
    assert "postage" not in excluded["customer_message"]["en"]
    assert "运费" not in excluded["customer_message"]["zh"]
    voucher = told(client, asked("return_and_refund", "unwanted", "团购券"))
    assert voucher["tier"] == "approve"
    assert voucher["recommended"]["step"] == "code_back"
    assert "寄回给" not in said(voucher)


BY_CHILD = [
    ("other", "孩子偷偷用我手机给游戏充值了，他才九岁，请退款"),
    ("unwanted", "小孩背着家长充值的，未成年人"),
    ("unwanted", "My 8 year old son bought this in the game without my permission"),
]


@pytest.mark.parametrize(("reason", "text"), BY_CHILD)
def test_a_parent_is_asked_for_what_shows_that_a_child_paid(
    client: httpx.Client, reason: str, text: str
) -> None:
    story = asked("refund_only", reason, "游戏充值", text, order={"amount": "648.00"})
    decision = told(client, story)
    assert decision["tier"] == "request_evidence"
    assert {item["from"] for item in decision["required_evidence"]} == {"customer", "merchant"}
    assert "minor_purchase" in rules(decision)
    assert "merchant_consent" not in decision["conditions"], "it is no courtesy of the shop's"
    assert decision["suggestions"] == []
    assert "parent or guardian" in decision["customer_message"]["en"]
    assert "监护人" in decision["customer_message"]["zh"]
    shown = told(client, story.but(evidence=(Item("document"),), later=True))
    assert shown["tier"] == "platform_intervention"
    assert shown["recommended"]["step"] == "minor"
    assert "merchant_consent" not in shown["conditions"]


@pytest.mark.parametrize(
    "story",
    [
        asked("refund_only", "unwanted", "游戏充值", "给孩子充值的，充错了"),
        asked("refund_only", "unwanted", "游戏充值", "bought for my son, he does not like it"),
        asked("refund_only", "unwanted", "游戏充值", "孩子误充的", order={"amount": "6.00"}),
        asked("return_and_refund", "unwanted", "玩具", "孩子偷偷下单的，没拆封"),
    ],
)
def test_what_was_bought_for_a_child_or_is_small_or_comes_back_asks_no_parent(
    client: httpx.Client, story: Story
) -> None:
    decision = told(client, story)
    assert decision["tier"] == "approve"
    assert "minor_purchase" not in rules(decision)


@pytest.mark.parametrize(
    ("category", "text", "shops"),
    [
        ("apparel", "付了定金，不想要了", True),
        ("定金", None, True),
        ("apparel", "付了订金，不想要了", False),
        ("apparel", "不想要了", False),
        ("furniture", "I paid a deposit but changed my mind", False),
    ],
)
def test_a_deposit_is_the_shops_to_give_back_for_a_change_of_mind(
    client: httpx.Client, category: str, text: str | None, shops: bool
) -> None:
    never: Facts = {"claims_received": False}
    decision = told(client, asked("refund_only", "unwanted", category, text, refund=never))
    assert decision["tier"] == "approve"
    assert ("merchant_consent" in decision["conditions"]) is shops
    assert ("deposit" in rules(decision)) is shops
    assert ("What was paid is a deposit" in decision["customer_message"]["en"]) is shops
    assert ("您支付的是定金" in decision["customer_message"]["zh"]) is shops


def test_a_deposit_is_paid_back_where_the_shop_is_at_fault_or_the_goods_came(
    client: httpx.Client,
) -> None:
    never: Facts = {"claims_received": False}
    late = asked("refund_only", "late", "apparel", "付了定金一直不发货", refund=never)
    assert "deposit" not in rules(told(client, late))
    for reason, has in (("late", False), ("not_received", False), ("unwanted", True)):
        asks: Facts = {"claims_received": has}
        text = "付了定金，不喜欢" if has else "付了定金一直不发货"
        by_right = told(client, asked("return_and_refund", reason, "apparel", text, refund=asks))
        assert by_right["conditions"] == []
        assert "deposit" not in rules(by_right), reason
    came = (Event("shipped", 5), Event("delivered", 3, HANDED_OVER))
    back = told(
        client,
        asked("return_and_refund", "unwanted", "apparel", "付过定金和尾款，不喜欢",
              parcels=came, order={"placed_at": Ago(6)}),
    )  # fmt: skip
    assert (back["tier"], back["lane"]) == ("approve", "no_reason")
    assert "merchant_consent" not in back["conditions"]


def test_medicine_is_taken_back_for_its_quality_alone(client: httpx.Client) -> None:
    came = (Event("shipped", 5), Event("delivered", 3, HANDED_OVER))
    own = told(client, asked("return_and_refund", "unwanted", "药品", "买错药了", parcels=came))
    assert (own["tier"], own["conditions"]) == ("approve", ["merchant_consent"])
    assert "excluded_by_law" in rules(own)
    stated = asked("return_and_refund", "unwanted", "药品", parcels=came,
                   order={"no_reason_return": True})  # fmt: skip
    assert "seven_day_right" in rules(told(client, stated)), "what the order says goes first"
    bad = told(client, asked("refund_only", "defective", "药品", "药过期了", parcels=came))
    assert (bad["tier"], bad["conditions"]) == ("approve", [])


@pytest.mark.parametrize("text", [None, "生日都过完了蛋糕才到"])
def test_food_that_came_late_is_not_sent_back(client: httpx.Client, text: str | None) -> None:
    came = (Event("shipped", 1.2), Event("delivered", 0.2, HANDED_OVER))
    story = asked("return_and_refund", "late", "蛋糕", text, parcels=came)
    decision = told(client, story)
    assert (decision["tier"], decision["conditions"]) == ("approve", ["merchant_consent"])
    assert "late_food" in rules(decision)
    assert "seven_day_right" not in rules(decision)
    assert not [word for word in BACK[:4] if word in said(decision)]
    no = story.but(evidence=(Item("declined", "merchant"),), later=True)
    refused = told(client, no)
    assert refused["tier"] == "platform_intervention"
    assert not [word for word in BACK[:4] if word in said(refused)]
    coat = told(client, asked("return_and_refund", "late", "apparel", text, parcels=came))
    assert coat["conditions"] == []
    assert "seven_day_right" in rules(coat)


@pytest.mark.parametrize(
    ("category", "stated"), [("坚果", None), ("chocolate", None), ("tea", None), ("蛋糕", True)]
)
def test_food_that_goes_back_by_right_goes_back_by_right_when_it_came_late(
    client: httpx.Client, category: str, stated: bool | None
) -> None:
    """Why somebody uses the right of return is nobody's business, and needs no consent."""
    came = (Event("shipped", 2.2), Event("delivered", 0.2, HANDED_OVER))
    order: Facts = {"no_reason_return": stated}
    story = asked("return_and_refund", "late", category, parcels=came, order=order)
    decision = told(client, story)
    assert (decision["tier"], decision["conditions"]) == ("approve", [])
    assert "seven_day_right" in rules(decision)
    assert "late_food" not in rules(decision)


@pytest.mark.parametrize(
    ("category", "reason", "text", "rule", "step"),
    [
        ("apparel", "damaged", "外箱破了我当场拒收了", "refused_delivery", "refused_way"),
        ("apparel", "other", "I put my old address by mistake", "own_address", "recover"),
        ("pets", "other", "仓鼠到了就死了", "animal_died", "heard"),
        ("furniture", "damaged", "安装师傅把柜门装坏了", "fitter_damage", "consent_fitter"),
    ],
)
def test_what_a_text_says_happened_is_read(
    client: httpx.Client, category: str, reason: str, text: str, rule: str, step: str
) -> None:
    on_way = (Event("shipped", 2),)
    came = category != "apparel"
    parcels = (*on_way, Event("delivered", 1, HANDED_OVER)) if came else on_way
    decision = told(client, asked("refund_only", reason, category, text, parcels=parcels))
    assert decision["tier"] == "approve"
    assert rule in rules(decision)
    assert decision["recommended"]["step"] == step
    message = " ".join(decision["customer_message"].values())
    assert not [word for word in BACK[:4] if word in message]
