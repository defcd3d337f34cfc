"""Of an order in several parcels, one of which has come, what is settled and asked is the rest."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import httpx
import pytest

from tests.api.test_parcels_on_way import FIRST, SECOND, asked, two_parcels
from tests.examination.stories import Decision, Event, Facts, Item, Story, Telling

_numbers = count(1)
LOST = ("lost", "returned_to_sender")
STILL = (
    Event("shipped", 14, FIRST),
    Event("delivered", 10, {**FIRST, "received_by": "customer"}),
    Event("shipped", 9, SECOND),
)


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def told(client: httpx.Client, story: Story) -> Decision:
    return Telling(client, f"several{next(_numbers)}").tell(story)


def rule(decision: Decision) -> dict[str, str] | None:
    found = (one["text"] for one in decision["rules"] if one["id"] == "part_arrived")
    return next(found, None)


def whole(parcels: tuple[Event, ...], reason: str = "not_received", **refund: Any) -> Story:
    """The price of all is asked, of which nothing has come by the customer's words."""
    return asked(reason, "900.00", parcels, **{"claims_received": False, **refund})


@pytest.mark.parametrize("second", ["shipped", "out_for_delivery"])
@pytest.mark.parametrize("reason", ["not_received", "late", "unwanted", "other"])
def test_of_all_that_is_claimed_the_parcel_under_way_is_asked_about(
    client: httpx.Client, second: str, reason: str
) -> None:
    decision = told(client, whole(two_parcels(second), reason))
    assert (decision["tier"], decision["conditions"]) == ("approve", ["courier_record"])
    assert decision["recommended"]["step"] == "second"
    said = decision["recommended"]["text"]
    assert "still on its way" in said["en"]
    assert "another was delivered by its record" in said["en"]
    assert "部分包裹已签收" in said["zh"]
    assert "Part of your order is still on its way" in decision["customer_message"]["en"]
    found = rule(decision)
    assert found
    assert "A part was delivered" in found["en"]
    assert "another is still on its way" in found["en"]
    assert "部分包裹已签收，另有包裹仍在途" in found["zh"]


@pytest.mark.parametrize("claims", [None, False])
def test_parcels_without_numbers_are_told_apart_by_their_lines(
    client: httpx.Client, claims: bool | None
) -> None:
    parcels = (
        Event("shipped", 7, {"line_id": "1"}),
        Event("delivered", 4, {"line_id": "1", "received_by": "customer"}),
        Event("shipped", 3, {"line_id": "2"}),
    )
    story = replace(whole(parcels, claims_received=claims), lines=({"amount": "300.00"},))
    decision = told(client, story.but(refund={"amount": "1200.00"}))
    assert decision["recommended"]["step"] == "second"
    of_line = told(client, story.but(refund={"line_id": "2", "amount": "300.00"}))
    assert of_line["recommended"]["step"] == "intercept", "its own parcel alone is asked about"
    signed = told(client, story.but(refund={"line_id": "1", "amount": "900.00"}))
    assert signed["recommended"]["step"] == "record"


@pytest.mark.parametrize("amount", ["900.00", "300.00"])
@pytest.mark.parametrize("reason", ["not_received", "late", "missing_item"])
def test_a_parcel_that_stands_still_is_asked_about_and_not_the_one_that_came(
    client: httpx.Client, reason: str, amount: str
) -> None:
    decision = told(client, asked(reason, amount, STILL, claims_received=False))
    assert decision["conditions"] == ["courier_record"]
    assert decision["recommended"]["step"] == "second_still"
    assert "has not moved for days" in decision["recommended"]["text"]["en"]


@pytest.mark.parametrize("end", LOST)
@pytest.mark.parametrize("reason", ["not_received", "late", "missing_item"])
def test_not_all_is_paid_for_one_parcel_that_was_lost(
    client: httpx.Client, reason: str, end: str
) -> None:
    decision = told(client, whole(two_parcels(end), reason))
    assert decision["conditions"] == ["courier_record"]
    assert decision["recommended"]["step"] == "second_lost"
    assert "a parcel of your order was lost or sent back" in decision["customer_message"]["en"]
    assert "有包裹丢失或被退回" in decision["customer_message"]["zh"]
    part = told(client, asked("not_received", "300.00", two_parcels(end), claims_received=False))
    assert (part["tier"], part["recommended"]["step"]) == ("approve", "pay"), "as before"


@pytest.mark.parametrize("kind", ["chat", "document"])
def test_by_what_the_courier_answers_only_what_does_not_come_is_settled(
    client: httpx.Client, kind: str
) -> None:
    for parcels in (two_parcels("shipped"), STILL):
        story = replace(whole(parcels), evidence=(Item(kind, "courier"),), later=True)
        recommended = told(client, story)["recommended"]
        assert recommended["step"] == "read_way"
        assert "only what does not come" in recommended["text"]["en"]


def test_who_has_all_and_complains_of_something_else_meets_none_of_this(
    client: httpx.Client,
) -> None:
    for reason in ("damaged", "unwanted", "late"):
        decision = told(client, whole(two_parcels("shipped"), reason, claims_received=True))
        assert rule(decision) is None
    postage: Facts = {"compensation": "10.00", "amount": "10.00"}
    assert rule(told(client, whole(two_parcels("shipped"), "late").but(refund=postage))) is None


def test_the_dossier_says_that_a_part_was_delivered(client: httpx.Client) -> None:
    decision = told(client, whole(two_parcels("shipped")))
    paper = client.get(f"/v1/cases/{decision['refund_id']}/dossier").text
    assert "shows a parcel as delivered" in paper
    alone = told(client, asked("not_received", "900.00", two_parcels("shipped")[:2]))
    paper = client.get(f"/v1/cases/{alone['refund_id']}/dossier").text
    assert "shows the parcel as delivered" in paper
