"""What the first screen of a case says: what is special, what speaks for and against, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import count
from typing import Any

import httpx
import pytest

from risk.facts.format import iso
from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms
from risk.model import Bundle, linear_calibration
from tests.api.console_visits import Visitor
from tests.api.serving import Running, small_bundle
from tests.examination.stories import SAME_ORDER, Ago, Earlier, Event, Facts, Item, Story, Telling

OWN: Facts = {"customer_id": "@customer", "merchant_id": "@shop"}
_numbers = count(1)
BACK = (Event("shipped", 1), Event("delivered", 0.5))


@pytest.fixture(scope="module")
def client(for_platform: httpx.Client) -> httpx.Client:
    return for_platform


def even() -> Bundle:
    """A model to which every case is as likely abuse as not."""
    made, flat = small_bundle(), linear_calibration("platt", 1e-9, 0.0)
    lanes = {name: replace(lane, calibration=flat) for name, lane in made.lanes.items()}
    return replace(made, lanes=lanes, thresholds={"ask_above": 0.1})


@pytest.fixture
def doubting(served: Running, readers: tuple[Visitor, Visitor]) -> Iterator[None]:
    """A model that doubts enough to ask, and too little to call a person."""
    number = next(_numbers)
    served.promote(f"doubting-{number}", even())
    yield
    served.promote(f"suspicious-{number}", small_bundle(0, 5.0))


def heads(readers: tuple[Visitor, Visitor], refund_id: str) -> tuple[str, str]:
    """What stands above the actions of a case, in both languages, without tags."""
    pages = (one.read("case", id=refund_id).text for one in readers)
    english, chinese = (" ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split()) for page in pages)
    return english.split(" Actions ")[0], chinese.split(" 处理 ")[0]


def test_what_is_found_is_said_once_and_first(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    weighed = (Event("shipped", 4, {"weight_g": 710}), Event("delivered", 3))
    back = (Event("shipped", 1, {"weight_g": 705}), Event("delivered", 0.5))
    story = Story(refund={"type": "return_and_refund"}, order={"expected_weight_g": 520},
                  parcels=weighed, back=back, inspection="different_item")  # fmt: skip
    english, chinese = heads(readers, Telling(client, "once").tell(story)["refund_id"])
    lead = english.split("as of the decision, ")[1]
    assert re.match(r"[\d\w :]+ By the inspection of the shop, what came back is not", lead)
    assert "Against the request:" not in english
    assert "evidence given" not in english
    assert "evidence yet" not in english
    assert "Delivered by" not in english
    assert "the parcel sent weighed 0.71 kg: it came back as heavy as it was sent" in lead
    assert "0.52" not in english + chinese
    assert "Price of the goods" not in english, "asked is what was paid, and the claim says it"
    assert "重量与发出时一致" in chinese


def test_nobody_is_said_to_have_signed(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    """A courier records who received a parcel, and no signature."""
    story = Story(refund={"reason_code": "not_received", "claims_received": False,
                          "amount": "8600.00"}, order={"amount": "8600.00"})  # fmt: skip
    decided = Telling(client, "signed").tell(story)
    english, chinese = heads(readers, decided["refund_id"])
    said = "by the courier's record the customer received it"
    reasons = " ".join(one["text"]["en"] for one in decided["reasons"])
    assert said in reasons or "received_by" not in reasons
    page = readers[0].read("case", id=decided["refund_id"]).text
    assert "signature" not in page
    delivered = "Delivered by the courier's record" in english
    assert delivered == (said not in english), "this is disputed, and told once"
    assert ("物流显示已签收" in chinese) == delivered


def test_a_random_check_in_the_customers_favour_is_told_for_them(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    """It counts for nothing, and abuse that a check found unheard is not told."""
    asked = Story(order=OWN, refund={"requested_at": Ago(30), "type": "exchange"})
    checked = tuple(
        Earlier(asked, {"verdict": verdict, "selected_by": "random_audit"})
        for verdict in ("legitimate", "legitimate", "fraud")
    )
    case = Story(order=OWN, refund={"reason_code": "counterfeit"}, earlier=checked)
    refund_id = Telling(client, "checked").tell(case)["refund_id"]
    english, chinese = heads(readers, refund_id)
    assert "favour: 2 earlier requests found legitimate by a random check" in english
    assert "有利的是： 此前2次申请经随机抽查属实" in chinese
    assert "2 legitimate and 0 abuse" in english
    page = readers[0].read("case", id=refund_id).text
    assert page.count("by a random check: legitimate") == 2, "in the history"
    whose = re.search(r"/console/customer\?id=([^\"&]+)", page)
    assert whose is not None
    assert readers[0].read("customer", id=whose[1]).text.count("Legitimate by a random check") == 2
    assert "fraud" not in english


def test_a_question_on_one_request_is_known_on_the_other(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    one = Story(order={**SAME_ORDER, "no_reason_return": False}, refund={"reason_code": "damaged"})
    telling = Telling(client, "both")
    first, second = (telling.tell(one)["refund_id"] for _ in range(2))
    client.post(f"/v1/refunds/{first}/score").raise_for_status()
    assert "Ask the customer which request stands" in heads(readers, first)[0]
    assert readers[0].send("case/claim", id=second).status_code == 303
    ready = readers[0].read("case", id=second).text
    by_what = r"Which one shall stand: refund only, CN¥[^:]+ \(of \d+ \w+\), or refund only, CN¥"
    assert re.search(by_what, ready), "a customer knows no numbers"
    asks = {"id": second, "kind": "chat", "from": "customer", "text": "Which one?"}
    assert readers[0].send("case/ask", **asks).status_code == 303
    assert "Since the decision: the customer was asked," in heads(readers, second)[0]
    english, chinese = heads(readers, first)
    assert f"Wait for the customer's answer: asked on request {second} on" in english
    assert f"已在申请 {second} 中询问保留哪一个" in chinese
    page = readers[0].read("case", id=first).text
    assert "Which one shall stand" not in page, "the same is asked once"
    chat = {"evidence_id": "E-both", "refund_id": second, "kind": "chat",
            "submitted_at": iso(now_ms())}  # fmt: skip
    client.post("/v1/evidence", json=[chat]).raise_for_status()
    assert f"Read what the customer answered on request {second}" in heads(readers, first)[0]


@pytest.mark.usefixtures("doubting")
def test_a_picture_of_somebody_else_stands_against_the_request_with_whose_it_is(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    """And who answers the question for a fresh one in words, the goods being gone, is heard."""
    same: Facts = {"content_hash": "a-picture-given-twice"}
    story = Story(refund={"type": "refund_only", "reason_code": "damaged"},
                  order={"amount": "900.00"}, evidence=(Item("photo", more=same),),
                  later=True)  # fmt: skip
    telling = Telling(client, "copied")
    first = telling.tell(story)["refund_id"]
    decided = telling.tell(story)
    refund_id = decided["refund_id"]
    assert decided["tier"] == "request_evidence"
    assert "if you no longer have it" in decided["required_evidence"][0]["text"]["en"]
    english, chinese = heads(readers, refund_id)
    said = "Against the request: the photo was given before by another customer: request"
    assert f"{said} {first}" in english
    assert f"该照片此前已由另一位客户提供，申请 {first}" in chinese
    assert f'href="/console/case?id={first}"' in readers[0].read("case", id=refund_id).text
    assert "settles it" not in english
    chat = {"evidence_id": "E-copied", "refund_id": refund_id, "kind": "chat",
            "submitted_at": iso(now_ms())}  # fmt: skip
    client.post("/v1/evidence", json=[chat]).raise_for_status()
    again = client.post(f"/v1/refunds/{refund_id}/score").json()
    assert again["tier"] == "platform_intervention"


@pytest.mark.usefixtures("doubting")
def test_why_the_shop_is_asked_and_that_its_consent_is_needed_is_said(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    story = Story(refund={"type": "refund_only", "reason_code": "damaged", "amount": "560.00"},
                  order={"amount": "560.00", "no_reason_return": False})  # fmt: skip
    decided = Telling(client, "why").tell(story)
    assert decided["tier"] == "request_evidence"
    assert [one["from"] for one in decided["required_evidence"]] == ["merchant", "customer"]
    assert "merchant_consent" in decided["conditions"]
    english, chinese = heads(readers, decided["refund_id"])
    assert "The shop's film shows what was packed, and in what state it left." in english
    assert "The shop's consent is needed as well" in english
    assert "打包视频可说明装入了什么" in chinese
    page = unescape(readers[0].read("case", id=decided["refund_id"]).text)
    assert "The customer asks for refund only, CN¥560.00, damaged: do you agree?" in page


def test_who_declined_is_said_once(client: httpx.Client, readers: tuple[Visitor, Visitor]) -> None:
    """With one wording, and beside it what was found before."""
    asked = Story(order={**OWN, "amount": "499.00", "no_reason_return": False},
                  refund={"reason_code": "defective", "amount": "499.00", "type": "refund_only",
                          "claims_received": True, "reason_text": "bad"})  # fmt: skip
    found = tuple(
        Earlier(asked.but(order={"placed_at": Ago(60)}, refund={"requested_at": Ago(50)}),
                {"verdict": "fraud"}) for _ in range(2)
    )  # fmt: skip
    case = asked.but(earlier=found, evidence=(Item("declined"),), later=True)
    decided = Telling(client, "declined").tell(case)
    english, chinese = heads(readers, decided["refund_id"])
    assert "The customer was asked to show the fault and declined" in english
    assert "proof was asked for and declined" not in english
    assert "would rather not" not in english
    assert "要求举证而未提供" not in chinese


def test_what_is_asked_beyond_the_price_is_named_and_comes_after_the_claim(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    film = Item("video", "merchant", {"captured_at": Ago(2.0)})
    asked: dict[str, Any] = {"reason_code": "counterfeit", "claims_received": True,
                             "amount": "4740.00", "compensation": "3160.00"}  # fmt: skip
    story = Story(refund=asked, order={"amount": "1580.00"}, parcels=(Event("delivered", 11),),
                  evidence=(Item("photo"), film), later=True)  # fmt: skip
    decided = Telling(client, "beyond").tell(story)
    assert decided["recommended"]["step"] == "authentic"
    english, chinese = heads(readers, decided["refund_id"])
    assert "(CN¥3,160.00 of it as compensation)" in english
    assert "（其中赔偿 ¥3,160.00）" in chinese
    assert "Ask the shop for its papers of purchase" in english
    assert "favour: the shop's video was taken 9 days after the delivery" in english
    page = unescape(readers[0].read("case", id=decided["refund_id"]).text)
    assert "Please send your papers of purchase and the brand's authorisation" in page
    assert "please send us what shows that the article is not genuine" in page
    assert "postage" not in page.split("Message to the customer")[0]


def test_an_offer_for_worn_goods_says_where_its_part_comes_from(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    worn = Story(refund={"reason_code": "unwanted", "type": "return_and_refund"}, back=BACK,
                 inspection="used", order={"amount": "899.00"})  # fmt: skip
    english, chinese = heads(readers, Telling(client, "unseen").tell(worn)["refund_id"])
    assert "Ask the shop for pictures of what it found, then offer the customer" in english
    assert "the policy gives 80 % of the price" in english
    assert "only how the article came back is considered" in english
    assert "无理由退货：只看商品退回时的状况。" in chinese
    assert "按策略，有使用痕迹的商品退还价款的 80%" in chinese
    page = readers[0].read("case", id=Telling(client, "words").tell(worn)["refund_id"]).text
    assert "Please send pictures of what you found." in page


def test_an_old_account_is_as_old_in_every_line(
    client: httpx.Client, readers: tuple[Visitor, Visitor]
) -> None:
    since = iso(now_ms() - 1_500 * DAY_MS + DAY_MS // 4)
    order: Facts = {**OWN, "account_created_at": since, "amount": "3600.00",
                    "no_reason_return": False}  # fmt: skip
    before = Earlier(
        Story(order={**order, "placed_at": Ago(60)},
              refund={"payout_account": "IBAN-OLD", "requested_at": Ago(50)}),
        {"verdict": "legitimate", "resolution": "refunded", "amount": "3600.00"},
    )  # fmt: skip
    case = Story(order={**order, "device_id": "dev-new", "shipping_address": "Unit 7, Dock Road"},
                 refund={"reason_code": "missing_item", "amount": "3600.00", "type": "refund_only",
                         "payout_account": "IBAN-NEW", "claims_received": True},
                 earlier=(before,))  # fmt: skip
    decided = Telling(client, "old").tell(case)
    english, _ = heads(readers, decided["refund_id"])
    assert "old_contact" in {rule["id"] for rule in decided["rules"]}
    ages = set(re.findall(r"(\d[\d,]*) days old", english))
    assert ages == {"1,499"}
