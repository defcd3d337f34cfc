"""The words of what is asked: what they are about, what is asked of whom, and who is still to be
asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import httpx
import pytest

from tests.api.console_visits import Visitor, logged_in
from tests.api.serving import Running
from tests.examination.stories import Ago, Earlier, Event, Facts, Item, Story, Telling
from tests.pictures import saved, scene

SAME: Facts = {"customer_id": "@customer", "merchant_id": "@shop"}
CAMERA: Facts = {**SAME, "amount": "3600.00", "sku": "CAMERA-Z", "category": "cameras",
                 "placed_at": Ago(5), "no_reason_return": False}  # fmt: skip
WARNED = "not to one that came with this request"


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


@pytest.fixture(scope="module")
def reader(served: Running, client: httpx.Client) -> Iterator[Visitor]:
    mei = logged_in(served, "mei")
    yield mei
    mei.http.close()


def words(html: str) -> list[str]:
    """The words ready on a page."""
    ready = re.findall(r'class="next-act">.*?<textarea[^>]*>(.*?)</textarea>', html, re.S)
    return [unescape(one) for one in ready]


def next_of(html: str) -> str:
    """A page without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def dear(parcels: tuple[Event, ...]) -> Story:
    """A dear article, said to be missing from its parcel, on the customer's word alone."""
    order = {**CAMERA, "amount": "5000.00"}
    refund: Facts = {"reason_code": "missing_item", "amount": "5000.00", "type": "refund_only",
                     "claims_received": True, "reason_text": None}  # fmt: skip
    return Story(order=order, refund=refund, parcels=parcels, later=True)


def test_the_old_contact_reads_what_it_says_yes_to(client: httpx.Client, reader: Visitor) -> None:
    before = Earlier(
        Story(order={**CAMERA, "placed_at": Ago(60)},
              refund={"payout_account": "IBAN-OLD", "requested_at": Ago(50)}),
        {"verdict": "legitimate", "resolution": "refunded", "amount": "3600.00"},
    )  # fmt: skip
    story = Story(order={**CAMERA, "shipping_address": "Unit 7, Dock Road"},
                  refund={"reason_code": "missing_item", "amount": "3600.00", "reason_text": None,
                          "type": "refund_only", "payout_account": "IBAN-NEW",
                          "claims_received": True}, earlier=(before,))  # fmt: skip
    decided = Telling(client, "yes").tell(story)
    [asked] = decided["required_evidence"]
    told = "a refund of 3600.00 CNY to a payout account that is new to us"
    assert told in asked["text"]["en"]
    assert told in decided["customer_message"]["en"]
    assert "是否由您本人申请退款 3600.00 CNY（" in asked["text"]["zh"]
    assert "并退至新的收款账户" in asked["text"]["zh"]
    html = reader.read("case", id=decided["refund_id"]).text
    [ready] = [one for one in words(html) if "账户" in one or "account" in one]
    assert "CAMERA-Z" in ready
    assert "3,600" in ready
    assert "NEW" not in ready, "nothing of the new data is told"
    assert "Dock" not in ready
    assert html.count(WARNED) == 2, "at the words to send, and at the message to copy"


@pytest.mark.parametrize(
    ("before", "after", "shown", "chinese"),
    [
        (230, 60, "weighed less on arrival than when it was sent", "包裹签收时轻于寄出时"),
        (None, None, "nothing shows the claim yet", "尚无资料佐证"),
    ],
)
def test_what_is_missing_does_not_stay_and_weights_show_something(
    client: httpx.Client, before: int | None, after: int | None, shown: str, chinese: str
) -> None:
    parcels = (Event("shipped", 5, {"weight_g": before}), Event("delivered", 3,
               {"received_by": "customer", "weight_g": after}))  # fmt: skip
    decided = Telling(client, f"lighter-{before}").tell(dear(parcels))
    [text] = [one["text"] for one in decided["rules"] if one["id"] == "shop_first"]
    assert text["en"].startswith("A large amount is asked for goods said to be missing from")
    assert "stay" not in text["en"]
    assert shown in text["en"]
    assert chinese in text["zh"]


def test_who_is_asked_second_is_named_once_the_first_was(
    client: httpx.Client, reader: Visitor
) -> None:
    parcels = (Event("shipped", 5, {"courier": "SF"}), Event("delivered", 3))
    case = Telling(client, "second").tell(dear(parcels))["refund_id"]
    ready = words(reader.read("case", id=case).text)
    about = re.compile(
        r"Order \S+ \(.*CAMERA-Z\), sent on \d+ \w+ by .+, delivered on \d+ \w+\. Please"
    )
    assert sum(about.match(one) is not None for one in ready) == 2, "courier and shop"
    until = [re.search(r"Please answer by (\d.+ \d\d:[03]0)\.$", one) for one in ready]
    assert sum(one is not None for one in until) == 2, "before the customer is answered"
    reader.send("case/ask", id=case, kind="document", **{"from": "courier"}, text="what weight?")
    said = next_of(reader.read("case", id=case).text)
    assert "Ask the shop too: the words are ready under Actions. The courier was asked on" in said
    assert "The courier's record shows" not in said, "nobody need be told why any more"
    assert "The shop's film shows" in said
    reader.send("case/ask", id=case, kind="video", **{"from": "merchant"}, text="your film?")
    assert "Ask the shop too" not in next_of(reader.read("case", id=case).text)


def test_of_two_couriers_the_one_that_is_asked_is_named(
    client: httpx.Client, reader: Visitor
) -> None:
    first: Facts = {"courier": "SF", "tracking_no": "@first"}
    second: Facts = {"courier": "UPS", "tracking_no": "@second"}
    parcels = (
        Event("shipped", 5, first),
        Event("delivered", 3, {**first, "received_by": "customer"}),
        Event("shipped", 2, second),
    )
    story = dear(parcels).but(order={"amount": "9000.00", "quantity": 3},
                              refund={"amount": "3000.00"})  # fmt: skip
    case = Telling(client, "couriers").tell(story)["refund_id"]
    page = next_of(reader.read("case", id=case).text)
    ready = words(reader.read("case", id=case).text)
    assert "The courier: UPS." in page
    assert re.search(
        r"sent on [^,]+ by SF[^,]*, delivered on [^,]+, sent on [^,]+ by UPS", ready[0]
    )


def test_what_came_without_its_file_is_listed_beside_the_pictures(
    client: httpx.Client, reader: Visitor
) -> None:
    story = dear((Event("shipped", 5), Event("delivered", 3)))
    story = replace(story, evidence=(Item("photo"), Item("video", "merchant")))
    case = Telling(client, "unseen").tell(story)["refund_id"]
    picture = saved(scene(7))
    client.put(f"/v1/evidence/{case}-E0/file", content=picture,
               headers={"Content-Type": "image/jpeg"}).raise_for_status()  # fmt: skip
    assert "Without a file here: 1 video from the shop." in next_of(
        reader.read("case", id=case).text
    )
