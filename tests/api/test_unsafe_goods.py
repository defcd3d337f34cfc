"""Who was hurt by what they bought is called at once; food that is bad is paid back by law."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.examination.stories import Facts, Item, Story, Telling

HURT = "充电宝爆炸起火，烧伤了孩子的手，已送医院"
TYPES = ("refund_only", "return_and_refund", "exchange", "repair")


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def claim(text: str | None, category: str = "electronics", **refund: Any) -> Story:
    """A fault of something for 159 that came three days ago."""
    order: Facts = {"amount": "159.00", "category": category}
    asked: Facts = {
        "type": "refund_only", "reason_code": "defective", "claims_received": True,
        "reason_text": text, **refund,
    }  # fmt: skip
    return Story(order=order, refund=asked, later=True)


@pytest.mark.parametrize("asked", TYPES)
def test_who_was_hurt_is_called_and_sends_nothing_back(client: httpx.Client, asked: str) -> None:
    decision = Telling(client, f"hurt-{asked}").tell(claim(HURT, type=asked))
    assert decision["tier"] == "platform_intervention"
    assert not decision["suggestions"]
    assert not decision["conditions"]
    assert decision["recommended"]["action"] == "call"
    assert "anybody hurt" in decision["recommended"]["text"]["en"]
    message = decision["customer_message"]
    assert "do not send it by post" in message["en"]
    assert "不要邮寄" in message["zh"]
    assert "repair" not in message["en"]


def test_english_is_heard_as_well(client: httpx.Client) -> None:
    told = "The kettle caught fire and I burned my hand."
    decision = Telling(client, "kettle").tell(claim(told, "appliances"))
    assert {"unsafe_goods"} <= {rule["id"] for rule in decision["rules"]}


@pytest.mark.parametrize("text", [
    "奶瓶有裂口，宝宝嘴割破了", "电热毯把床单烧了个洞", "用完眼霜眼睛肿了", "下坡没刹住，差点出事",
    "椅子腿断了摔了一跤", "手机电池鼓包了",
    "the kettle gave me a shock", "my child cut his hand on the broken pieces",
    "the cream left me with swollen eyes", "the chair collapsed under me",
    "it burned a hole in the rug",
])  # fmt: skip
def test_whoever_was_hurt_by_other_words_is_called_too(client: httpx.Client, text: str) -> None:
    decision = Telling(client, "harm").tell(claim(text, "home", type="return_and_refund"))
    assert decision["tier"] == "platform_intervention"
    assert "unsafe_goods" in {rule["id"] for rule in decision["rules"]}
    assert "do not send it by post" in decision["customer_message"]["en"]


@pytest.mark.parametrize("text", [
    "气得我冒火", "苹果有摔伤", "脚骨折了，穿不了", "屏幕有划伤", "柜门受潮鼓包",
    "the price shocked me", "the arm of the chair broke",
    "I got a shock when I saw the colour", "it did not hurt anybody, it just does not charge",
])  # fmt: skip
def test_what_hurts_nobody_calls_nobody(client: httpx.Client, text: str) -> None:
    decision = Telling(client, "harmless").tell(claim(text, "home"))
    assert "unsafe_goods" not in {rule["id"] for rule in decision["rules"]}


@pytest.mark.parametrize("text", [None, "充不进电", "nobody was injured, it just does not charge"])
def test_an_ordinary_fault_is_an_ordinary_fault(client: httpx.Client, text: str | None) -> None:
    decision = Telling(client, f"fault-{text}").tell(claim(text))
    assert decision["tier"] == "approve"
    assert "unsafe_goods" not in {rule["id"] for rule in decision["rules"]}


def test_a_withdrawn_request_is_closed(client: httpx.Client) -> None:
    decision = Telling(client, "withdrawn").tell(claim(HURT).but(withdrawn=True))
    assert decision["tier"] == "approve"


@pytest.mark.parametrize(
    "category",
    [
        "乳制品",
        "食品",
        "food",
        "infant_formula",
        "pet_food",
        "奶粉",
        "medicine",
        "药品",
        "活体",
        "宠物活体",
        "live_fish",
    ],
)
def test_food_that_is_bad_needs_no_consent(client: httpx.Client, category: str) -> None:
    story = claim("打开就是酸的，发霉了", category).but(evidence=(Item("photo"),))
    decision = Telling(client, f"bad-{category}").tell(story)
    assert "statutory_refund" in {rule["id"] for rule in decision["rules"]}
    assert "merchant_consent" not in decision["conditions"]
    assert "repair" not in decision["suggestions"]


def test_food_that_is_another_than_was_offered_hears_the_shop(client: httpx.Client) -> None:
    story = claim("和图片不一样", "snacks", reason_code="not_as_described")
    decision = Telling(client, "another").tell(story)
    assert "statutory_refund" not in {rule["id"] for rule in decision["rules"]}


@pytest.mark.parametrize(
    "text",
    [
        "The power bank is swollen and gets very hot",
        "there was a burning smell and sparks came out of the plug",
        "安全座椅的卡扣断了，差点摔着孩子",
        "电池鼓包了",
        "the glass table arrived shattered, it is dangerous to touch",
        "插上就有焦糊味，还冒火花",
        "小零件掉下来，孩子差点噎着",
        "厂家发了召回通知，让停止使用",
        "The maker recalled this child seat",
        "there is a safety recall for this charger",
    ],
)
def test_what_nearly_hurt_somebody_is_not_sent_by_post(client: httpx.Client, text: str) -> None:
    decision = Telling(client, f"nearly-{text}").tell(claim(text))
    assert "unsafe_goods" in {rule["id"] for rule in decision["rules"]}
    assert "do not send it by post" in decision["customer_message"]["en"]


@pytest.mark.parametrize(
    "text",
    [
        "手机玩游戏烫手",
        "the coat smells of smoke",
        "the chocolate melted",
        "it does not get hot",
        "没有危险",
        "as far as I recall it came without a lid",
        "I recalled the parcel from the courier",
        "快递被商家召回去了",
    ],
)
def test_what_is_unpleasant_is_no_danger(client: httpx.Client, text: str) -> None:
    decision = Telling(client, f"plain-{text}").tell(claim(text))
    assert "unsafe_goods" not in {rule["id"] for rule in decision["rules"]}
