"""What several accounts share, what a tier's name is worth, and what nobody recorded as sent."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest

from tests.examination.stories import Ago, Earlier, Facts, Item, Story, Telling

RING: Facts = {"device_id": "@phone", "payment_instrument": "@card", "account_created_at": Ago(7)}
PHOTO = (Item("photo"),)
_TELLINGS = count(1)


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def decided(client: httpx.Client, story: Story) -> tuple[dict[str, Any], set[str]]:
    """The decision on a story and the rules that applied."""
    decision = Telling(client, f"things-{next(_TELLINGS)}").tell(story)
    return decision, {rule["id"] for rule in decision["rules"]}


def fake(amount: str = "460.00", order: Facts | None = None, **more: Any) -> Story:
    """A bag that is said to be a copy, paid to one account."""
    line: Facts = {"amount": amount, "category": "bags", **RING, **(order or {})}
    asked: Facts = {"reason_code": "counterfeit", "claims_received": True, "reason_text": None,
                    "payout_account": "@account"}  # fmt: skip
    return Story(order=line, refund={**asked, **more.pop("refund", {})}, **more)


def others(number: int, amount: str = "460.00") -> tuple[Earlier, ...]:
    return (Earlier(fake(amount)),) * number


@pytest.mark.parametrize(
    ("story", "tier"),
    [
        (fake(), "approve"),
        (fake(earlier=others(1)), "request_evidence"),
        (fake(earlier=others(7)), "request_evidence"),
        (fake(earlier=others(1), evidence=PHOTO, later=True), "approve"),
        (fake(earlier=others(4), evidence=PHOTO, later=True), "request_evidence"),
        (fake("60.00", earlier=others(4, "60.00")), "approve"),
        (fake(earlier=others(4), refund={"payout_account": "@own"}), "approve"),
    ],
)
def test_no_more_than_a_days_limit_goes_to_one_payout_account_on_a_word(
    client: httpx.Client, story: Story, tier: str
) -> None:
    decision, rules = decided(client, story)
    assert decision["tier"] == tier, rules
    if tier == "request_evidence":
        [rule] = [one for one in decision["rules"] if one["id"] == "payout_limit"]
        total = 460 * (len(story.earlier) + 1)
        assert all(f"{total}.00 CNY" in text for text in rule["text"].values())
        asked = {one["from"] for one in decision["required_evidence"]}
        assert asked
        assert decision["recommended"]["action"].startswith("ask_")
    else:
        assert "payout_limit" not in rules


def test_a_right_knows_no_limit_of_a_payout_account(client: httpx.Client) -> None:
    back = fake(earlier=others(4), refund={"type": "return_and_refund", "reason_code": "unwanted"})
    decision, rules = decided(client, back)
    assert decision["tier"] == "approve"
    assert "payout_limit" not in rules


COPY = (Item("photo", more={"content_hash": "@picture"}),)


def pictured(article: Facts | None = None, shared: Facts | None = None, **more: Any) -> Story:
    """A claim with one picture, the article and what its account shares."""
    line: Facts = {"amount": "480.00", **(article or {}), **(shared or {})}
    asked: Facts = {"reason_code": "damaged", "reason_text": "The corner is broken off."}
    return Story(order=line, refund=asked, evidence=COPY, later=True, **more)


SAME: Facts = {"sku": "@sku", "merchant_id": "@shop"}
AT_SHOP: Facts = {"merchant_id": "@shop"}
HOME: Facts = {"shipping_address": "@home", **RING}


@pytest.mark.parametrize(
    ("article", "shared", "asks"),
    [
        (None, None, True),
        (None, RING, True),
        (None, HOME, True),
        (AT_SHOP, RING, True),
        (AT_SHOP, HOME, False),
        (SAME, RING, False),
        (SAME, HOME, False),
    ],
)
def test_sharing_things_makes_no_picture_of_another_article_innocent(
    client: httpx.Client, article: Facts | None, shared: Facts | None, asks: bool
) -> None:
    first = Earlier(pictured(article, shared))
    decision, rules = decided(client, pictured(article, shared, earlier=(first,)))
    assert ("fresh_picture" in rules) is asks
    if asks:
        assert decision["tier"] == "request_evidence"
        assert "fresh photo" in decision["customer_message"]["en"]
        assert "一张新的照片" in decision["customer_message"]["zh"]


NOTHING_CAME: Facts = {
    "reason_code": "not_received", "claims_received": False, "reason_text": "Nothing came.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("order", "refund", "fast"),
    [
        ({"account_created_at": Ago(7)}, NOTHING_CAME, False),
        ({}, NOTHING_CAME, False),
        ({"account_created_at": Ago(7)}, {}, False),
        ({}, {"type": "exchange"}, True),
    ],
)
def test_the_name_of_a_tier_is_no_conduct(
    client: httpx.Client, order: Facts, refund: Facts, fast: bool
) -> None:
    named, rules = decided(
        client,
        Story(order={"amount": "490.00", "customer_tier": "vip", **order}, refund=refund),
    )
    plain, _ = decided(client, Story(order={"amount": "490.00", **order}, refund=refund))
    assert ("good_customer" in rules) is fast
    assert named["tier"] == plain["tier"] == "approve"
    if not fast:
        assert named["conditions"] == plain["conditions"]


@pytest.mark.parametrize("claims", [None, False])
def test_a_reason_that_says_nothing_is_not_paid_where_no_parcel_is_on_record(
    client: httpx.Client, claims: bool | None
) -> None:
    vague: Facts = {
        "reason_code": "other",
        "reason_text": "refund please",
        "claims_received": claims,
    }
    unsent = Story(order={"amount": "1900.00"}, refund=vague, parcels=())
    decision, rules = decided(client, unsent)
    assert "dispatch_unknown" in rules
    assert decision["conditions"] == ["courier_record"]
    assert decision["recommended"]["step"] == "dispatch"
    assert "No parcel is on record" in decision["customer_message"]["en"]
    assert "没有这笔订单的物流记录" in decision["customer_message"]["zh"]
    kept, rules = decided(client, unsent.but(refund={"claims_received": True}))
    assert "dispatch_unknown" not in rules
    assert kept["conditions"] == ["merchant_consent"]


def test_who_waited_in_vain_is_told_that_the_order_is_cancelled(client: httpx.Client) -> None:
    late: Facts = {"reason_code": "late", "reason_text": "still not sent", "claims_received": False}
    decision, _ = decided(client, Story(order={"placed_at": Ago(30)}, refund=late, parcels=()))
    assert (decision["tier"], decision["conditions"]) == ("approve", [])
    assert "it is cancelled" in decision["customer_message"]["en"]
    assert "已为您取消" in decision["customer_message"]["zh"]
    assert "cancel the order" in decision["recommended"]["text"]["en"]
    assert "取消订单" in decision["recommended"]["text"]["zh"]
