"""Goods and parcels from the trade, as facts, and how an after-sales lead would end each."""

from __future__ import annotations

from tests.examination.expectations import APPROVE, ASK, PERSON, Chapter, Expected, vignette
from tests.examination.stories import LOST, Ago, Event, Item, Story, found_before

RETURN = {"type": "return_and_refund", "reason_code": "unwanted"}
RIGHT = {"no_reason_return": True}
YESTERDAY = (Event("shipped", 3), Event("delivered", 1, {"received_by": "customer"}))
WEEK = (Event("shipped", 9), Event("delivered", 6.9, {"received_by": "customer"}))
NINE_DAYS = (Event("shipped", 11), Event("delivered", 9, {"received_by": "customer"}))
OLD = {"placed_at": Ago(13)}
MISSING = {"reason_code": "not_received", "claims_received": False}
STRIKE = (Event("shipped", 10),)

STAINED = Story(
    order={**RIGHT, "amount": "259.00"},
    parcels=YESTERDAY,
    refund={**RETURN, "reason_code": "damaged", "reason_text": "a stain on the hem"},
)
KEPT = Story(parcels=YESTERDAY, refund={"reason_code": "damaged", "claims_received": True})
WATCH = Story(
    order={**OLD, **RIGHT, "amount": "1299.00", "category": "electronics"},
    parcels=WEEK,
    refund=RETURN,
)
SIGNED_FOR = Story(order={"amount": "459.00"}, refund=MISSING)
STUCK = Story(order={**OLD, "amount": "189.00"}, parcels=STRIKE, refund=MISSING)
GONE = Story(order={"amount": "2999.00"}, parcels=LOST, refund=MISSING)
KETTLE = Story(
    order={"amount": "219.00", "category": "appliances"},
    refund={"type": "return_and_refund", "reason_code": "defective"},
)
MUG = Story(order={"amount": "69.00", "category": "custom_made", "no_reason_return": False})
CHEESE = Story(order={"amount": "88.00", "category": "fresh_food", "no_reason_return": False})
BOX = Story(
    order={**OLD, "amount": "2400.00", "no_reason_return": False}, later=True,
    parcels=(Event("shipped", 11, {"weight_g": 1900}), Event("delivered", 9)),
    refund={"type": "return_and_refund", "reason_code": "not_as_described"},
    back=(Event("shipped", 0.5, {"weight_g": 140}),),
)  # fmt: skip
OPENED = (Item("photo", "merchant"),)
GOWN = Story(order={**RIGHT, "amount": "1800.00"}, refund=RETURN, later=True)
SWAP = Story(order={**RIGHT, "amount": "5200.00"}, refund=RETURN, later=True)
BAG = Story(
    order={"amount": "2600.00"}, refund={"reason_code": "counterfeit", "claims_received": True}
)
SCREWS = Story(
    order={"amount": "300.00"},
    refund={
        "type": "resend",
        "amount": "15.00",
        "reason_code": "missing_item",
        "reason_text": "the bag of screws is missing",
    },
)
WHOLE = Story(
    order={**OLD, **RIGHT, "amount": "900.00"},
    parcels=NINE_DAYS,
    refund=RETURN,
    later=True,
    inspection="as_sent",
    earlier=found_before(2),
)
PHONE = Story(
    order={**RIGHT, "amount": "2100.00"}, refund=RETURN, later=True, inspection="incomplete"
)
EARLY = Story(order={**RIGHT, "amount": "800.00"}, parcels=(),
              refund={**RETURN, "claims_received": False})  # fmt: skip

VIGNETTES = (
    vignette("the dress with a stain on day one goes back by right",
        Chapter(STAINED, Expected(tier=APPROVE, lane="no_reason", asks=(), action="wait",
                                  no_conditions=("merchant_consent",),
                                  says=("send the article back",)))),
    vignette("the dress with a stain that she would like to keep: the shop has its say",
        Chapter(KEPT, Expected(tier=APPROVE, conditions=("merchant_consent",),
                               offers=("partial_refund",), action="ask_merchant"), "trusting")),
    vignette("the smart watch not liked after a week comes back by right, scratched, to a person",
        Chapter(WATCH, Expected(tier=APPROVE, lane="no_reason")),
        Chapter(WATCH.but(later=True, inspection="damaged_by_customer", evidence=OPENED),
                Expected(tier=PERSON, rules=("worn_goods",), offers=("partial_refund",),
                         action="offer"))),
    vignette("the smart watch not liked after nine days is goodwill",
        Chapter(WATCH.but(parcels=NINE_DAYS),
                Expected(tier=APPROVE, lane="standard", conditions=("merchant_consent",)),
                "trusting")),
    vignette("non-receipt against a signed delivery: the courier shows it",
        Chapter(SIGNED_FOR, Expected(tier=ASK, asks=("courier",), action="ask_courier",
                                     says=("nothing you need to do",)), "doubting")),
    vignette("non-receipt against a signed delivery from somebody never a worry",
        Chapter(SIGNED_FOR, Expected(tier=APPROVE, conditions=("courier_record",)), "ordinary")),
    vignette("non-receipt from a depot on strike: nobody is asked",
        Chapter(STUCK, Expected(tier=APPROVE, offers=("resend",), asks=()), "ordinary")),
    vignette("the parcel the courier has lost is paid, whatever a model thinks",
        Chapter(GONE, Expected(tier=APPROVE, rules=("courier_admits",), action="pay",
                               no_conditions=("courier_record",)))),
    vignette("the defective batch on its worst day is paid, furious or not",
        Chapter(KETTLE, Expected(tier=APPROVE, asks=())),
        Chapter(KETTLE.but(refund={"reason_text": "SCANDAL!!! It burned my table, REFUND NOW!"}),
                Expected(tier=APPROVE)),
        Chapter(KETTLE.but(order={"channel": "live"}), Expected(tier=APPROVE))),
    vignette("the custom-made mug no longer wanted: the shop is asked as a courtesy",
        Chapter(MUG.but(refund=RETURN),
                Expected(tier=APPROVE, lane="standard", conditions=("merchant_consent",),
                         says=("as a courtesy",)), "trusting")),
    vignette("the custom-made mug with somebody else's photo is made again",
        Chapter(MUG.but(refund={"type": "resend", "reason_code": "wrong_item"}),
                Expected(tier=APPROVE, no_conditions=("merchant_consent",)), "trusting")),
    vignette("the opened perishable no longer wanted is the shop's to give",
        Chapter(CHEESE.but(refund={"reason_code": "unwanted", "claims_received": True}),
                Expected(tier=APPROVE, conditions=("merchant_consent",), no_offers=("repair",)),
                "trusting")),
    vignette("the perishable that arrived spoiled is paid, or asked for a photo; never repaired",
        Chapter(CHEESE.but(refund={"reason_code": "damaged", "claims_received": True}),
                Expected(tier=APPROVE, no_offers=("repair",)), "trusting"),
        Chapter(CHEESE.but(refund={"reason_code": "damaged", "claims_received": True}),
                Expected(tier=ASK, no_offers=("repair",)), "doubting")),
    vignette("the empty box by weight is opened on camera, then a person's",
        Chapter(BOX, Expected(tier=ASK, asks=("courier", "merchant"),
                              conditions=("inspect_on_return",)), "trusting"),
        Chapter(BOX.but(inspection="empty"), Expected(tier=PERSON, rules=("empty_return",),
                no_offers=("exchange", "repair", "resend", "partial_refund", "voucher")))),
    vignette("wear and return of an evening gown: a person settles for part of the money",
        Chapter(GOWN, Expected(tier=APPROVE, lane="no_reason")),
        Chapter(GOWN.but(inspection="used", evidence=OPENED),
                Expected(tier=PERSON, offers=("partial_refund",), action="offer"))),
    vignette("the counterfeit swap is a person's",
        Chapter(SWAP.but(inspection="counterfeit"), Expected(tier=PERSON))),
    vignette("the bag its owner thinks a copy: the shop shows the purchase, she the label",
        Chapter(BAG, Expected(tier=ASK, asks=("customer", "merchant")), "doubting")),
    vignette("the missing screws of a shelf are sent",
        Chapter(SCREWS, Expected(tier=APPROVE), "doubting")),
    vignette("the return that arrived as it left is paid",
        Chapter(WHOLE, Expected(tier=APPROVE, rules=("returned_as_sent",), action="pay",
                                says=("72 hours",)))),
    vignette("the charger left at home is asked for, postage paid",
        Chapter(PHONE, Expected(tier=ASK, asks=("merchant",), says=("nothing you need to do",)),
                "trusting"),
        Chapter(PHONE.but(evidence=(Item("video", "merchant"),)),
                Expected(tier=ASK, asks=("customer",), says=("free of charge",)), "trusting"),
        Chapter(PHONE.but(evidence=(Item("chat"), Item("video", "merchant"))),
                Expected(tier=APPROVE), "trusting")),
    vignette("the parcel changed of mind before it left: nothing to send back",
        Chapter(EARLY, Expected(tier=APPROVE, action="pay", says=("nothing to send back",),
                                never_says=("send the article back",)))),
)  # fmt: skip
