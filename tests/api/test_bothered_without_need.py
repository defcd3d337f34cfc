"""Nobody is asked, or waits for a person, where shop, courier or the record can answer instead."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest

from tests.examination.stories import (
    HONEST,
    SAME_ORDER,
    Ago,
    Decision,
    Earlier,
    Event,
    Facts,
    Item,
    Story,
    Telling,
    paid_back,
)

_TELLINGS = count(1)
HOME: Facts = {"customer_id": "@customer", "device_id": "@phone", "shipping_address": "@home"}
AWAY: Facts = {**HOME, "device_id": "@new-phone", "shipping_address": "@new-home"}


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def told(client: httpx.Client, story: Story) -> Decision:
    return Telling(client, f"need{next(_TELLINGS)}").tell(story)


def rules(decision: Decision) -> set[str]:
    return {rule["id"] for rule in decision["rules"]}


def moved(amount: str, **refund: Any) -> Story:
    """Somebody who has bought for years, now with another phone and from another address."""
    before = Story(order={**HOME, "placed_at": Ago(200)})
    return Story(order={**AWAY, "amount": amount}, refund={"reason_text": None, **refund},
                 earlier=(Earlier(before, HONEST),))  # fmt: skip


def test_who_moved_is_not_asked_while_the_money_goes_the_way_it_came(client: httpx.Client) -> None:
    decision = told(client, moved("240.00"))
    assert decision["tier"] == "approve"
    assert "old_contact" not in rules(decision)
    assert "small_amount" not in rules(told(client, moved("15.00"))), "and no fast lane is opened"
    assert "old_contact" in rules(told(client, moved("900.00"))), "much is confirmed as before"


def test_another_account_is_confirmed_however_little_is_asked(client: httpx.Client) -> None:
    paid = Story(order={**HOME, "placed_at": Ago(200)}, refund={"payout_account": "@old"})
    other = moved("30.00", payout_account="@new").but(earlier=(Earlier(paid, HONEST),))
    assert "old_contact" in rules(told(client, other))


@pytest.mark.parametrize("amount", ["900.00", "9000.00"])
def test_a_large_or_live_order_waits_for_no_person_while_the_shop_alone_is_asked(
    client: httpx.Client, amount: str
) -> None:
    twice: Facts = {"reason_code": "double_charge", "reason_text": None, "claims_received": True}
    decision = told(client, Story(order={"channel": "live", "amount": amount}, refund=twice))
    assert decision["tier"] == "request_evidence"
    assert [one["from"] for one in decision["required_evidence"]] == ["merchant"]
    assert "person_first" not in rules(decision)
    assert "nothing you need to do" in decision["customer_message"]["en"]


def repair(category: str, amount: str = "180.00", **more: Any) -> Story:
    """A repair asked for of something that broke, or came bad."""
    asked: Facts = {"type": "repair", "reason_code": "defective", "claims_received": True,
                    "amount": "0.00", **more.pop("refund", {})}  # fmt: skip
    return Story(order={"category": category, "amount": amount}, refund=asked, **more)


@pytest.mark.parametrize(
    ("category", "says"),
    [("cosmetics", "sending the article back"), ("fresh_food", "We are sending it again"),
     ("内衣", "sending the article back"), ("snacks", "We are sending it again")],
)  # fmt: skip
def test_what_cannot_be_repaired_is_replaced_without_a_question(
    client: httpx.Client, category: str, says: str
) -> None:
    """Whoever would rather have the money says so: nobody has to answer first."""
    decision = told(client, repair(category))
    assert (decision["tier"], decision["conditions"]) == ("approve", [])
    assert "repair_replaced" in rules(decision)
    message = decision["customer_message"]
    assert says in message["en"]
    assert "If you would rather have your money back" in message["en"]
    assert "以换代修" in message["zh"]
    assert "accepted the repair" not in message["en"]
    assert set(decision["suggestions"]).isdisjoint({"repair", "exchange", "resend"})
    if "again" in says:
        assert decision["recommended"]["step"] == "replace"


ANSWER = (Item("chat"),)


@pytest.mark.parametrize(
    ("story", "tier"),
    [
        (repair("cosmetics", evidence=ANSWER, later=True), "platform_intervention"),
        (repair("fresh_food", "2400.00"), "request_evidence"),
        (repair("snacks", refund={"reason_code": "other"}), "request_evidence"),
        (repair("cosmetics", refund={"claims_received": False},
                parcels=(Event("shipped", 5), Event("lost", 1))), "request_evidence"),
        (repair("cosmetics").but(order=SAME_ORDER, earlier=(
            Earlier(repair("cosmetics", refund={"type": "refund_only", "amount": "180.00"}).but(
                order=SAME_ORDER), paid_back("180.00")),)), "request_evidence"),
    ],
    ids=["answered", "dear food", "no fault", "lost", "paid back before"],
)  # fmt: skip
def test_the_choice_is_still_asked_where_it_decides(
    client: httpx.Client, story: Story, tier: str
) -> None:
    decision = told(client, story)
    assert decision["tier"] == tier
    assert "not_repairable" in rules(decision)
    assert "repair_replaced" not in rules(decision)
