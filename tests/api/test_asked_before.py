"""What a customer was asked before, and what they asked for before, is remembered."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest

from tests.examination.stories import HONEST, SAME_ORDER, Ago, Earlier, Facts, Item, Story, Telling

CHAT = (Item("chat"),)
_TELLINGS = count(1)
HOME: Facts = {"device_id": "@phone", "shipping_address": "@home"}


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def claim(order: Facts | None = None, refund: Facts | None = None, **more: Any) -> Story:
    """A claim of one customer for a broken cup."""
    line: Facts = {
        "customer_id": "@customer", "amount": "680.00", "no_reason_return": False, **HOME,
    }  # fmt: skip
    asked: Facts = {"reason_code": "damaged", "reason_text": "The cup came in two halves."}
    return Story(order={**line, **(order or {})}, refund={**asked, **(refund or {})}, **more)


def paid_to(account: str, **more: Any) -> Story:
    """The same, with the payout account that the money goes to."""
    return claim(refund={"payout_account": f"@{account}"}, **more)


AWAY: Facts = {"device_id": "@other-phone", "shipping_address": "@other-home"}
OLD = Earlier(paid_to("old"), HONEST)
AT_HOME = Earlier(claim({**HOME, "placed_at": Ago(200)}), HONEST)
REFUNDED: Facts = {"verdict": "undetermined", "resolution": "refunded"}


@pytest.mark.parametrize(
    ("before", "story", "asks"),
    [
        ((OLD,), paid_to("thief"), True),
        ((OLD, Earlier(paid_to("thief"))), paid_to("thief"), True),
        ((OLD, Earlier(paid_to("thief", withdrawn=True))), paid_to("thief"), True),
        ((OLD, Earlier(paid_to("thief"))), paid_to("second-thief"), True),
        ((OLD,), paid_to("thief", evidence=CHAT), True),
        ((OLD, Earlier(paid_to("thief", evidence=CHAT))), paid_to("thief"), True),
        ((OLD,), paid_to("thief", evidence=CHAT, later=True), False),
        ((OLD,), paid_to("thief", evidence=(Item("chat", more={"asked_at": Ago(0.03)}),)), False),
        ((OLD, Earlier(paid_to("new", evidence=CHAT, later=True))), paid_to("new"), False),
        ((OLD, Earlier(paid_to("new"), HONEST)), paid_to("new"), False),
        ((OLD, Earlier(paid_to("new"), REFUNDED)), paid_to("new"), False),
        ((OLD, Earlier(paid_to("thief"))), paid_to("old"), False),
        ((Earlier(paid_to("old")),), paid_to("old"), False),
        ((), paid_to("first"), False),
        ((AT_HOME,), claim(AWAY), True),
        ((AT_HOME, Earlier(claim(AWAY))), claim(AWAY), True),
        ((AT_HOME, Earlier(claim(AWAY, withdrawn=True))), claim(AWAY), True),
        ((AT_HOME, Earlier(claim(AWAY, evidence=CHAT, later=True))), claim(AWAY), False),
        ((AT_HOME, Earlier(claim(AWAY), HONEST)), claim(AWAY), False),
        ((AT_HOME,), claim({**AWAY, "device_id": "@phone"}), False),
        ((AT_HOME, Earlier(claim(AWAY))), claim(HOME), False),
    ],
)  # fmt: skip
def test_a_change_is_asked_about_until_it_is_confirmed(
    client: httpx.Client, before: tuple[Earlier, ...], story: Story, asks: bool
) -> None:
    decision = Telling(client, f"asked-{next(_TELLINGS)}").tell(story.but(earlier=before))
    rules = {rule["id"] for rule in decision["rules"]}
    assert ("old_contact" in rules) is asks
    assert (decision["tier"] == "request_evidence") is asks
    if asks:
        assert [(one["kind"], one["from"]) for one in decision["required_evidence"]] == [
            ("chat", "customer")
        ]
        assert decision["recommended"]["step"] == "customer"
        assert "that you used with us before" in decision["customer_message"]["en"]
        assert "原来登记" in decision["customer_message"]["zh"]


def test_who_declines_to_confirm_is_heard_by_a_person(client: httpx.Client) -> None:
    story = paid_to("thief", earlier=(OLD,), evidence=(Item("declined"),), later=True)
    assert Telling(client, "declined").tell(story)["tier"] == "platform_intervention"


def goodwill(amount: str, **more: Any) -> Story:
    """Compensation alone, asked for the one order of a telling."""
    asked: Facts = {"amount": amount, "compensation": amount, "reason_code": "late"}
    return Story(order=SAME_ORDER, refund={**asked, "reason_text": None}, **more)


HUNDRED = Earlier(goodwill("100.00"))


@pytest.mark.parametrize(
    ("before", "amount", "summed"),
    [
        ((), "100.00", None),
        ((HUNDRED,), "100.00", "200.00"),
        ((HUNDRED,) * 3, "100.00", "400.00"),
        ((Earlier(goodwill("60.00"), {**HONEST, "resolution": "refunded", "amount": "60.00"}),),
         "60.00", "120.00"),
        ((Earlier(goodwill("60.00"), {**HONEST, "resolution": "refunded"}),), "60.00", "120.00"),
        ((Earlier(goodwill("60.00"), {**HONEST, "resolution": "refused"}),), "60.00", None),
        ((Earlier(goodwill("100.00", withdrawn=True)),), "100.00", None),
        ((Earlier(goodwill("30.00")), Earlier(goodwill("30.00"))), "40.00", None),
    ],
)  # fmt: skip
def test_compensation_of_an_order_is_added_up_over_its_requests(
    client: httpx.Client, before: tuple[Earlier, ...], amount: str, summed: str | None
) -> None:
    story = goodwill(amount, earlier=before)
    decision = Telling(client, f"slices-{next(_TELLINGS)}").tell(story)
    [rule] = [
        one["text"] for one in decision["rules"] if one["id"] == "postage_and_compensation"
    ] or [None]
    assert (decision["tier"] == "platform_intervention") is (summed is not None)
    assert (rule is not None) is (summed is not None)
    if rule:
        assert all(f"{summed} CNY" in text for text in rule.values())


def test_goods_are_no_matter_of_compensation_paid_before(client: httpx.Client) -> None:
    """Who was compensated may still ask for the price: that is another matter."""
    goods = Story(order=SAME_ORDER, earlier=(HUNDRED,))
    decision = Telling(client, "goods").tell(goods)
    assert "postage_and_compensation" not in {rule["id"] for rule in decision["rules"]}


REPAIRED: Facts = {"verdict": "merchant_fault", "resolution": "exchanged", "amount": "0"}


def test_repairs_use_nothing_up_however_they_were_closed(client: httpx.Client) -> None:
    repair = Earlier(Story(order=SAME_ORDER, refund={"type": "repair"}), REPAIRED)
    third = Story(order=SAME_ORDER, refund={"type": "return_and_refund"}, earlier=(repair,) * 2)
    decision = Telling(client, "repairs").tell(third)
    assert decision["money"]["granted_before"] == "0.00"
    assert decision["tier"] == "approve"
    assert "amount_check" not in {rule["id"] for rule in decision["rules"]}
