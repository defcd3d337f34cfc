"""What shop and courier gave is read before money goes; a shop's no answers what it was asked."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.examination.stories import Ago, Event, Facts, Item, Story, rules, told

SIGNED = (Event("shipped", 5), Event("delivered", 3, {"received_by": "customer"}))
FILM = Item("video", "merchant", {"captured_at": Ago(5.1)})
NO = Item("declined", "merchant", {"submitted_at": Ago(0.03)})
NEXT = {"requested_at": Ago(0.04)}


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def claim(reason: str, amount: str = "640.00", **more: Any) -> Story:
    refund: Facts = {"type": "refund_only", "reason_code": reason, "reason_text": None,
                     "claims_received": reason != "not_received", "amount": amount,
                     **more.pop("refund", {})}  # fmt: skip
    order: Facts = {"amount": amount, "sku": "@sku", **more.pop("order", {})}
    return Story(order=order, refund=refund, later=True, **more)


def test_what_the_shop_gave_of_the_packing_is_read_before_money_goes(client: httpx.Client) -> None:
    decision = told(client, claim("missing_item", evidence=(FILM,)))
    assert (decision["tier"], decision["conditions"]) == ("approve", ["courier_record"])
    assert "shop_answer" in rules(decision)
    assert decision["recommended"]["step"] == "packed"
    assert decision["recommended"]["action"] == "wait", "nobody pays it unread"
    assert "we are reading it" in decision["customer_message"]["en"]
    assert "on its way back" not in decision["customer_message"]["en"]
    assert "正在查看" in decision["customer_message"]["zh"]


def test_a_small_amount_is_not_worth_the_reading(client: httpx.Client) -> None:
    decision = told(client, claim("missing_item", "64.00", evidence=(FILM,)))
    assert (decision["tier"], decision["conditions"]) == ("approve", [])
    assert decision["recommended"]["action"] == "pay"
    assert decision["recommended"]["step"] == "heard", "and nothing is left to read first"


@pytest.mark.parametrize(
    "story",
    [
        claim("missing_item"),
        claim("missing_item", evidence=(Item("declined", "merchant"),)),
        claim("missing_item", evidence=(Item("video", "merchant", {"captured_at": Ago(0.5)}),)),
        claim("missing_item", evidence=(FILM,), outcome={"verdict": "legitimate"}),
    ],
    ids=["none", "declined", "late film", "found"],
)
def test_nothing_is_waited_for_where_nothing_is_to_be_read(
    client: httpx.Client, story: Story
) -> None:
    decision = told(client, story)
    assert decision["tier"] == "approve"
    assert "shop_answer" not in rules(decision)


LATE: Facts = {"type": "resend", "reason_code": "late", "claims_received": None}


def test_of_what_came_late_the_courier_says_when(client: httpx.Client) -> None:
    refund, order = {**LATE, "amount": "890.00"}, {"amount": "890.00"}
    came = told(client, Story(order=order, refund=refund, parcels=SIGNED))
    assert came["conditions"] == ["courier_record"]
    assert came["recommended"]["step"] == "late"
    assert "when it was delivered" in came["recommended"]["text"]["en"]
    refund["claims_received"] = False
    missing = told(client, Story(order=order, refund=refund, parcels=SIGNED))
    assert "to whom and where" in missing["recommended"]["text"]["en"]


def test_a_return_of_what_came_late_waits_for_no_record(client: httpx.Client) -> None:
    back: Facts = {"type": "return_and_refund", "reason_code": "late", "requested_at": Ago(0.04)}
    order: Facts = {"placed_at": Ago(20), "sku": "@sku"}
    parcels = (Event("shipped", 14), Event("delivered", 12, {"received_by": "customer"}))
    decision = told(client, Story(refund=back, order=order, parcels=parcels))
    assert decision["tier"] == "approve"
    assert "courier_record" not in decision["conditions"]
    assert "please send the article back" in decision["customer_message"]["en"]


def test_a_no_before_the_customer_showed_anything_is_none_to_the_refund(
    client: httpx.Client,
) -> None:
    """It was a no to the film of the packing."""
    first = claim("damaged", evidence=(NO,))
    refused = told(client, first)
    assert refused["recommended"]["step"] == "shop_declined", "nothing was given since"
    decision = told(client, first)
    request, now = decision["refund_id"], decision["as_of"]
    photo = {"evidence_id": f"{request}-P", "refund_id": request, "kind": "photo",
             "submitted_at": now, "content_hash": "fresh"}  # fmt: skip
    client.post("/v1/evidence", json=[photo]).raise_for_status()
    again = client.post(f"/v1/refunds/{request}/score").json()
    assert again["tier"] == "approve"
    assert again["conditions"] == ["merchant_consent"]
    assert again["recommended"]["step"] == "consent", "the shop is asked with what is known now"


@pytest.mark.parametrize("amount", ["15.00", "259.00"])
def test_no_fast_lane_is_named_where_the_shop_decides(client: httpx.Client, amount: str) -> None:
    kept = told(client, Story(order={"amount": amount}, refund={"amount": amount}))
    assert kept["conditions"] == ["merchant_consent"]
    assert "small_amount" not in rules(kept)
    price = told(client, Story(refund={"amount": "15.00", "type": "price_adjustment"}))
    assert price["why"]["id"] == "payment_record"
    assert "small_amount" not in rules(price)


def test_a_small_amount_that_nothing_holds_is_paid_at_once(client: httpx.Client) -> None:
    gone: Facts = {"amount": "15.00", "reason_code": "not_received", "claims_received": False,
                   "reason_text": None}  # fmt: skip
    decision = told(client, Story(order={"amount": "15.00"}, refund=gone))
    assert decision["conditions"] == []
    assert "small_amount" in rules(decision)


def test_of_what_never_came_the_courier_is_heard_first(client: httpx.Client) -> None:
    """A film of the packing says nothing of the way."""
    decision = told(client, claim("not_received", evidence=(FILM,)))
    assert decision["recommended"]["step"] == "record"
    assert "shop_answer" not in rules(decision)


WEIGHED = (Event("shipped", 5, {"weight_g": 2700}),
           Event("delivered", 3, {"weight_g": 2690, "received_by": "customer"}))  # fmt: skip


@pytest.mark.parametrize("evidence", [(), (FILM,)])
def test_a_full_weight_calls_no_person_before_anybody_was_asked(
    client: httpx.Client, evidence: tuple[Item, ...]
) -> None:
    """A part that hardly weighs may be missing: shop and courier are heard, then the customer."""
    story = claim("missing_item", "3200.00", evidence=evidence, parcels=WEIGHED,
                  order={"expected_weight_g": 2500})  # fmt: skip
    decision = told(client, story)
    assert decision["tier"] == "request_evidence"
    assert "shop_record" in rules(decision)
    asked = {item["from"] for item in decision["required_evidence"]}
    assert asked == ({"customer"} if evidence else {"merchant"})
    assert "courier_record" not in decision["conditions"]


def parcels(second: str) -> tuple[Event, ...]:
    """Two parcels of one line, the second with this end."""
    first = [
        Event(status, at, {"tracking_no": "A"}) for status, at in (("shipped", 5), ("delivered", 3))
    ]
    return (
        *first,
        Event("shipped", 5, {"tracking_no": "B"}),
        Event(second, 1, {"tracking_no": "B"}),
    )


@pytest.mark.parametrize("amount", ["450.00", "1400.00"])
def test_a_part_that_the_courier_lost_is_paid(client: httpx.Client, amount: str) -> None:
    order: Facts = {"amount": "2800.00", "quantity": 2}
    lost = told(client, claim("missing_item", amount, order=order, parcels=parcels("lost"),
                              evidence=(FILM,)))  # fmt: skip
    assert (lost["tier"], lost["conditions"]) == ("approve", [])
    assert "courier_admits" in rules(lost)
    assert lost["recommended"]["step"] in ("pay", "heard"), "and nothing is read first"
    came = told(client, claim("missing_item", amount, order=order, parcels=parcels("delivered"),
                              evidence=(FILM,)))  # fmt: skip
    assert "courier_admits" not in rules(came)
    two = claim("missing_item", amount, order=order, parcels=parcels("lost"),
                lines=({"amount": "30.00", "sku": "other"},))  # fmt: skip
    assert "courier_admits" not in rules(told(client, two)), "the lost one may be the other article"
    whole = told(client, claim("missing_item", "2800.00", order=order, parcels=parcels("lost")))
    assert "courier_admits" not in rules(whole), "one of both came"


def test_what_the_shop_wrote_is_read_before_it_is_asked_again(client: httpx.Client) -> None:
    wrote = told(client, claim("damaged", evidence=(Item("chat", "merchant"),)))
    assert (wrote["tier"], wrote["conditions"]) == ("approve", ["merchant_consent"])
    assert wrote["recommended"]["step"] == "consent_read"
    assert wrote["recommended"]["action"] == "wait"
    own = told(client, claim("damaged", evidence=(Item("chat"),)))
    assert own["recommended"]["step"] == "consent"
