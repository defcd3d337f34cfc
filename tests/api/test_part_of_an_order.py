"""What is asked for a part of an order, or of an article."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.examination.asked_back import asked
from tests.examination.stories import Facts, Item, Story, rules, told


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


COAT: Facts = {"amount": "300.00"}
FRUIT: Facts = {"amount": "60.00", "category": "fruit"}
MASK: Facts = {"amount": "60.00", "category": "masks", "no_reason_return": False}


def whole(first: Facts, second: Facts, **refund: Any) -> Story:
    """A return of a whole order of two lines, by right."""
    wanted: Facts = {"amount": "360.00", **refund}
    return asked("return_and_refund", "unwanted", None, 3, order=first, refund=wanted,
                 lines=({"sku": "other", "category": "apparel", **second},))  # fmt: skip


@pytest.mark.parametrize("excluded", [FRUIT, MASK])
@pytest.mark.parametrize("first", [True, False])
def test_of_a_whole_order_the_right_covers_what_it_covers(
    client: httpx.Client, excluded: Facts, *, first: bool
) -> None:
    covered = {**COAT, "no_reason_return": True} if excluded is MASK else COAT
    story = whole(excluded, covered) if first else whole(covered, excluded)
    decision = told(client, story)
    assert (decision["tier"], decision["lane"]) == ("approve", "no_reason")
    assert "merchant_consent" in decision["conditions"]
    assert {"seven_day_right", "partly_excluded"} <= rules(decision)
    assert decision["recommended"]["step"] == "consent_part"
    assert "accepted your return of all that the right" in decision["customer_message"]["en"]
    assert "please keep those for now" in decision["customer_message"]["en"]
    assert "部分商品不适用无理由退货" in decision["customer_message"]["zh"]


@pytest.mark.parametrize(
    ("story", "lane", "consent"),
    [
        (whole(COAT, COAT), "no_reason", False),
        (whole(COAT, FRUIT, line_id="1", amount="300.00"), "no_reason", False),
        (whole(COAT, FRUIT, line_id="2", amount="60.00"), "standard", True),
        (whole(FRUIT, MASK, amount="120.00"), "standard", True),
        (whole(COAT, FRUIT, reason_code="damaged"), "no_reason", False),
    ],
    ids=["all covered", "the coat alone", "the fruit alone", "nothing covered", "a fault"],
)
def test_nothing_else_is_asked_about_part_of_an_order(
    client: httpx.Client, story: Story, lane: str, *, consent: bool
) -> None:
    decision = told(client, story)
    assert (decision["tier"], decision["lane"]) == ("approve", lane)
    assert ("merchant_consent" in decision["conditions"]) is consent
    assert "partly_excluded" not in rules(decision)


LOST_SCREWS = "螺丝少了一包，装不上"


@pytest.mark.parametrize(
    ("reason", "amount", "text", "more", "consent"),
    [
        ("missing_item", "1200.00", LOST_SCREWS, {}, True),
        ("missing_item", "1200.00", "The remote control is missing, no cable either", {}, True),
        ("missing_item", "30.00", LOST_SCREWS, {}, False),
        ("missing_item", "1200.00", "the box was empty", {}, False),
        ("missing_item", "1200.00", "phone missing, only the charger inside", {}, False),
        ("damaged", "1200.00", "死了5只", {"category": "生鲜", "quantity": 10}, True),
        (
            "damaged",
            "1200.00",
            "all of them are dead",
            {"category": "fresh", "quantity": 10},
            False,
        ),
        ("damaged", "600.00", "5 of the 10 are dead", {"category": "fresh", "quantity": 10}, False),
        ("counterfeit", "1200.00", "fake, and no box with it", {}, False),
    ],
)
def test_the_whole_price_for_a_part_is_the_shops_to_say(
    client: httpx.Client, reason: str, amount: str, text: str, more: Facts, *, consent: bool
) -> None:
    story = asked("refund_only", reason, text, 0.5, order={"amount": "1200.00", **more},
                  refund={"amount": amount, "claims_received": True},
                  evidence=(Item("photo"),), later=True)  # fmt: skip
    decision = told(client, story)
    assert decision["tier"] == "approve"
    assert ("merchant_consent" in decision["conditions"]) is consent
    assert ("statutory_refund" in rules(decision)) is not consent
    if consent:
        assert "partial_refund" in decision["suggestions"]


@pytest.mark.parametrize(
    ("amount", "said", "chinese"),
    [
        ("100.00", "please send back the pieces that you return", "请将要退的那部分商品"),
        ("250.00", "please send the article back with all its parts", "请将商品连同全部配件寄回"),
    ],
)
def test_who_returns_some_of_several_pieces_sends_those(
    client: httpx.Client, amount: str, said: str, chinese: str
) -> None:
    story = asked("return_and_refund", "unwanted", None, 3, refund={"amount": amount},
                  order={"amount": "250.00", "quantity": 5})  # fmt: skip
    message = told(client, story)["customer_message"]
    assert said in message["en"]
    assert chinese in message["zh"]
