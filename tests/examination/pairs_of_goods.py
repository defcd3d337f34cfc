"""Pairs about the article, what was found when it came back, and the right to return it."""

from __future__ import annotations

from tests.examination.expectations import APPROVE, ASK, PERSON, Expected, Pair
from tests.examination.stories import FRAUD, Ago, Earlier, Event, Item, Story

RETURN = {"type": "return_and_refund"}
BACK = Story(refund=RETURN, later=True, back=(Event("shipped", 1), Event("delivered", 0.2)))
OLD = (Event("shipped", 14), Event("delivered", 12, {"received_by": "customer"}))
LATE = {"placed_at": Ago(15)}
UNWANTED = {**RETURN, "reason_code": "unwanted"}
IN_RIGHT = Story(order={"no_reason_return": True}, refund=UNWANTED)
OUTSIDE = Story(order={"no_reason_return": True, **LATE}, refund=UNWANTED, parcels=OLD)
PAID = Expected(tier=APPROVE, action="pay")
RIGHT = Expected(tier=APPROVE, lane="no_reason", asks=())
NO_RIGHT = Expected(lane="standard", conditions=("merchant_consent",), action="ask_merchant",
                    says=("as a courtesy", "酌情"))  # fmt: skip


WORN = ("used", "damaged_by_customer")
SHOWN = (Item("photo", "merchant"),)


def found(condition: str, reason: str = "defective") -> Story:
    """What the shop found in a return, signs of use or damage with its picture of them."""
    shown = SHOWN if condition in WORN else ()
    return BACK.but(inspection=condition, refund={"reason_code": reason}, evidence=shown)


def unshown(story: Story) -> Story:
    return story.but(evidence=())


def person(rule: str) -> Expected:
    """A person, by this rule and by no other that is about the goods."""
    others = {"another_article", "empty_return", "worn_goods", "inspection_disputed",
              "claim_confirmed"} - {rule}  # fmt: skip
    return Expected(tier=PERSON, rules=(rule,), no_rules=tuple(sorted(others)))


CONFIRMED = Expected(tier=APPROVE, rules=("claim_confirmed",), action="pay")
SENT = Expected(tier=APPROVE, rules=("returned_as_sent",), action="pay")
FIRST_SHOWN = Expected(
    tier=ASK, asks=("merchant",), action="ask_merchant", rules=("inspection_unshown",),
    no_rules=("worn_goods", "inspection_disputed"), no_offers=("partial_refund",),
    says=("the article came back with signs of use", "nothing you need to do", "您无需操作"),
)  # fmt: skip

PAIRS = (
    Pair("as sent, or used", found("as_sent"), found("used"), SENT, person("inspection_disputed")),
    Pair("used, of what is not wanted or said to be another article", found("used", "unwanted"),
         found("used", "wrong_item"), Expected(tier=PERSON, rules=("worn_goods",), action="offer"),
         Expected(tier=PERSON, rules=("inspection_disputed",), no_offers=("partial_refund",),
                  action="call")),
    Pair("signs of use that the shop shows, or only says", found("used", "unwanted"),
         unshown(found("used", "unwanted")), person("worn_goods"), FIRST_SHOWN, model="trusting"),
    Pair("a fault or wear, shown or only said", found("used"), unshown(found("used")),
         person("inspection_disputed"), FIRST_SHOWN, model="trusting"),
    Pair("only said, and much speaks against it", unshown(found("used", "unwanted")),
         unshown(found("used")), person("worn_goods"), person("inspection_disputed"),
         model="condemning"),
    Pair("as sent, or damaged", found("as_sent"), found("damaged_by_customer"), SENT,
         person("inspection_disputed")),
    Pair("a fault of the shop, or wear", found("seller_fault"), found("used"),
         Expected(tier=APPROVE, rules=("fault_found",), action="pay"),
         person("inspection_disputed")),
    Pair("another article, as claimed or not", found("different_item", "wrong_item"),
         found("different_item"), CONFIRMED, person("another_article")),
    Pair("a copy, as claimed or not", found("counterfeit", "counterfeit"), found("counterfeit"),
         CONFIRMED, person("another_article")),
    Pair("an empty parcel, as claimed or not", found("empty", "missing_item"), found("empty"),
         CONFIRMED, person("empty_return")),
    Pair("a part missing, as claimed or not", found("incomplete", "missing_item"),
         found("incomplete"), CONFIRMED,
         Expected(at_least=ASK, rules=("incomplete_return",), no_rules=("worn_goods",))),
    Pair("swapped, or worn: what is offered", found("different_item"), found("used", "unwanted"),
         Expected(no_offers=("partial_refund", "exchange", "repair")),
         Expected(offers=("partial_refund",), action="offer")),
    Pair("what is offered for worn goods, in money", Story(), found("used", "unwanted"),
         Expected(offers=("partial_refund",), never_says=("77.70 CNY", "while you keep it")),
         Expected(says=("207.20 CNY of the price as it came back",), action="offer",
                  never_says=("months of warranty",)), model="trusting"),
    Pair("an offer is a part of what is asked", Story(refund={"amount": "100.00"}), Story(),
         Expected(offers=("partial_refund",), never_says=("30.00 CNY back",)),
         Expected(offers=("partial_refund",), never_says=("77.70 CNY back",)),
         model="trusting"),
    Pair("an offer in the order's currency", Story(order={"currency": "CNY"}),
         Story(order={"currency": "JPY", "amount": "259"}),
         Expected(offers=("partial_refund",), never_says=("77.70 CNY back",)),
         Expected(offers=("partial_refund",), never_says=("78 JPY back",)),
         model="trusting"),
    Pair("worn inside the right", IN_RIGHT.but(later=True, back=BACK.back, inspection="as_sent"),
         IN_RIGHT.but(later=True, back=BACK.back, inspection="used", evidence=SHOWN), SENT,
         person("worn_goods")),
    Pair("day three, or day twelve", IN_RIGHT, OUTSIDE, RIGHT,
         Expected(lane="standard")),
    Pair("a change of mind after the right", IN_RIGHT, OUTSIDE, RIGHT, NO_RIGHT, model="trusting"),
    Pair("an article that the right leaves out", IN_RIGHT,
         IN_RIGHT.but(order={"no_reason_return": False}), RIGHT, NO_RIGHT, model="trusting"),
    Pair("a fault on day three, or on day twelve", Story(refund=RETURN),
         Story(refund=RETURN, order={**LATE, "no_reason_return": False}, parcels=OLD),
         Expected(tier=APPROVE, asks=()), Expected(at_least=ASK), model="condemning"),
    Pair("the postage of a fault", Story(refund=RETURN), IN_RIGHT,
         Expected(says=("postage is on us", "运费由我们承担")),
         Expected(never_says=("postage is on us", "运费由我们承担")), model="trusting"),
    Pair("a right with findings of one's own", IN_RIGHT.but(order={"customer_id": "@own"}),
         IN_RIGHT.but(order={"customer_id": "@own"},
                      earlier=(Earlier(Story(order={"customer_id": "@own"}), FRAUD),) * 3),
         RIGHT, RIGHT),
    Pair("rotten goods are not repaired", Story(),
         Story(order={"category": "fresh_food"}), Expected(offers=("repair",)),
         Expected(no_offers=("repair",))),
    Pair("flowers are not repaired", Story(), Story(order={"category": "flowers"}),
         Expected(offers=("repair",)), Expected(no_offers=("repair",))),
    Pair("a code is not repaired", Story(order={"category": "electronics"}),
         Story(order={"category": "digital"}), Expected(offers=("repair",)),
         Expected(no_offers=("repair",))),
    Pair("an offer is not what was asked", Story(), Story(refund={"type": "repair"}),
         Expected(offers=("repair",)), Expected(no_offers=("repair",))),
    Pair("a copy is not exchanged", Story(), Story(refund={"reason_code": "counterfeit"}),
         Expected(offers=("exchange",)), Expected(no_offers=("exchange", "repair", "resend"))),
    Pair("goods kept, or sent back", Story(parcels=OLD, order=LATE),
         Story(parcels=OLD, order=LATE, refund=RETURN),
         Expected(conditions=("merchant_consent",), action="ask_merchant",
                  says=("passed your request to the shop", "已请商家确认")),
         Expected(no_conditions=("merchant_consent",), action="wait"), model="trusting"),
    Pair("money, or another one", Story(), Story(refund={"type": "exchange"}),
         Expected(conditions=("merchant_consent",)),
         Expected(no_conditions=("merchant_consent",), says=("accepted the exchange", "换货")),
         model="trusting"),
)  # fmt: skip
