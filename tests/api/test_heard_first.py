"""Who is heard before a customer's word moves a large amount, and what a shop's records say."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.examination.stories import Ago, Event, Facts, Item, Story, Telling

PHOTO = (Item("photo"),)
PURCHASE = (Item("document", "merchant"),)
FILM = (Item("video", "merchant"),)
SILENT = (Item("unanswered", "merchant"), Item("unanswered", "courier"))
HANDED_OVER = {"received_by": "customer"}


@pytest.fixture(scope="module")
def client(on_starter: httpx.Client) -> httpx.Client:
    return on_starter


def claim(reason: str, amount: str = "5000.00", **more: Any) -> Story:
    """Somebody who keeps what came and asks for all of the money."""
    order: Facts = {
        "amount": amount, "category": "handbags", "sku": "@sku", "no_reason_return": False,
        **more.pop("order", {}),
    }  # fmt: skip
    asked: Facts = {
        "type": "refund_only", "reason_code": reason, "claims_received": True,
        "reason_text": None, "amount": amount, **more.pop("refund", {}),
    }  # fmt: skip
    return Story(order=order, refund=asked, later=True, **more)


def packed(sku: str = "@sku", pieces: int = 1) -> tuple[Event, ...]:
    """A parcel with the warehouse's record of what went in."""
    record = {"packed_sku": sku, "packed_quantity": pieces}
    return (Event("shipped", 5, record), Event("delivered", 3, HANDED_OVER))


def weighed(before: int | None, after: int | None) -> tuple[Event, ...]:
    """A parcel with its weights (g) at hand-over and at delivery."""
    end = {**HANDED_OVER, "weight_g": after}
    return (Event("shipped", 5, {"weight_g": before}), Event("delivered", 3, end))


HEAVY: Facts = {"expected_weight_g": 900}


class Heard:
    """What was decided: the tier, whom it asks, and the rules that applied."""

    def __init__(self, client: httpx.Client, story: Story) -> None:
        self.decision = Telling(client, "heard").tell(story)
        self.tier = self.decision["tier"]
        self.asked = {item["from"] for item in self.decision["required_evidence"]}
        self.rules = {rule["id"] for rule in self.decision["rules"]}


@pytest.mark.parametrize(
    ("story", "asked"),
    [
        (claim("counterfeit"), {"merchant"}),
        (claim("counterfeit", evidence=(Item("chat"),)), {"merchant"}),
        (claim("missing_item"), {"merchant", "courier"}),
        (claim("counterfeit", "6900.00", order={"channel": "live"}), {"merchant"}),
        (claim("missing_item", evidence=(Item("document", "courier"),)), {"merchant"}),
        (claim("missing_item", evidence=(Item("unanswered", "courier"),)), {"merchant"}),
        (claim("missing_item", refund={"reason_text": "The box was empty."}),
         {"merchant", "courier"}),
    ],
)  # fmt: skip
def test_the_shop_is_heard_before_a_large_amount_goes_on_a_word(
    client: httpx.Client, story: Story, asked: set[str]
) -> None:
    found = Heard(client, story)
    assert found.tier == "request_evidence"
    assert found.asked == asked, "and the customer is not bothered"
    assert {"shop_first", "statutory_refund"} <= found.rules
    [rule] = [one for one in found.decision["rules"] if one["id"] == "shop_first"]
    assert "the customer need not do anything" in rule["text"]["en"]
    message = found.decision["customer_message"]
    assert "There is nothing you need to do" in message["en"]
    assert "您无需操作" in message["zh"]


def test_what_only_the_customer_can_show_is_asked_of_the_customer(client: httpx.Client) -> None:
    """Nobody else can show that dear fruit came rotten."""
    found = Heard(client, claim("damaged", order={"category": "fruit"}))
    assert (found.tier, found.asked) == ("request_evidence", {"customer"})
    [rule] = [one for one in found.decision["rules"] if one["id"] == "shop_first"]
    assert "the customer is asked for what shows it" in rule["text"]["en"]


@pytest.mark.parametrize(
    "story",
    [
        claim("counterfeit", "900.00"),
        claim("counterfeit", evidence=PHOTO),
        claim("missing_item", evidence=PHOTO),
        claim("counterfeit", evidence=(Item("unanswered", "merchant"),)),
        claim("counterfeit", refund={"respond_by": Ago(-1), "requested_at": Ago(2)}).but(
            refund={"respond_by": Ago(0.1)}
        ),
        claim("missing_item", parcels=packed("@other", 0)),
        claim("counterfeit", refund={"type": "return_and_refund"}),
    ],
)
def test_nobody_is_heard_for_little_for_what_is_shown_or_once_time_is_over(
    client: httpx.Client, story: Story
) -> None:
    found = Heard(client, story)
    assert found.rules.isdisjoint({"shop_first", "shop_record"})
    assert found.tier == "approve"


@pytest.mark.parametrize(
    ("story", "why"),
    [
        (claim("missing_item", "1300.00", parcels=packed(), evidence=SILENT),
         "The warehouse's record says"),
        (claim("missing_item", "300.00", parcels=weighed(960, 955), order=HEAVY),
         "The parcel weighed at hand-over and at delivery"),
    ],
)  # fmt: skip
def test_a_record_that_says_otherwise_asks_the_customer_for_what_fits(
    client: httpx.Client, story: Story, why: str
) -> None:
    found = Heard(client, story)
    assert found.tier == "request_evidence"
    assert found.asked == {"customer"}
    [rule] = [one for one in found.decision["rules"] if one["id"] == "shop_record"]
    assert why in rule["text"]["en"]
    assert all(len(text) > 10 for text in rule["text"].values())


@pytest.mark.parametrize(
    ("story", "person"),
    [
        (claim("missing_item", "5600.00", parcels=packed(), evidence=PHOTO), True),
        (claim("missing_item", parcels=packed(), evidence=PHOTO), False),
        (claim("missing_item", parcels=packed(), evidence=(Item("declined"),)), True),
        (claim("missing_item", parcels=weighed(960, 955), order=HEAVY, evidence=PHOTO), True),
        (claim("counterfeit", "5600.00", evidence=(*PURCHASE, *PHOTO)), True),
        (claim("missing_item", evidence=(*FILM, Item("declined"))), True),
        (claim("missing_item", "300.00", parcels=packed(), evidence=PHOTO), False),
        (claim("missing_item", "300.00", evidence=FILM), False),
        (claim("missing_item", "90.00", parcels=packed()), False),
    ],
)
def test_a_person_compares_where_both_show_something_and_much_is_asked(
    client: httpx.Client, story: Story, person: bool
) -> None:
    found = Heard(client, story)
    assert (found.tier == "platform_intervention") is person
    assert ("shop_record" in found.rules) is person
    if person:
        assert found.decision["recommended"]["step"] == "compare_shop"


@pytest.mark.parametrize(
    ("parcels", "order"),
    [
        (weighed(960, 500), HEAVY),
        (weighed(960, None), HEAVY),
        (weighed(400, 400), HEAVY),
        (weighed(1900, 1900), HEAVY),
        (weighed(60, 60), {"expected_weight_g": 40}),
        (weighed(960, 955), {}),
        (packed(pieces=1), {"quantity": 2}),
        (weighed(960, 955), {**HEAVY, "quantity": 3, "amount": "900.00"}),
    ],
)
def test_weights_that_show_nothing_say_nothing(
    client: httpx.Client, parcels: tuple[Event, ...], order: Facts
) -> None:
    found = Heard(client, claim("missing_item", "300.00", parcels=parcels, order=order))
    assert "shop_record" not in found.rules
    assert found.tier == "approve"


@pytest.mark.parametrize(
    ("story", "step", "words"),
    [
        (claim("missing_item", evidence=FILM), "packed", "packing"),
        (claim("missing_item", "900.00", evidence=FILM), "packed", "packing"),
        (claim("missing_item", evidence=(*FILM, Item("document", "courier"))), "packed", "packing"),
        (claim("missing_item", evidence=(*FILM, *PHOTO)), "packed", "packing"),
        (claim("counterfeit", evidence=(*PURCHASE, *PHOTO)), "purchase", "papers"),
        (claim("counterfeit", evidence=PURCHASE), "purchase", "papers of purchase"),
        (claim("counterfeit", evidence=(*PURCHASE, Item("chat"))), "purchase", "papers"),
    ],
)
def test_what_the_shop_gave_is_looked_at_before_the_customer_is_asked(
    client: httpx.Client, story: Story, step: str, words: str
) -> None:
    found = Heard(client, story)
    assert (found.tier, found.asked) == ("approve", set())
    assert found.decision["conditions"] == ["courier_record"], "no money goes unread"
    assert "shop_answer" in found.rules
    recommended = found.decision["recommended"]
    assert (recommended["action"], recommended["step"]) == ("wait", step)
    assert words in recommended["text"]["en"]
    assert "we are reading it" in found.decision["customer_message"]["en"]
    assert "on its way back" not in found.decision["customer_message"]["en"]


@pytest.mark.parametrize("evidence", [FILM, (*FILM, *PHOTO)])
def test_a_person_looks_at_what_the_shop_gave_of_a_dear_claim(
    client: httpx.Client, evidence: tuple[Item, ...]
) -> None:
    found = Heard(client, claim("missing_item", "6800.00", evidence=evidence))
    assert found.tier == "platform_intervention", "whatever the customer shows beside it"
    assert found.decision["recommended"]["step"] == "compare_shop"


def test_the_courier_is_not_asked_for_weights_that_are_on_record(client: httpx.Client) -> None:
    known = Heard(client, claim("missing_item", parcels=weighed(960, 955)))
    assert (known.tier, known.asked) == ("request_evidence", {"merchant"})
    half = Heard(client, claim("missing_item", parcels=weighed(960, None)))
    assert half.asked == {"merchant", "courier"}
    lost = Heard(client, claim("missing_item", parcels=weighed(960, 300)))
    assert lost.asked == {"merchant", "courier"}
    said = " ".join(item["text"]["en"] for item in lost.decision["required_evidence"])
    assert "where the parcel lost weight on its way" in said
    assert "at collection and at delivery" not in said


ANGRY = {"reason_text": "垃圾商家！！少发货还骗人，气死我了！"}


def test_an_upset_customer_is_called_while_the_shop_is_heard(client: httpx.Client) -> None:
    found = Heard(client, claim("missing_item", refund=ANGRY))
    assert found.tier == "platform_intervention"
    [rule] = [one for one in found.decision["rules"] if one["id"] == "shop_first"]
    assert "need not do anything" not in rule["text"]["en"]
    assert "somebody speaks with the customer" in rule["text"]["en"]
    assert "客户无需操作" not in rule["text"]["zh"]
    step = found.decision["recommended"]
    assert (step["action"], step["step"]) == ("call", "call_meanwhile")
    assert "the video of packing before dispatch" in step["text"]["en"]
    assert "打包视频" in step["text"]["zh"]


def test_a_shop_whose_consent_is_asked_speaks_for_itself(client: httpx.Client) -> None:
    found = Heard(client, claim("wrong_item", parcels=packed()))
    assert "shop_record" not in found.rules
    assert found.decision["conditions"] == ["merchant_consent"]


def test_the_record_of_one_line_says_nothing_of_a_basket(client: httpx.Client) -> None:
    basket = claim("missing_item", "300.00", parcels=packed(), lines=({"amount": "200.00"},))
    assert "packing_heard" not in Heard(client, basket).rules
    assert "packing_heard" in Heard(client, basket.but(refund={"line_id": "1"})).rules


DEAR = "6800.00"


def test_what_the_customer_shows_of_a_dear_claim_is_looked_at_once_the_shop_was_heard(
    client: httpx.Client,
) -> None:
    shown = Heard(client, claim("missing_item", DEAR, evidence=(Item("video"),)))
    assert (shown.tier, shown.asked) == ("request_evidence", {"merchant", "courier"})
    [rule] = [one for one in shown.decision["rules"] if one["id"] == "shop_first"]
    assert "nobody has looked at what the customer gave" in rule["text"]["en"]
    for answers in (SILENT, (Item("chat", "merchant"), Item("document", "courier"))):
        heard = Heard(client, claim("missing_item", DEAR, evidence=(Item("video"), *answers)))
        assert heard.tier == "platform_intervention"
        assert "look_first" in heard.rules
        assert heard.decision["recommended"]["step"] == "look_claim"
    contradicted = claim("missing_item", DEAR, evidence=(Item("video"), *FILM))
    assert Heard(client, contradicted).decision["recommended"]["step"] == "compare_shop"


@pytest.mark.parametrize(
    "story",
    [
        claim("missing_item", "4900.00", evidence=(Item("video"),)),
        claim("missing_item", DEAR, evidence=(Item("video"),), parcels=packed("@other", 0)),
        claim("missing_item", DEAR, evidence=(Item("video"),), outcome={"verdict": "legitimate"}),
    ],
    ids=["not so dear", "the warehouse says the same", "found already"],
)
def test_nobody_looks_first_where_it_is_settled_or_not_so_dear(
    client: httpx.Client, story: Story
) -> None:
    assert Heard(client, story).rules.isdisjoint({"look_first", "shop_first"})


def test_who_alone_can_show_it_is_looked_at_without_asking_anybody(client: httpx.Client) -> None:
    found = Heard(client, claim("damaged", DEAR, order={"category": "meat"}, evidence=PHOTO))
    assert (found.tier, found.asked) == ("platform_intervention", set())
