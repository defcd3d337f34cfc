"""Pairs about what is asked for, what was given, and what speaks by itself."""

from __future__ import annotations

from tests.examination.expectations import APPROVE, ASK, PERSON, Expected, Pair
from tests.examination.stories import FRAUD, HONEST, Ago, Earlier, Facts, Item, Story

PLAIN = Story()
COPY: Facts = {"content_hash": "@picture"}
SHOWN = Story(evidence=(Item("photo", more=COPY),), later=True)
GIVEN = (Item("photo"), Item("video"))
SHARED = Story(order={"device_id": "@device", "payment_instrument": "@card"})
NO_DOUBT = Expected(no_rules=("fresh_picture",))
FRESH = Expected(at_least=ASK, rules=("fresh_picture",))


def of_reason(reason: str, **more: object) -> Story:
    return Story(refund={"reason_code": reason, **more})


def asked_for(one: str, other: str, asks: Expected, of_other: Expected) -> Pair:
    """What fits one reason, and what fits another."""
    name = f"evidence for {one} and for {other}"
    return Pair(name, of_reason(one), of_reason(other), asks, of_other, model="doubting")


def around(times: int, outcome: Facts, *evidence: Item) -> Story:
    """A case of somebody who shares a card and a device with others who were looked into."""
    return SHARED.but(earlier=(Earlier(SHARED, outcome),) * times, evidence=evidence, later=True)


PAIRS = (
    Pair("a picture of an unrelated customer", SHOWN,
         SHOWN.but(earlier=(Earlier(SHOWN),)), NO_DOUBT,
         Expected(at_least=ASK, rules=("fresh_picture",)), model="any"),
    Pair("a copied picture asks for a fresh one", SHOWN, SHOWN.but(earlier=(Earlier(SHOWN),)),
         Expected(tier=APPROVE), Expected(tier=ASK, asks=("customer",), action="ask_customer",
         says=("fresh photo", "新的照片")), model="trusting"),
    Pair("a picture of the customer's own",
         SHOWN.but(order={"customer_id": "@own"},
                   earlier=(Earlier(SHOWN.but(order={"customer_id": "@own"})),)),
         SHOWN.but(earlier=(Earlier(SHOWN),)), NO_DOUBT, FRESH),
    Pair("a picture taken before the order",
         PLAIN.but(evidence=(Item("photo", more={"captured_at": Ago(7)}),), later=True),
         PLAIN.but(evidence=(Item("photo", more={"captured_at": Ago(40)}),), later=True),
         NO_DOUBT, FRESH),
    Pair("one of two pictures is old",
         PLAIN.but(evidence=(Item("photo", more={"captured_at": Ago(40)}), Item("photo")),
                   later=True),
         PLAIN.but(evidence=(Item("photo", more={"captured_at": Ago(40)}),), later=True),
         NO_DOUBT, FRESH),
    Pair("silence and an express no", PLAIN.but(evidence=(Item("unanswered"),), later=True),
         PLAIN.but(evidence=(Item("declined"),), later=True),
         Expected(tier=ASK, asks=("customer",)), Expected(tier=PERSON, action="call"),
         model="doubting"),
    Pair("no asked for and nothing due", PLAIN,
         PLAIN.but(evidence=(Item("declined"),), later=True), Expected(tier=APPROVE),
         Expected(tier=APPROVE), model="trusting"),
    Pair("the video that is still open", PLAIN.but(evidence=GIVEN[:1], later=True),
         PLAIN.but(evidence=GIVEN, later=True),
         Expected(tier=ASK, asks=("customer",), kinds=("video",)), Expected(tier=APPROVE),
         model="doubting"),
    Pair("a report of the service centre", PLAIN.but(evidence=(Item("document"),), later=True),
         PLAIN.but(evidence=(Item("service_report"),), later=True),
         Expected(tier=ASK), Expected(tier=APPROVE, asks=()), model="doubting"),
    Pair("the shop does not answer", of_reason("counterfeit"),
         of_reason("counterfeit").but(evidence=(Item("unanswered", "merchant"),), later=True),
         Expected(tier=ASK, asks=("customer", "merchant")), Expected(tier=ASK, asks=("customer",)),
         model="doubting"),
    Pair("the shop has answered", of_reason("counterfeit"),
         of_reason("counterfeit").but(evidence=(Item("document", "merchant"),), later=True),
         Expected(asks=("customer", "merchant")), Expected(asks=("customer",)), model="doubting"),
    Pair("a file clears no ring with three findings", around(2, FRAUD, *GIVEN),
         around(3, FRAUD, *GIVEN), Expected(no_rules=("linked_findings",)),
         Expected(tier=PERSON, rules=("linked_findings",)), model="doubting"),
    Pair("findings around are not one's own", around(3, HONEST), around(3, FRAUD),
         Expected(tier=APPROVE), Expected(tier=APPROVE), model="trusting", same=True),
    asked_for("damaged", "not_received",
              Expected(asks=("customer", "merchant"), kinds=("photo", "video")),
              Expected(asks=("courier",), kinds=("document",), action="ask_courier")),
    asked_for("defective", "not_as_described",
              Expected(asks=("customer",), kinds=("photo", "video")),
              Expected(asks=("customer",), kinds=("photo",))),
    asked_for("counterfeit", "late",
              Expected(asks=("customer", "merchant"), kinds=("document", "photo")),
              Expected(asks=("courier",), kinds=("document",))),
    asked_for("other", "unwanted", Expected(asks=("customer",), kinds=("chat",)),
              Expected(tier=APPROVE, asks=())),
    asked_for("double_charge", "other",
              Expected(asks=("merchant",), kinds=("document",), action="ask_merchant"),
              Expected(asks=("customer",))),
)  # fmt: skip
