"""A return that a courier scanned is paid for, unless what was sent back is contested."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.examination.returns import returned
from tests.examination.stories import (
    Ago,
    Earlier,
    Event,
    Item,
    Story,
    Telling,
    rules,
    told,
)

HANDED_OVER = {"received_by": "customer"}


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


LONG_BACK = (Event("shipped", 6), Event("delivered", 3.5))
EARLIER = (Event("shipped", 12), Event("delivered", 10, HANDED_OVER))


def sent_back(**more: Any) -> Story:
    """A return outside the right that the courier scanned as delivered, and nobody confirmed."""
    return returned(
        "not_as_described", "400.00", parcels=EARLIER, back=more.pop("back", LONG_BACK),
        **{**more, "order": {"placed_at": Ago(14), **more.get("order", {})}},
    ).but(refund={"requested_at": Ago(8)})  # fmt: skip


def of_order(taken: float) -> Item:
    """A film that the shop took so many days ago."""
    return Item("video", "merchant", {"captured_at": Ago(taken)})


@pytest.mark.parametrize("evidence", [(), (of_order(12.1),), (Item("unanswered", "merchant"),)])
def test_a_film_of_the_packing_contests_no_return(
    client: httpx.Client, evidence: tuple[Item, ...]
) -> None:
    decision = told(client, sent_back(evidence=evidence))
    assert (decision["tier"], decision["conditions"]) == ("approve", [])
    assert "return_unconfirmed" in rules(decision)
    assert decision["recommended"]["action"] == "pay"


@pytest.mark.parametrize(
    "item", [of_order(1), Item("photo", "merchant"), Item("document", "merchant")]
)
def test_what_the_shop_shows_of_the_return_contests_it(client: httpx.Client, item: Item) -> None:
    decision = told(client, sent_back(evidence=(item,)))
    assert decision["tier"] == "platform_intervention"
    assert "return_contested" in rules(decision)


@pytest.mark.parametrize("item", [Item("chat", "merchant"), Item("document", "courier")])
def test_what_was_said_of_a_return_is_read(client: httpx.Client, item: Item) -> None:
    decision = told(client, sent_back(evidence=(item,)))
    assert (decision["tier"], decision["conditions"]) == ("approve", ["courier_record"])
    assert decision["recommended"]["step"] == "read_return"
    assert "We are reading what was told us" in decision["customer_message"]["en"]
    assert "正在查看" in decision["customer_message"]["zh"]


NUMBER = {"tracking_no": "@SF777"}
SHARED = (Event("shipped", 6, NUMBER), Event("delivered", 3.5, NUMBER))


@pytest.mark.parametrize("by_right", [True, False])
@pytest.mark.parametrize("first", [True, False])
def test_one_return_number_pays_one_return(
    client: httpx.Client, *, first: bool, by_right: bool
) -> None:
    """Whoever used a number first is a victim of the second."""
    other = sent_back(back=SHARED)
    story = sent_back(back=SHARED, order={"no_reason_return": by_right}).but(
        refund={"requested_at": Ago(8)}
    )
    same = Telling(client, f"number-{by_right}-{first}")
    if first:
        request = same.tell(story)["refund_id"]
        same.tell(other)
        decision = client.post(f"/v1/refunds/{request}/score").json()
    else:
        decision = same.tell(story.but(earlier=(Earlier(other),)))
    assert ("return_unconfirmed" in rules(decision)) is first
    assert ("return_contested" in rules(decision)) is not first
    contested = "approve" if by_right else "platform_intervention"
    assert decision["tier"] == ("approve" if first else contested)
    assert ("courier_record" in decision["conditions"]) is (by_right and not first)


def test_a_customer_sends_two_orders_back_in_one_parcel(client: httpx.Client) -> None:
    mine = {"customer_id": "@mine"}
    both = sent_back(
        back=SHARED, order=mine, earlier=(Earlier(sent_back(back=SHARED, order=mine)),)
    )
    assert "return_unconfirmed" in rules(told(client, both))


def test_a_return_that_came_before_the_goods_did_proves_nothing(client: httpx.Client) -> None:
    late = sent_back().but(parcels=(Event("shipped", 12), Event("delivered", 3, HANDED_OVER)))
    decision = told(client, late)
    assert "return_unconfirmed" not in rules(decision)
    assert "return_contested" in rules(decision)
