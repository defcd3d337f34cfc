"""What a lead of the after-sales team reads on a case page: who said what, and what holds."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.api.console_visits import Visitor, pages
from tests.api.serving import Running, small_bundle
from tests.examination.stories import Ago, Event, Facts, Item, Story, Telling

BACK = (Event("shipped", 1), Event("delivered", 0.5))
RETURN = Story(refund={"type": "return_and_refund"}, order={"no_reason_return": True})


@pytest.fixture(scope="module")
def client(for_platform: httpx.Client) -> httpx.Client:
    return for_platform


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [
        ("unwanted", "Return without a reason: reason and evidence are not considered.",
         "无理由退货：理由与凭证不计入。"),
        ("damaged", "Within the time for returns: nothing is asked of the customer; only who pays "
         "the postage depends on the fault.",
         "不要求客户补充凭证；运费由谁承担，取决于商品是否有问题。"),
        ("wrong_item", "Within the time for returns: nothing is asked of the customer; only who "
         "pays the postage depends on the fault.", "在无理由退货期内：不要求客户补充凭证；"),
        ("missing_item", "Within the time for returns: nothing is asked of the customer.",
         "在无理由退货期内：不要求客户补充凭证。"),
    ],
)  # fmt: skip
def test_a_fault_inside_the_right_of_return_is_no_return_without_a_reason(
    client: httpx.Client, readers: tuple[Visitor, Visitor], reason: str, english: str, chinese: str
) -> None:
    story = RETURN.but(refund={"reason_code": reason}, evidence=(Item("photo"),))
    decided = Telling(client, f"lane-{reason}").tell(story)
    assert decided["lane"] == "no_reason"
    for page, said in zip(pages(readers, decided["refund_id"]), (english, chinese), strict=True):
        assert said in page
        without = "are not considered" in page or "凭证不计入" in page
        assert without is (reason == "unwanted")


def test_weights_are_to_the_gram_and_nobody_is_named_for_a_dash(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    nameless: Facts = {"weight_g": 185, "courier": None}
    story = RETURN.but(
        refund={"reason_code": "unwanted"}, back=(Event("delivered", 0.5, nameless),),
        inspection="empty", order={"category": "garden_tools"},
    )  # fmt: skip
    decided = Telling(client, "weights").tell(story)
    english, chinese = pages(readers, decided["refund_id"])
    assert "Return parcel: delivered 0.185 kg" in english
    assert "退货包裹：已签收0.185 kg" in chinese.replace("已签收 ", "已签收")
    assert "(–)" not in english
    assert "（–）" not in chinese
    assert "garden tools" in english
    assert "by the merchant: empty parcel" in english
    assert "验货（商家）：空包裹" in chinese


def test_pieces_of_a_lot_are_pieces(client: httpx.Client, readers: tuple[Visitor, Visitor]) -> None:
    story = RETURN.but(refund={"reason_code": "unwanted"}, back=BACK, inspection="incomplete")
    decided = Telling(client, "lot").tell(story)
    english, chinese = pages(readers, decided["refund_id"])
    assert "pieces or parts are missing" in english
    assert "缺件或缺配件" in chinese
    assert "part or accessory" not in english


DISPUTED = [
    ("damaged", "damaged_by_customer",
     "The customer says that it came damaged, the shop says that the customer damaged it: the "
     "pictures of both sides are compared before anything is offered.",
     "客户称收到时已损坏，商家称损坏是客户造成的：先核对双方图片，再谈处理方案。"),
    ("wrong_item", "used",
     "The customer says that another article was sent, the shop says that it came back with signs "
     "of use", "客户称商家发错了商品，商家称退回时有使用痕迹"),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "found", "english", "chinese"), DISPUTED)
def test_a_fault_and_an_inspection_against_it_are_two_accounts(
    client: httpx.Client, readers: tuple[Visitor, Visitor],
    reason: str, found: str, english: str, chinese: str,
) -> None:  # fmt: skip
    """Neither is a fact: the pictures of both sides come first, and no part is offered."""
    story = RETURN.but(refund={"reason_code": reason}, evidence=(Item("photo"),), back=BACK,
                       inspection=found)  # fmt: skip
    decided = Telling(client, f"disputed-{found}").tell(story)
    assert decided["tier"] == "platform_intervention"
    assert decided["recommended"]["step"] == "pictures"
    assert "partial_refund" not in decided["suggestions"]
    for page, said, asked in zip(
        pages(readers, decided["refund_id"]), (english, chinese),
        ("Ask the shop for its film of opening the return", "请商家提供退货开箱视频"), strict=True,
    ):  # fmt: skip
        assert said in page
        assert asked in page
        assert "The right article came back" not in page
    both = story.but(evidence=(Item("photo"), Item("photo", "merchant")))
    compared = Telling(client, f"compared-{found}").tell(both)
    assert compared["recommended"]["step"] == "compare"


def test_an_inspection_is_told_by_whom(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    story = RETURN.but(refund={"reason_code": "unwanted"}, back=BACK, inspection="used")
    english, chinese = pages(readers, Telling(client, "by").tell(story)["refund_id"])
    assert "By the inspection of the shop, the article came back with signs of use" in english
    assert "商家验货称商品退回时有使用痕迹或损坏" in chinese


ELSEWHERE = "Somebody else gave the same picture, or one near it, before: by itself it shows"


def test_of_a_doubtful_picture_is_said_what_is_doubtful(client: httpx.Client) -> None:
    old: Facts = {"captured_at": Ago(60)}
    story = Story(refund={"type": "refund_only"}, order={"amount": "900.00"},
                  evidence=(Item("photo", more=old),), later=True)  # fmt: skip
    decided = Telling(client, "older").tell(story)
    [text] = [rule["text"] for rule in decided["rules"] if rule["id"] == "fresh_picture"]
    assert text == {
        "en": "The picture was taken well before the order: by itself it shows nothing of this "
        "article.",
        "zh": "图片拍摄时间明显早于下单：该图片本身不能说明本次商品的情况。",
    }
    telling = Telling(client, "elsewhere")
    same: Facts = {"content_hash": "the-very-same-file"}
    for _ in range(2):
        decided = telling.tell(story.but(evidence=(Item("photo", more=same),)))
    texts = [rule["text"]["en"] for rule in decided["rules"] if rule["id"] == "fresh_picture"]
    assert texts == [f"{ELSEWHERE} nothing of this article."]


def test_the_courier_is_asked_before_the_customer_is_called(client: httpx.Client) -> None:
    """At whatever amount."""
    for amount in ("268.00", "3899.00"):
        lost: Facts = {"reason_code": "not_received", "claims_received": False, "amount": amount}
        story = Story(refund=lost, order={"amount": amount, "category": "phones"})
        decided = Telling(client, f"courier-{amount}").tell(story)
        assert decided["recommended"]["action"] in ("ask_courier", "ask_customer")
        declined = story.but(evidence=(Item("declined"),), later=True)
        decided = Telling(client, f"courier-again-{amount}").tell(declined)
        assert decided["recommended"]["action"] == "ask_courier"


def test_the_first_screen_has_the_customers_words_pieces_and_standing(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    said = "Eight of them were never opened. " * 9
    story = RETURN.but(
        refund={"reason_code": "unwanted", "reason_text": said, "amount": "80.00"},
        order={"quantity": 40, "amount": "400.00", "customer_tier": "wholesale"},
        back=BACK, inspection="incomplete",
    )  # fmt: skip
    english, chinese = pages(readers, Telling(client, "first").tell(story)["refund_id"])
    head = english.split("Raises the risk")[0]
    assert "The customer: “Eight of them were never opened." in head
    assert "…”" in head
    assert "8 of 40 pieces, by the amount asked" in head
    assert "The account was 400 days old at the request." in head.replace("399", "400")
    assert "Customer group: wholesale." in head
    head = chinese.split("提高风险")[0]
    assert "客户说： “Eight" in head
    assert "按申请金额为 40 件中的 8 件" in head
    assert "客户等级：wholesale。" in head


def _undrawn(client: httpx.Client, telling: Telling, story: Story) -> dict[str, Any]:
    """The decision on an approval that is no case: one in fifty is drawn to be looked at."""
    for _ in range(20):
        decided = telling.tell(story)
        if client.get(f"/v1/cases/{decided['refund_id']}").status_code == 404:
            return decided
    raise AssertionError("twenty in a row were drawn")


def test_an_approval_says_the_claim_the_ground_and_what_speaks_against(
    served: Running, client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    """In words that a lead can pass on, and until when the shop has its say."""
    served.promote("trusting", small_bundle(0, -6.0))
    copy = Story(refund={"reason_code": "counterfeit", "claims_received": True},
                 evidence=(Item("photo"), Item("photo")))  # fmt: skip
    kept = Story(refund={"reason_code": "defective", "claims_received": True},
                 order={"amount": "400.00"})  # fmt: skip
    law = _undrawn(client, Telling(client, "approved"), copy)
    consent = _undrawn(client, Telling(client, "consent"), kept)
    served.promote("suspicious-again", small_bundle(0, 5.0))
    assert (law["tier"], consent["conditions"]) == ("approve", ["merchant_consent"])
    english, chinese = pages(readers, law["refund_id"])
    assert "Counterfeit: 2 photos from the customer." in english
    assert "the law gives the money" in english.split("Next step")[0]
    assert "依法应予退款" in chinese.split("下一步")[0]
    for page in (english, chinese):
        assert "probability of 0." not in page
        assert "expected loss" not in page
    english, chinese = pages(readers, consent["refund_id"])
    assert re.search(r"Ask the shop whether it agrees.*\(by \d+ \w+ \d{4}", english)
    assert "最迟" in chinese.split("下一步")[1]


def test_weights_and_whose_evidence_stand_on_the_page(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    """A return that lost weight on its way; a parcel that names its article; a late film."""
    sent = Event("shipped", 14, {"weight_g": 2550, "packed_sku": "MIXER", "packed_quantity": 1})
    back = (Event("shipped", 1, {"weight_g": 2500}), Event("delivered", 0.5, {"weight_g": 190}))
    story = RETURN.but(parcels=(sent, Event("delivered", 11)), back=back, inspection="empty")
    english, chinese = pages(readers, Telling(client, "lighter").tell(story)["refund_id"])
    said = "the return weighed 2.5 kg when handed in and 0.19 kg on arrival"
    assert said in english.split("Next step")[0]
    assert "times what was sent" not in english.split("Timeline")[0]
    assert "退货寄出时重 2.5 kg，签收时重 0.19 kg：途中变轻" in chinese.split("下一步")[0]
    assert "2.55 kg; packed: 1 × MIXER" in english
    film = Item("video", "merchant", {"captured_at": Ago(2.0)})
    told = Story(refund={"reason_code": "counterfeit", "claims_received": True},
                 parcels=(Event("delivered", 11),), evidence=(Item("photo"), film))  # fmt: skip
    english, chinese = pages(readers, Telling(client, "late").tell(told)["refund_id"])
    assert "1 photo from the customer, 1 video from the shop." in english
    assert "On record for the customer The shop's video was taken 9 days after the" in english
    assert "客户照片1张、商家视频1段。" in chinese
    assert "对客户有利的记录 商家视频拍摄于签收 9 天之后" in chinese


def test_nothing_found_is_not_said_beside_a_rule_that_holds_the_case(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    story = RETURN.but(refund={"reason_code": "unwanted"}, back=BACK, inspection="used")
    for page in pages(readers, Telling(client, "nothing").tell(story)["refund_id"]):
        assert "Raises the risk Nothing found" not in page


def test_the_queue_says_what_it_is_sorted_by(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    for days, amount in ((1.5, "90.00"), (0.2, "9000.00"), (0.9, "500.00")):
        story = RETURN.but(refund={"reason_code": "unwanted", "requested_at": Ago(days)},
                           order={"amount": amount}, back=BACK, inspection="used")  # fmt: skip
        Telling(client, f"due-{amount}").tell(story)
    english, chinese = (one.read("").text for one in readers)
    assert "Sorted by what is due, brought forward by what is at stake" in english
    assert "按答复时限排序，涉及金额越大越提前" in chinese
    urgent = [one["refund_id"] for one in client.get("/v1/cases").json()["cases"]]
    shown = [english.index(f"id={one}") for one in urgent[:10]]
    assert shown == sorted(shown)
    assert len(shown) >= 3


def test_a_childs_purchase_and_a_service_have_no_parcel_and_their_own_acts(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    asked: Facts = {"reason_code": "other", "reason_text": "孩子偷偷充值的"}
    top_up = Story(
        order={"category": "游戏充值", "amount": "648.00"}, refund=asked, parcels=(), later=True
    )
    visit = Story(
        order={"category": "上门维修"}, refund={"reason_code": "not_received"}, parcels=()
    )
    for story in (top_up, visit):
        english, chinese = pages(readers, Telling(client, "kind").tell(story)["refund_id"])
        for said in ("No record of a parcel", "Nothing was on its way"):
            assert said not in english
        for said in ("没有物流记录", "尚无发货记录"):
            assert said not in chinese
    english, chinese = pages(readers, Telling(client, "kind").tell(top_up)["refund_id"])
    assert "Ask: Merchant, Document" in english
    assert "the record of the account" in english
    assert "能说明您是家长或监护人的材料" in chinese
    answered = top_up.but(evidence=(Item("document"),))
    english, _ = pages(readers, Telling(client, "kind").tell(answered)["refund_id"])
    assert "Ask: Merchant, Document" not in english


def test_what_the_shop_gave_is_looked_at_before_a_call(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    story = Story(order={"amount": "2648.00"}, later=True, evidence=(Item("video", "merchant"),),
                  refund={"reason_code": "missing_item", "claims_received": True})  # fmt: skip
    decision = Telling(client, "film").tell(story)
    assert decision["recommended"]["step"] == "shop_call"
    english, chinese = pages(readers, decision["refund_id"])
    assert "Look at what the shop sent, then call the customer" in english.split("Next step")[1]
    assert "先查看商家提供的资料" in chinese.split("下一步")[1]
