"""What a customer plainly says, and what follows from a change of mind, whatever was picked."""

from __future__ import annotations

import httpx
import pytest

from tests.examination.asked_back import asked
from tests.examination.stories import Event, Facts, Item, rules, told


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


SOUND = ["没坏，就是不想要了", "nothing wrong with it, I just changed my mind"]


@pytest.mark.parametrize("text", SOUND)
@pytest.mark.parametrize("reason", ["defective", "damaged", "not_as_described"])
def test_a_text_that_takes_the_fault_back_is_read(
    client: httpx.Client, text: str, reason: str
) -> None:
    late = told(client, asked("return_and_refund", reason, text))
    assert {"told_otherwise", "outside_right"} <= rules(late)
    assert late["tier"] == "approve"
    assert "merchant_consent" in late["conditions"], "as for every change of mind on day 12"
    assert "repair" not in late["suggestions"]
    assert "The postage back is yours" in late["customer_message"]["en"]
    assert "If that is not so, just answer" in late["customer_message"]["en"]
    assert "我们理解为您已收到商品、商品没有问题" in late["customer_message"]["zh"]
    by_right = told(client, asked("return_and_refund", reason, text, 3))
    assert (by_right["tier"], by_right["lane"]) == ("approve", "no_reason")
    assert "quality_right" not in rules(by_right)
    assert "The postage back is yours" in by_right["customer_message"]["en"]


@pytest.mark.parametrize(
    "text",
    ["坏了，不想要了", "不想要了", "don't want it any more", "拉链开线，不想要了", None,
     "I don't want it any more, the zip does not work", "nothing wrong with the shop"],
)  # fmt: skip
def test_who_is_brief_or_names_a_fault_is_believed(client: httpx.Client, text: str | None) -> None:
    decision = told(client, asked("return_and_refund", "defective", text, 3))
    assert decision["tier"] == "approve"
    assert "quality_right" in rules(decision)
    assert "told_otherwise" not in rules(decision)
    assert "postage is on us" in decision["customer_message"]["en"]


def test_a_fault_that_the_shop_had_called_otherwise_is_a_fault(client: httpx.Client) -> None:
    text = "卖家私聊让我改成七天无理由，不然不给退，明明是质量问题"
    decision = told(client, asked("return_and_refund", "unwanted", text, 5))
    assert {"told_fault", "quality_right"} <= rules(decision)
    assert "postage is on us" in decision["customer_message"]["en"]


NEEDLESS = ["不小心买重了，退一件", "our trip was cancelled, we do not need it any more"]
SIZE = ["真实原因是太小了，盒子破了", "the real reason: too small, but the box was broken too"]


@pytest.mark.parametrize(
    ("reason", "text"), [*(("defective", one) for one in NEEDLESS), *(("damaged", o) for o in SIZE)]
)
def test_who_bought_two_or_names_the_real_reason_changed_their_mind(
    client: httpx.Client, reason: str, text: str
) -> None:
    late = told(client, asked("return_and_refund", reason, text))
    assert {"told_otherwise", "outside_right"} <= rules(late)
    assert (late["tier"], "merchant_consent" in late["conditions"]) == ("approve", True)
    by_right = told(client, asked("return_and_refund", reason, text, 3))
    assert (by_right["tier"], by_right["lane"]) == ("approve", "no_reason")
    assert "The postage back is yours" in by_right["customer_message"]["en"]
    assert "If that is not so, just answer" in by_right["customer_message"]["en"]


@pytest.mark.parametrize("text", ["收到了，不想要了", "The parcel arrived, but I changed my mind"])
def test_what_arrived_by_the_text_did_not_fail_to_come(client: httpx.Client, text: str) -> None:
    decision = told(client, asked("refund_only", "not_received", text, 3))
    assert decision["tier"] == "approve"
    assert decision["conditions"] == ["merchant_consent"]
    assert decision["recommended"]["step"] == "consent"
    missing = told(client, asked("refund_only", "not_received", "没收到，不想要了", 3))
    assert "told_otherwise" not in rules(missing)
    stated: Facts = {"claims_received": False}
    denied = told(client, asked("refund_only", "not_received", text, 3, refund=stated))
    assert "told_otherwise" not in rules(denied), "it may have arrived next door"
    assert denied["conditions"] == ["courier_record"]


def test_an_exchange_for_a_change_of_mind_is_granted_as_a_return_is(client: httpx.Client) -> None:
    late = told(client, asked("exchange", "unwanted", "another colour suits me better"))
    assert (late["tier"], late["conditions"]) == ("approve", ["merchant_consent"])
    assert "outside_right" in rules(late)
    assert "asked the shop to agree to it as a courtesy" in late["customer_message"]["en"]
    assert "换货已超出无理由退货的范围" in late["customer_message"]["zh"]
    assert late["recommended"]["step"] == "consent"
    for early in (asked("exchange", "unwanted", None, 3), asked("exchange", "defective", None)):
        assert "merchant_consent" not in told(client, early)["conditions"]
    excluded = asked("exchange", "unwanted", None, 3, order={"no_reason_return": False})
    assert "merchant_consent" in told(client, excluded)["conditions"]
    returned = told(client, asked("return_and_refund", "unwanted", None))
    assert "exchange" not in returned["customer_message"]["en"], (
        "it would wait for the shop as well"
    )


def test_another_one_for_a_change_of_mind_is_the_shops_to_send(client: httpx.Client) -> None:
    another = told(client, asked("resend", "unwanted", None, refund={"claims_received": True}))
    assert "merchant_consent" in another["conditions"]
    broken = told(client, asked("resend", "damaged", None, refund={"claims_received": True}))
    assert "merchant_consent" not in broken["conditions"]


def test_what_is_made_for_somebody_is_not_cancelled_unheard(client: httpx.Client) -> None:
    refund: Facts = {"claims_received": False}
    made = asked("refund_only", "unwanted", None, refund=refund, parcels=(),
                 order={"category": "custom_made"})  # fmt: skip
    decision = told(client, made)
    assert (decision["tier"], decision["conditions"]) == ("approve", ["merchant_consent"])
    assert "made for you" in decision["customer_message"]["en"]
    plain = told(client, asked("refund_only", "unwanted", None, refund=refund, parcels=()))
    assert plain["conditions"] == []


@pytest.mark.parametrize(("days", "lane"), [(3, "no_reason"), (12, "standard")])
def test_postage_of_a_change_of_mind_is_not_paid(
    client: httpx.Client, days: float, lane: str
) -> None:
    postage: Facts = {"amount": "269.00", "postage": "10.00"}
    mind = told(client, asked("return_and_refund", "unwanted", None, days, refund=postage))
    assert (mind["tier"], mind["lane"]) == ("approve", lane)
    assert "own_postage" in rules(mind)
    assert "The 10.00 CNY that you ask for beside the price" in mind["customer_message"]["en"]
    assert "10.00 CNY 不在退款之内" in mind["customer_message"]["zh"]
    back = (Event("shipped", 2), Event("delivered", 1))
    looked = told(client, asked("return_and_refund", "unwanted", None, days, refund=postage,
                                back=back, inspection="as_sent"))  # fmt: skip
    assert (looked["tier"], looked["recommended"]["step"]) == ("approve", "pay_price")
    for reason in ("defective", "late", "wrong_item", "other"):
        fault = told(client, asked("return_and_refund", reason, None, days, refund=postage))
        assert "own_postage" not in rules(fault)


@pytest.mark.parametrize(("reason", "said"), [
    ("late", "postage back is on us"), ("missing_item", "postage back is on us"),
    ("other", "keep the receipt of the postage"), ("unwanted", "postage back is yours"),
])  # fmt: skip
@pytest.mark.parametrize("days", [3, 12])
def test_who_pays_the_postage_does_not_hang_on_the_day(
    client: httpx.Client, reason: str, said: str, days: float
) -> None:
    decision = told(client, asked("return_and_refund", reason, None, days))
    assert said in decision["customer_message"]["en"]


def test_a_late_change_of_mind_needs_the_shop_whatever_was_given(client: httpx.Client) -> None:
    given = asked("return_and_refund", "unwanted", None, later=True, evidence=(Item("photo"),))
    decision = told(client, given)
    assert decision["stage"] == "evidence"
    assert "merchant_consent" in decision["conditions"]


@pytest.mark.parametrize(
    "text",
    ["客服让我选不想要，其实是坏的，充不进电",
     "Seller told me to pick no longer wanted but the zip is broken"],
)  # fmt: skip
@pytest.mark.parametrize("days", [3, 12])
def test_a_fault_is_one_whatever_reason_was_picked(
    client: httpx.Client, text: str, days: float
) -> None:
    decision = told(client, asked("return_and_refund", "unwanted", text, days))
    assert decision["tier"] == "approve"
    assert "told_fault" in rules(decision)
    assert "merchant_consent" not in decision["conditions"], "as for every fault on day 12"
    assert "postage is on us" in decision["customer_message"]["en"]
    assert "we treat it so" in decision["customer_message"]["en"]
    assert "按此处理" in decision["customer_message"]["zh"]


@pytest.mark.parametrize(
    "text",
    [
        "changed my mind, my old one broke",
        "没坏，不想要了",
        "拍错了，以前那个坏了",
        "not wanted, the box is torn",
        None,
    ],
)
def test_a_change_of_mind_stays_one(client: httpx.Client, text: str | None) -> None:
    decision = told(client, asked("return_and_refund", "unwanted", text, 12))
    assert "told_fault" not in rules(decision)
    assert "merchant_consent" in decision["conditions"]


@pytest.mark.parametrize("text", ["I ordered the wrong size, my mistake", "拍错型号了，自己没看清"])
@pytest.mark.parametrize("reason", ["wrong_item", "defective"])
def test_who_ordered_the_wrong_one_was_not_sent_it(
    client: httpx.Client, reason: str, text: str
) -> None:
    by_right = told(client, asked("return_and_refund", reason, text, 3))
    assert "told_otherwise" in rules(by_right)
    assert "The postage back is yours" in by_right["customer_message"]["en"]
    assert (
        "merchant_consent" in told(client, asked("return_and_refund", reason, text))["conditions"]
    )


@pytest.mark.parametrize(
    "text",
    [
        "you sent the wrong size by mistake",
        "the seller claims I ordered the wrong one, I did not",
        "不是我拍错，是你们发错了",
        "not the colour I wanted",
    ],
)
def test_who_was_sent_the_wrong_one_is_believed(client: httpx.Client, text: str) -> None:
    decision = told(client, asked("return_and_refund", "wrong_item", text, 3))
    assert "told_otherwise" not in rules(decision)
    assert "postage is on us" in decision["customer_message"]["en"]
