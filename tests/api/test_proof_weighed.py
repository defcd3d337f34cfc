"""What arrives after a request is weighed by who says it, and read before money goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.examination.returns import returned
from tests.examination.stories import (
    FRAUD,
    SIGNED,
    Ago,
    Decision,
    Earlier,
    Event,
    Item,
    Story,
    Telling,
    rules,
    told,
)

FILM = Item("video", "merchant", {"captured_at": Ago(5.1)})
HANDED_OVER = {"received_by": "customer"}


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def inspected(client: httpx.Client, story: Story, *looks: tuple[str, str]) -> Decision:
    """The decision after each look at what came back: the condition, and who looked."""
    decision = told(client, story)
    request, now = decision["refund_id"], datetime.now(UTC)
    for nth, (condition, by) in enumerate(looks):
        look = {"refund_id": request, "condition": condition, "inspected_by": by,
                "inspected_at": (now - timedelta(minutes=30 - nth)).isoformat()}  # fmt: skip
        client.post("/v1/inspections", json=[look]).raise_for_status()
        decision = client.post(f"/v1/refunds/{request}/score").json()
    return decision


def left(**more: Any) -> tuple[Event, ...]:
    """A parcel that left with what is recorded of it."""
    return (Event("shipped", 5, more), Event("delivered", 3, HANDED_OVER))


RECORD = left(packed_sku="@sku", packed_quantity=1)
FULL: dict[str, Any] = {"parcels": left(weight_g=2100), "order": {"expected_weight_g": 1900}}
LIGHT_BACK = (Event("shipped", 1), Event("delivered", 0.5, {"weight_g": 140}))
SWAPS = tuple(
    Earlier(
        Story(
            order={"customer_id": "@swapper", "merchant_id": "@shop", "placed_at": Ago(40 - n)},
            refund={"requested_at": Ago(30 - n)},
        ),
        FRAUD,
    )
    for n in range(2)
)
KNOWN: dict[str, Any] = {
    "order": {"customer_id": "@swapper", "merchant_id": "@shop"},
    "earlier": SWAPS,
}


@pytest.mark.parametrize(
    ("story", "condition", "why"),
    [
        (returned("missing_item", parcels=RECORD), "empty", "warehouse's record"),
        (returned("wrong_item", parcels=RECORD), "different_item", "warehouse's record"),
        (returned("missing_item", **FULL), "empty", "the parcel weighed"),
        (returned("wrong_item", back=LIGHT_BACK, **FULL), "different_item", "the parcel weighed"),
        (returned("counterfeit", evidence=(FILM,)), "counterfeit", "pictures of the packing"),
        (returned("counterfeit", evidence=(Item("document", "merchant"),)), "counterfeit",
         "record of its purchase"),
        (returned("wrong_item", **KNOWN), "different_item", "an earlier finding"),
    ],
)  # fmt: skip
def test_a_shop_that_reports_a_swap_admits_nothing(
    client: httpx.Client, story: Story, condition: str, why: str
) -> None:
    decision = inspected(client, story, (condition, "merchant"))
    assert decision["tier"] == "platform_intervention"
    assert "claim_confirmed" not in rules(decision)
    [rule] = [one for one in decision["rules"] if one["id"] == "return_compared"]
    assert why in rule["text"]["en"]
    assert decision["recommended"]["step"] == "compare_return"
    message = decision["customer_message"]
    assert "personally" in message["en"]
    assert "专人" in message["zh"]


@pytest.mark.parametrize("by", ["platform", "third_party"])
@pytest.mark.parametrize("shop_first", [True, False])
def test_what_somebody_else_finds_confirms_the_claim(
    client: httpx.Client, by: str, *, shop_first: bool
) -> None:
    looks = [("different_item", "merchant")] * shop_first + [("different_item", by)]
    decision = inspected(client, returned("wrong_item", parcels=RECORD), *looks)
    assert decision["tier"] == "approve"
    assert "claim_confirmed" in rules(decision)
    assert decision["recommended"]["step"] == "pay"


@pytest.mark.parametrize(
    ("story", "condition"),
    [
        (returned("wrong_item"), "different_item"),
        (returned("missing_item"), "empty"),
        (returned("counterfeit", parcels=RECORD), "counterfeit"),
        (returned("wrong_item", parcels=left(packed_sku="@other")), "different_item"),
        (returned("wrong_item", **FULL), "different_item"),
        (returned("missing_item", parcels=(Event("shipped", 5, {"weight_g": 2100}),
            Event("delivered", 3, {"weight_g": 300})), order={"expected_weight_g": 1900}), "empty"),
        (returned("wrong_item", evidence=(Item("video", "merchant", {"captured_at": Ago(0.2)}),)),
         "different_item"),
        (returned("wrong_item", "80.00", parcels=RECORD), "different_item"),
    ],
)  # fmt: skip
def test_a_shop_that_admits_is_believed(client: httpx.Client, story: Story, condition: str) -> None:
    decision = inspected(client, story, (condition, "merchant"))
    assert decision["tier"] == "approve"
    assert "claim_confirmed" in rules(decision)


@pytest.mark.parametrize("proof", [{}, {"parcels": RECORD}, {"evidence": (FILM,)}])
def test_a_worse_finding_is_never_answered_more_mildly(
    client: httpx.Client, proof: dict[str, Any]
) -> None:
    """What speaks for the customer never does worse than what does not."""
    strict = {"approve": 0, "request_evidence": 1, "platform_intervention": 2}
    found = [
        strict[inspected(client, returned("wrong_item", **proof), (one, "merchant"))["tier"]]
        for one in ("as_sent", "different_item", "empty")
    ]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("reason", "looks", "rule"),
    [
        ("unwanted", (("used", "merchant"), ("as_sent", "platform")), "returned_as_sent"),
        ("unwanted", (("as_sent", "platform"), ("used", "merchant")), "returned_as_sent"),
        ("defective", (("used", "merchant"), ("seller_fault", "third_party")), "fault_found"),
        ("defective", (("empty", "third_party"), ("seller_fault", "platform")), "fault_found"),
    ],
)
def test_the_inspection_of_the_highest_authority_stands(
    client: httpx.Client, reason: str, looks: tuple[tuple[str, str], ...], rule: str
) -> None:
    decision = inspected(client, returned(reason, "700.00"), *looks)
    assert decision["tier"] == "approve"
    assert rule in rules(decision)
    assert decision["recommended"]["step"] in ("pay", "pay_found")
    assert "used" not in decision["customer_message"]["en"]


@pytest.mark.parametrize(
    ("looks", "rule"),
    [
        ((("as_sent", "merchant"), ("used", "platform")), "worn_goods"),
        ((("used", "merchant"), ("as_sent", "merchant")), "worn_goods"),
        ((("used", "merchant"),), "worn_goods"),
    ],
)
def test_what_speaks_against_a_return_stands_as_well(
    client: httpx.Client, looks: tuple[tuple[str, str], ...], rule: str
) -> None:
    shown = (Item("photo", "merchant"),)
    decision = inspected(client, returned("unwanted", "700.00", evidence=shown), *looks)
    assert decision["tier"] == "platform_intervention"
    assert rule in rules(decision)


SIGNED_FOR = Story(
    order={"amount": "1400.00"},
    refund={
        "reason_code": "not_received",
        "reason_text": "It never came",
        "claims_received": False,
    },
    later=True,
)
"""Somebody who says that a parcel never came that the courier says was handed to them."""


@pytest.mark.parametrize("kind", ["document", "photo", "chat"])
def test_what_the_courier_sent_is_read_before_money_goes(client: httpx.Client, kind: str) -> None:
    answered = SIGNED_FOR.but(evidence=(Item(kind, "courier"),))
    decision = told(client, answered)
    assert (decision["tier"], decision["conditions"]) == ("approve", ["courier_record"])
    assert "courier_answer" in rules(decision)
    step = decision["recommended"]
    assert (step["action"], step["step"]) == ("wait", "read")
    assert step["text"]["en"].startswith("Read what the courier sent before anything is paid")
    message = decision["customer_message"]
    assert "we are reading what it sent" in message["en"]
    assert "正在查看" in message["zh"]
    assert "on its way" not in message["en"]
    assert "退款将" not in message["zh"]


@pytest.mark.parametrize(
    "story",
    [
        SIGNED_FOR.but(order={"amount": "15.00"}, evidence=(Item("document", "courier"),)),
        SIGNED_FOR.but(
            parcels=(Event("shipped", 5), Event("lost", 1)), evidence=(Item("document", "courier"),)
        ),
        SIGNED_FOR.but(
            evidence=(Item("document", "courier"),), outcome={"verdict": "courier_fault"}
        ),
    ],
)
def test_nothing_is_read_where_it_is_settled_or_not_worth_it(
    client: httpx.Client, story: Story
) -> None:
    decision = told(client, story)
    assert (decision["tier"], decision["conditions"]) == ("approve", [])
    assert "courier_answer" not in rules(decision)


def test_silence_of_the_courier_is_no_answer(client: httpx.Client) -> None:
    silent = SIGNED_FOR.but(evidence=(Item("unanswered", "courier"),))
    assert "courier_answer" not in rules(told(client, silent))


NO = Item("declined", "merchant")


@pytest.mark.parametrize("right", [True, False])
def test_a_shop_that_said_no_is_not_asked_again(client: httpx.Client, *, right: bool) -> None:
    kept = Story(order={"no_reason_return": right, "placed_at": Ago(40)}, later=True,
                 parcels=SIGNED if right else (Event("delivered", 20, HANDED_OVER),))  # fmt: skip
    before = told(client, kept)
    assert (before["tier"], before["recommended"]["step"]) == ("approve", "consent")
    decision = told(client, kept.but(evidence=(NO,)))
    assert decision["tier"] == "platform_intervention"
    assert "shop_declined" in rules(decision)
    assert decision["recommended"]["step"] == "shop_declined"
    message = decision["customer_message"]
    assert ("You may send the article back" in message["en"]) is right
    assert ("您可以改为退货退款" in message["zh"]) is right
    assert "does not agree" in message["en"]


def test_no_consent_is_no_consent_where_none_is_needed(client: httpx.Client) -> None:
    missing = Story(refund={"reason_code": "missing_item", "claims_received": True}, later=True)
    decision = told(client, missing.but(evidence=(NO,)))
    assert (decision["tier"], decision["conditions"]) == ("approve", [])


@pytest.mark.parametrize("verdict", ["undetermined", "legitimate"])
def test_a_bank_that_asks_after_the_refund_is_answered(client: httpx.Client, verdict: str) -> None:
    paid = {"verdict": verdict, "resolution": "refunded", "amount": "259.00"}
    dispute = {"stage": "opened", "occurred_at": Ago(0.01), "amount": "259.00"}
    decision = told(client, Story(outcome=paid, disputes=(dispute,)))
    assert decision["tier"] == "platform_intervention"
    step = decision["recommended"]
    assert (step["action"], step["step"]) == ("ask_merchant", "bank")
    assert "record of this refund" in step["text"]["en"]
    assert "退款记录" in step["text"]["zh"]
    undisputed = told(client, Story(outcome=paid))
    assert undisputed["recommended"]["step"] != "bank"


def test_a_return_of_half_the_weight_says_otherwise_than_another_article(
    client: httpx.Client,
) -> None:
    def told(name: str, back: int) -> set[str]:
        end = {"weight_g": 620, "received_by": "customer"}
        story = Story(
            order={"amount": "2600.00", "category": "phones"},
            refund={"type": "return_and_refund", "reason_code": "wrong_item"},
            parcels=(Event("shipped", 6, {"weight_g": 620}), Event("delivered", 4, end)),
            back=(Event("shipped", 2, {"weight_g": back}), Event("delivered", 1)),
            inspection="different_item",
        )
        return {rule["id"] for rule in Telling(client, name).tell(story)["rules"]}

    assert "return_compared" in told("half", 200)
    assert "claim_confirmed" in told("whole", 610)
