"""What is said and done of parcels that are still on their way, or have not moved for days."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import httpx
import pytest

from tests.examination.stories import Ago, Decision, Event, Facts, Item, Story, Telling

SECOND: Facts = {"tracking_no": "@second"}
FIRST: Facts = {"tracking_no": "@first"}
_numbers = count(1)


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def told(client: httpx.Client, story: Story) -> Decision:
    return Telling(client, f"way{next(_numbers)}").tell(story)


def two_parcels(second: str) -> tuple[Event, ...]:
    """One of two parcels was handed over, and what became of the other."""
    return (
        Event("shipped", 7, FIRST),
        Event("delivered", 4, {**FIRST, "received_by": "customer"}),
        Event("shipped", 3, SECOND),
        *(() if second == "shipped" else (Event(second, 1, SECOND),)),
    )


def asked(reason: str, amount: str, parcels: tuple[Event, ...], **refund: Any) -> Story:
    order: Facts = {"amount": "900.00", "quantity": 3, "placed_at": Ago(14)}
    wanted: Facts = {"type": "refund_only", "reason_code": reason, "amount": amount,
                     "reason_text": None, **refund}  # fmt: skip
    return Story(order=order, refund=wanted, parcels=parcels)


@pytest.mark.parametrize(("reason", "came"), [("missing_item", True), ("not_received", False)])
def test_what_may_be_in_the_other_parcel_waits_for_it(
    client: httpx.Client, reason: str, *, came: bool
) -> None:
    story = asked(reason, "300.00", two_parcels("out_for_delivery"), claims_received=came)
    decision = told(client, story)
    assert decision["conditions"] == ["courier_record"], "else money goes, and the parcel comes"
    assert decision["recommended"]["step"] == "second"
    assert "Part of your order is still on its way" in decision["customer_message"]["en"]
    assert "还有包裹在运输途中" in decision["customer_message"]["zh"]


@pytest.mark.parametrize("kind", ["chat", "document"])
def test_what_the_courier_answers_of_a_parcel_is_read_not_asked_again(
    client: httpx.Client, kind: str
) -> None:
    second = asked("missing_item", "300.00", two_parcels("shipped"), claims_received=True)
    moving = asked("late", "900.00", (Event("shipped", 1),), claims_received=False)
    still = asked("unwanted", "900.00", (Event("shipped", 10),), claims_received=False,
                  type="return_and_refund")  # fmt: skip
    for story in (second, moving, still):
        answered = replace(story, evidence=(Item(kind, "courier"),), later=True)
        assert told(client, story)["recommended"]["action"] == "ask_courier"
        assert told(client, answered)["recommended"]["step"] == "read_way"


@pytest.mark.parametrize("end", ["delivered", "lost"])
def test_nobody_waits_for_a_parcel_that_is_not_on_its_way(client: httpx.Client, end: str) -> None:
    story = asked("missing_item", "300.00", two_parcels(end), claims_received=True)
    decision = told(client, story)
    assert decision["recommended"]["step"] != "second"
    assert "in_transit" not in {rule["id"] for rule in decision["rules"]}


@pytest.mark.parametrize("reason", ["not_received", "late"])
def test_money_for_a_parcel_that_stands_still_says_that_it_may_come(
    client: httpx.Client, reason: str
) -> None:
    story = asked(reason, "259.00", (Event("shipped", 10),), claims_received=False)
    decision = told(client, story.but(order={"amount": "259.00"}))
    assert (decision["tier"], decision["conditions"]) == ("approve", [])
    assert "Should the parcel reach you all the same" in decision["customer_message"]["en"]
    assert "如果包裹仍然送到" in decision["customer_message"]["zh"]
    assert "send the parcel back" in decision["recommended"]["text"]["en"]
    assert decision["recommended"]["step"] == "pay"


@pytest.mark.parametrize("type_", ["return_and_refund", "exchange"])
def test_nobody_is_asked_to_send_back_what_has_not_come(client: httpx.Client, type_: str) -> None:
    story = asked("unwanted", "900.00", (Event("shipped", 10),), claims_received=False, type=type_)
    decision = told(client, story)
    assert "please send the article back" not in decision["customer_message"]["en"]
    assert decision["recommended"]["action"] == "ask_courier"


KNOWN: Facts = {**FIRST, "known_at": Ago(4), "received_by": "customer"}
SINCE = (
    Event("shipped", 7, FIRST),
    Event("delivered", 4, KNOWN),
    Event("shipped", 3, SECOND),
    Event("delivered", 0.1, {**SECOND, "received_by": "customer"}),
)


def missed(parcels: tuple[Event, ...] = SINCE, **refund: Any) -> Story:
    """A day ago somebody wrote that something was missing."""
    wanted: Facts = {"requested_at": Ago(1), **refund}
    return asked("missing_item", "300.00", parcels, claims_received=True, **wanted)


def is_asked(decision: Decision) -> bool:
    return "came_since" in {rule["id"] for rule in decision["rules"]}


def test_who_missed_something_is_asked_whether_it_came_since(client: httpx.Client) -> None:
    decision = told(client, missed())
    assert decision["tier"] == "request_evidence"
    assert [(one["from"], one["kind"]) for one in decision["required_evidence"]] == [
        ("customer", "chat")
    ]
    assert "delivered since you wrote" in decision["customer_message"]["en"]
    assert "请告知缺少的商品是否在其中" in decision["customer_message"]["zh"]
    before = asked("missing_item", "300.00", SINCE, claims_received=True)
    assert not is_asked(told(client, before))


@pytest.mark.parametrize("kind", ["chat", "photo", "document"])
def test_whoever_gave_something_since_is_not_asked_again(client: httpx.Client, kind: str) -> None:
    answered = replace(missed(), evidence=(Item(kind),), later=True)
    assert not is_asked(told(client, answered))


def test_who_declines_to_say_is_heard_by_a_person(client: httpx.Client) -> None:
    declined = replace(missed(), evidence=(Item("declined"),), later=True)
    assert told(client, declined)["tier"] == "platform_intervention"


def test_one_parcel_that_is_scanned_again_is_no_other_parcel(client: httpx.Client) -> None:
    handed_over = Event("delivered", 0.1, {**FIRST, "received_by": "customer"})
    locker = Event("delivered", 4, {**KNOWN, "received_by": "locker"})
    again = missed((Event("shipped", 7, FIRST), locker, handed_over))
    assert not is_asked(told(client, again))


def test_another_parcel_that_stands_still_is_not_waited_for(client: httpx.Client) -> None:
    parcels = (Event("shipped", 20, FIRST), Event("delivered", 16, KNOWN),
               Event("shipped", 15, SECOND))  # fmt: skip
    decision = told(client, missed(parcels).but(order={"placed_at": Ago(30)}))
    assert "courier_record" not in decision["conditions"]
    assert "still on its way" not in decision["customer_message"]["en"]


def test_who_wants_it_sent_is_promised_no_money(client: httpx.Client) -> None:
    story = asked("missing_item", "300.00", two_parcels("shipped"), claims_received=True)
    message = told(client, story.but(refund={"type": "resend"}))["customer_message"]
    assert "Part of your order is still on its way" in message["en"]
    assert "paid back" not in message["en"]
    assert "退款" not in message["zh"]


@pytest.mark.parametrize("amount", ["10.00", "60.00"])
@pytest.mark.parametrize("received", [False, None])
def test_nobody_stops_a_parcel_for_whose_delay_alone_something_is_asked(
    client: httpx.Client, amount: str, received: bool | None
) -> None:
    moving = (Event("shipped", 1, FIRST),)
    story = asked("late", amount, moving, compensation=amount, claims_received=received)
    decision = told(client, story)
    assert decision["tier"] == "approve"
    assert "in_transit" not in {rule["id"] for rule in decision["rules"]}
    assert decision["recommended"]["step"] in ("late", "pay")
    said = decision["customer_message"]
    assert "stop it" not in said["en"]
    assert "拦截" not in said["zh"]
    whole = told(client, asked("late", "900.00", moving, claims_received=received))
    assert "in_transit" in {rule["id"] for rule in whole["rules"]}
