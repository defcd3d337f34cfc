"""What a shop alone says of a return is its statement: it shows it before a person is called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.api.serving import Running, small_bundle
from tests.examination.stories import (
    FRAUD,
    Ago,
    Earlier,
    Event,
    Facts,
    Item,
    Story,
    rules,
    told,
)


@pytest.fixture(scope="module")
def client(served: Running) -> Iterator[httpx.Client]:
    """With a model by which little speaks against anybody."""
    served.promote("trusting", small_bundle(0, -3.0))
    with served.client(says="platform") as client:
        yield client


BACK = (Event("shipped", 3), Event("delivered", 2.5))
SIGNED = (Event("shipped", 9), Event("delivered", 7, {"received_by": "customer"}))


BUYER: Facts = {"customer_id": "@buyer"}


def worn(amount: str = "480.00", *evidence: Item, condition: str = "used", **more: Any) -> Story:
    """A return by right that the shop says came back with signs of use."""
    order: Facts = {**BUYER, "amount": amount, "placed_at": Ago(10)}
    asked: Facts = {"type": "return_and_refund", "reason_code": "unwanted", "reason_text": None,
                    "requested_at": Ago(4)}  # fmt: skip
    return Story(
        order=order,
        refund=asked,
        parcels=SIGNED,
        back=BACK,
        inspection=condition,
        evidence=evidence,
        later=True,
        **more,
    )


SHOWS = Item("photo", "merchant")
SILENT = Item("unanswered", "merchant")


@pytest.mark.parametrize("condition", ["used", "damaged_by_customer"])
def test_a_shop_shows_the_wear_that_it_alone_has_found(
    client: httpx.Client, condition: str
) -> None:
    decision = told(client, worn(condition=condition))
    assert decision["tier"] == "request_evidence"
    assert [(one["kind"], one["from"]) for one in decision["required_evidence"]] == [
        ("photo", "merchant")
    ]
    assert "inspection_unshown" in rules(decision)
    assert decision["recommended"]["action"] == "ask_merchant"
    message = decision["customer_message"]
    assert "the shop noted this" in message["en"]
    assert "there is nothing you need to do" in message["en"]
    assert "目前没有作出任何决定，您无需操作" in message["zh"]
    assert "partial_refund" not in decision["suggestions"]


def test_a_film_of_the_packing_shows_no_wear(client: httpx.Client) -> None:
    film = Item("video", "merchant", {"captured_at": Ago(9.1)})
    decision = told(client, worn("480.00", film))
    assert [one["from"] for one in decision["required_evidence"]] == ["merchant"]


def test_what_the_shop_shows_goes_to_a_person(client: httpx.Client) -> None:
    decision = told(client, worn("480.00", SHOWS))
    assert decision["tier"] == "platform_intervention"
    assert "worn_goods" in rules(decision)
    assert "partial_refund" in decision["suggestions"]


@pytest.mark.parametrize("answer", ["unanswered", "declined"])
def test_a_shop_that_shows_nothing_keeps_nothing_back(client: httpx.Client, answer: str) -> None:
    decision = told(client, worn("480.00", Item(answer, "merchant")))
    assert (decision["tier"], decision["conditions"]) == ("approve", [])
    [rule] = [one for one in decision["rules"] if one["id"] == "inspection_unshown"]
    assert "nothing is kept back" in rule["text"]["en"]
    assert decision["recommended"]["step"] == "pay"
    assert "your refund follows" in decision["customer_message"]["en"]
    assert "as it came back" not in decision["customer_message"]["en"]


def test_the_time_of_the_shop_is_over_a_day_after_its_inspection(client: httpx.Client) -> None:
    first = told(client, worn().but(inspection=None))
    now = datetime.now(UTC)
    found = {"refund_id": first["refund_id"], "condition": "used",
             "inspected_at": (now - timedelta(days=2)).isoformat(),
             "known_at": (now - timedelta(hours=25)).isoformat()}  # fmt: skip
    client.post("/v1/inspections", json=[found]).raise_for_status()
    decision = client.post(f"/v1/refunds/{first['refund_id']}/score").json()
    assert decision["tier"] == "approve"
    assert "inspection_unshown" in rules(decision)


@pytest.mark.parametrize(
    "story",
    [
        worn("2400.00", SILENT),
        worn("6800.00"),
        worn(earlier=(Earlier(Story(order={**BUYER, "placed_at": Ago(60)}), FRAUD),)),
    ],
    ids=["much, and nothing shown", "a large claim", "found out before"],
)  # fmt: skip
def test_a_person_hears_who_returns_worn_goods_as_before(
    client: httpx.Client, story: Story
) -> None:
    decision = told(client, story)
    assert decision["tier"] == "platform_intervention"
    assert "worn_goods" in rules(decision)


def test_what_is_missing_from_a_return_is_shown_before_the_customer_is_asked(
    client: httpx.Client,
) -> None:
    decision = told(client, worn(condition="incomplete"))
    assert decision["tier"] == "request_evidence"
    assert [one["from"] for one in decision["required_evidence"]] == ["merchant"]
    assert "nothing you need to do" in decision["customer_message"]["en"]
    film = told(client, worn("480.00", Item("video", "merchant"), condition="incomplete"))
    assert [one["from"] for one in film["required_evidence"]] == ["customer"]
