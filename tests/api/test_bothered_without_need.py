"""Nobody is asked, or waits for a person, where shop, courier or the record can answer instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.examination.stories import (
    HONEST,
    SAME_ORDER,
    Ago,
    Earlier,
    Event,
    Facts,
    Item,
    Story,
    paid_back,
    rules,
    told,
)

HOME: Facts = {"customer_id": "@customer", "device_id": "@phone", "shipping_address": "@home"}
AWAY: Facts = {**HOME, "device_id": "@new-phone", "shipping_address": "@new-home"}


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


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


def test_what_is_sent_again_to_the_new_address_is_confirmed(client: httpx.Client) -> None:
    """The money may go back the way it came; another article goes to whoever moved in."""
    again = moved("240.00", type="resend", reason_code="missing_item", claims_received=True)
    assert "old_contact" in rules(told(client, again))


def test_a_repair_and_the_money_are_not_both_had(client: httpx.Client) -> None:
    first = repair("snacks", "900.00").but(order=SAME_ORDER)
    asked = told(client, first)
    paid = told(client, first.but(refund={"type": "refund_only", "amount": "900.00"},
                                  earlier=(Earlier(first),)))  # fmt: skip
    assert [one["tier"] for one in (asked, paid)].count("approve") < 2


def snacks(amount: str, *before: Earlier) -> Story:
    """A repair of food, which is replaced and stays, asked for from the new address."""
    wanted = moved(amount, type="repair", reason_code="defective", claims_received=True)
    known = Story(order={**HOME, "placed_at": Ago(200), "amount": "1.00"})
    story = wanted.but(order={"category": "snacks"})
    return replace(story, earlier=(Earlier(known, HONEST), *before))


def test_small_articles_sent_to_a_new_address_are_added_up(client: httpx.Client) -> None:
    first = told(client, snacks("15.00"))
    assert (first["tier"], first["recommended"]["step"]) == ("approve", "replace")
    alone = Earlier(replace(snacks("15.00"), earlier=()))
    second = told(client, snacks("15.00", alone))
    assert "old_contact" in rules(second)
    assert second["tier"] == "request_evidence"
    swap = snacks("30.00").but(refund={"type": "exchange"})
    assert "old_contact" in rules(told(client, swap)), "what stays is sent again by any name"
    coat = moved("30.00", type="exchange", reason_code="defective", claims_received=True)
    assert "old_contact" not in rules(told(client, coat)), "the first one comes back"


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
    decision = told(client, repair(category, "180.00" if "back" in says else "18.00"))
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
        (repair("snacks"), "request_evidence"),
        (repair("snacks", refund={"reason_code": "other"}), "request_evidence"),
        (repair("cosmetics", refund={"claims_received": False},
                parcels=(Event("shipped", 5), Event("lost", 1))), "request_evidence"),
        (repair("cosmetics").but(order=SAME_ORDER, earlier=(
            Earlier(repair("cosmetics", refund={"type": "refund_only", "amount": "180.00"}).but(
                order=SAME_ORDER), paid_back("180.00")),)), "request_evidence"),
    ],
    ids=["answered", "dear food", "food that stays", "no fault", "lost", "paid back before"],
)  # fmt: skip
def test_the_choice_is_still_asked_where_it_decides(
    client: httpx.Client, story: Story, tier: str
) -> None:
    decision = told(client, story)
    assert decision["tier"] == tier
    assert "not_repairable" in rules(decision)
    assert "repair_replaced" not in rules(decision)


RECORDED = (Event("shipped", 5, {"packed_sku": "@sku", "packed_quantity": 1}),
            Event("delivered", 3, {"received_by": "customer"}))  # fmt: skip


def missing(amount: str, *evidence: Item, **refund: Any) -> Story:
    """Something said to be missing from a parcel whose record says that all went in."""
    asked: Facts = {"reason_code": "missing_item", "claims_received": True, "reason_text": None,
                    "amount": amount, **refund}  # fmt: skip
    return Story(order={"amount": amount, "sku": "@sku"}, refund=asked, parcels=RECORDED,
                 evidence=evidence, later=True)  # fmt: skip


FILM = Item("video", "merchant", {"captured_at": Ago(5.1)})
WEIGHTS = Item("document", "courier")


@pytest.mark.parametrize("kind", ["refund_only", "resend"])
def test_who_packed_and_brought_a_parcel_is_asked_before_its_customer(
    client: httpx.Client, kind: str
) -> None:
    decision = told(client, missing("480.00", type=kind))
    assert decision["tier"] == "request_evidence"
    assert {one["from"] for one in decision["required_evidence"]} == {"courier", "merchant"}
    assert "packing_heard" in rules(decision)
    assert "shop_record" not in rules(decision)
    assert "nothing you need to do" in decision["customer_message"]["en"]


def test_what_they_gave_is_read_and_the_customer_is_asked_for_nothing(
    client: httpx.Client,
) -> None:
    given = told(client, missing("480.00", FILM, WEIGHTS))
    assert given["tier"] == "approve"
    assert given["required_evidence"] == []
    silent = (Item("unanswered", "merchant"), Item("unanswered", "courier"))
    assert told(client, missing("480.00", *silent))["tier"] == "approve"


@pytest.mark.parametrize(
    "story", [missing("480.00", Item("declined")), missing("5600.00", Item("photo"))]
)
def test_a_record_still_counts_against_a_no_and_above_a_large_amount(
    client: httpx.Client, story: Story
) -> None:
    decision = told(client, story)
    assert decision["tier"] == "platform_intervention"
    assert "shop_record" in rules(decision)


@pytest.mark.parametrize(("amount", "tier"), [("640.00", "approve"),
                                              ("1640.00", "platform_intervention")])  # fmt: skip
def test_a_shop_that_holds_the_wrong_article_is_believed_up_to_a_large_amount(
    client: httpx.Client, amount: str, tier: str
) -> None:
    """Who packs the wrong article may have recorded the right one."""
    asked: Facts = {
        "type": "return_and_refund",
        "reason_code": "wrong_item",
        "amount": amount,
        "claims_received": True,
        "reason_text": "There was something else in the box",
    }
    story = Story(order={"amount": amount, "sku": "@sku", "no_reason_return": False}, refund=asked,
                  parcels=RECORDED, back=(Event("shipped", 1), Event("delivered", 0.5)),
                  inspection="different_item", later=True)  # fmt: skip
    decision = told(client, story)
    assert decision["tier"] == tier
    believed = "claim_confirmed" if tier == "approve" else "return_compared"
    assert believed in rules(decision)
