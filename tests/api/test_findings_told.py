"""What a customer is told of a request that somebody has found and done something about."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from risk.facts.format import iso
from risk.facts.units import DAY_MS, HOUR_MS
from risk.history.connection.connect import now_ms
from tests.deciders import body

ASKED = "461.00"


@pytest.fixture
def basket() -> dict[str, Any]:
    """A missing line of a basket; what all of it cost is asked back."""
    one = body(amount=ASKED, reason_code="missing_item", reason_text="Gone. Refund all.")
    order = one["order"][0]
    one["order"] = [
        {**order, "line_id": str(n), "amount": amount}
        for n, amount in enumerate(("219.00", "45.00", "129.00", "68.00"), 1)
    ]
    return one


def found(client: httpx.Client, one: dict[str, Any], **outcome: Any) -> dict[str, Any]:
    """The decision after somebody found something of a request."""
    first = client.post("/v1/refunds/score", json=one).json()
    name = one["refund"]["refund_id"]
    fact = {"refund_id": name, "decided_at": iso(now_ms()), **outcome}
    assert client.post("/v1/outcomes", json=[fact]).status_code == 201
    again = client.post(f"/v1/refunds/{name}/score").json()
    assert again["decision_id"] != first["decision_id"]
    return dict(again)


REFUSED = ("is not granted, and nothing is paid for it", "未获同意，不支付款项")


@pytest.mark.parametrize(
    ("verdict", "done", "amount", "step", "said"),
    [
        ("merchant_fault", "refunded", "219.00", "pay",
         ("the shop was at fault", "Of the 461.00 CNY you asked for, 219.00 CNY is granted",
          "the other 242.00 CNY is not granted", "appeal", "其余 242.00 CNY 未获同意")),
        ("legitimate", "partly_refunded", "219.00", "pay",
         ("it is as you told us", "the other 242.00 CNY is not granted", "申诉")),
        ("courier_fault", "refunded", None, "pay",
         ("something went wrong on the way", "461.00 CNY is on its way back to you")),
        ("legitimate", "refused", None, "call", (*REFUSED, "do not doubt", "know the cause")),
        ("legitimate", "withdrawn", None, "wait", ("You have withdrawn this request", "已撤回")),
        ("legitimate", "exchanged", None, "pay", ("An exchange is arranged", "已为您安排换货")),
        ("abuse", "refused", None, "call",
         (*REFUSED, "does not show that a part of the order was missing", "未显示订单有缺件")),
        ("fraud", "partly_refunded", "45.00", "call",
         ("45.00 CNY is granted", "the other 416.00 CNY is not granted")),
        ("abuse", "withdrawn", None, "wait", ("You have withdrawn this request",)),
        ("undetermined", "refunded", "219.00", "wait",
         ("Of the 461.00 CNY you asked for, 219.00 CNY is paid", "242.00 CNY is not granted")),
    ],
)  # fmt: skip
def test_what_was_done_is_told_whatever_held_the_open_case(
    client: httpx.Client, basket: dict[str, Any],
    verdict: str, done: str, amount: str | None, step: str, said: tuple[str, ...],
) -> None:  # fmt: skip
    paid = {"amount": amount} if amount else {}
    again = found(client, basket, verdict=verdict, resolution=done, **paid)
    told = again["customer_message"]
    for words in said:
        assert words in told["en"] + told["zh"]
    assert "goes through it with you personally" not in told["en"]
    assert again["recommended"]["action"] == step


@pytest.mark.parametrize("done", ["refused", "partly_refunded"])
def test_who_sent_goods_back_hears_where_they_are(client: httpx.Client, done: str) -> None:
    one = body(type="return_and_refund", reason_code="unwanted")
    refund, now = one["refund"], now_ms()
    one["shipments"].append(
        {"order_id": refund["order_id"], "refund_id": refund["refund_id"], "direction": "return",
         "status": "delivered", "occurred_at": iso(now - HOUR_MS), "courier": "SF"}
    )  # fmt: skip
    looked = {"refund_id": refund["refund_id"], "inspected_at": iso(now - HOUR_MS // 2),
              "condition": "used", "inspected_by": "merchant"}  # fmt: skip
    assert client.post("/v1/refunds", json=refund).status_code == 201
    assert client.post("/v1/inspections", json=looked).status_code == 201
    paid = {"amount": "20.00"} if done == "partly_refunded" else {}
    told = found(client, one, verdict="abuse", resolution=done, **paid)["customer_message"]
    assert "the article came back with signs of use" in told["en"]
    assert ("What came back stays yours" in told["en"]) is (done == "refused")
    assert ("退回的商品仍归您所有" in told["zh"]) is (done == "refused")


def test_who_may_still_return_the_goods_is_told_so(client: httpx.Client) -> None:
    one = body(reason_code="defective")
    one["order"][0] |= {"no_reason_return": True}
    one["shipments"][0]["occurred_at"] = iso(now_ms() - DAY_MS)
    told = found(client, one, verdict="abuse", resolution="refused")["customer_message"]
    assert "does not show a fault of the article" in told["en"]
    assert "may still send the article back by right" in told["en"]
    assert "仍可在规定期限内申请退货" in told["zh"]


def sent_back(one: dict[str, Any], grams: int) -> dict[str, Any]:
    """The body of a return that the courier has handed over, not opened yet."""
    refund, at = one["refund"], iso(now_ms() - HOUR_MS)
    parcel = {"order_id": refund["order_id"], "refund_id": refund["refund_id"],
              "direction": "return", "status": "delivered", "occurred_at": at, "courier": "SF",
              "weight_g": grams}  # fmt: skip
    return {**one, "shipments": [*one["shipments"], parcel]}


def test_a_light_return_is_promised_nothing_before_it_is_opened(client: httpx.Client) -> None:
    one = body(type="return_and_refund", reason_code="unwanted")
    one["order"][0] |= {"no_reason_return": True, "expected_weight_g": 640}
    decision = client.post("/v1/refunds/score", json=sent_back(one, 185)).json()
    told, step = decision["customer_message"], decision["recommended"]
    assert "light_parcel" in {rule["id"] for rule in decision["rules"]}
    assert "refund follows" not in told["en"]
    assert "为您退款" not in told["zh"]
    assert "opened and looked at first" in told["en"]
    assert (step["action"], "0.185 kg" in step["text"]["en"]) == ("ask_merchant", True)
    assert "0.64 kg should come back" in step["text"]["en"]
    assert "Wait for the goods" not in step["text"]["en"]


def test_a_second_open_request_is_told_of_the_first_and_asked_which_stands(
    client: httpx.Client,
) -> None:
    one = body()
    first = client.post("/v1/refunds/score", json=one).json()
    again = {**one["refund"], "refund_id": first["refund_id"] + "-2",
             "requested_at": iso(now_ms())}  # fmt: skip
    second = client.post("/v1/refunds/score", json={"refund": again}).json()
    assert second["why"]["id"] == "other_open_request"
    assert "Another open request asks 349.00 CNY" in second["why"]["text"]["en"]
    assert (
        "together 698.00 CNY, and 349.00 CNY of what was paid is left"
        in second["why"]["text"]["en"]
    )
    assert "the one that shall stand" in second["customer_message"]["en"]
    assert "保留哪一个" in second["customer_message"]["zh"]
    assert "which request stands" in second["recommended"]["text"]["en"]
    paid = {"refund_id": first["refund_id"], "decided_at": iso(now_ms()), "resolution": "refunded",
            "verdict": "legitimate"}  # fmt: skip
    assert client.post("/v1/outcomes", json=paid).status_code == 201
    third = client.post(f"/v1/refunds/{again['refund_id']}/score").json()
    assert third["why"]["id"] == "amount_check"


@pytest.mark.parametrize(
    ("refund", "category"),
    [
        ({"reason_code": "defective"}, "electronics"),
        ({"reason_code": "damaged"}, "fruit"),
        ({"reason_code": "missing_item"}, "cosmetics"),
        ({"reason_code": "late", "claims_received": False}, "home"),
    ],
)
def test_no_message_offers_money_beside_money_or_before_the_shop_agrees(
    client: httpx.Client, refund: dict[str, Any], category: str
) -> None:
    one = body(**refund)
    one["order"][0]["category"] = category
    told = client.post("/v1/refunds/score", json=one).json()["customer_message"]
    assert "while you keep it" not in told["en"]
    assert "voucher" not in told["en"]
    assert "保留商品并退还" not in told["zh"]
    assert "a call from one of us" not in told["en"]


def test_a_worn_article_is_not_exchanged_for_a_new_one_nor_what_is_smashed_repaired(
    client: httpx.Client,
) -> None:
    one = body(type="return_and_refund", reason_code="unwanted")
    refund = one["refund"]
    client.post("/v1/refunds/score", json=sent_back(one, 640))
    looked = {"refund_id": refund["refund_id"], "inspected_at": iso(now_ms()),
              "condition": "used", "inspected_by": "merchant"}  # fmt: skip
    assert client.post("/v1/inspections", json=looked).status_code == 201
    worn = client.post(f"/v1/refunds/{refund['refund_id']}/score").json()
    assert "exchange" not in worn["suggestions"]
    assert "warranty" not in worn["customer_message"]["en"]
    vase = client.post("/v1/refunds/score", json=body(reason_code="damaged")).json()
    assert "repair" not in vase["suggestions"]
