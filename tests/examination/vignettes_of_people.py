"""People from the trade, as facts: who asks, how often, in what mood, and how it ends."""

from __future__ import annotations

from tests.examination.expectations import APPROVE, ASK, PERSON, Chapter, Expected, vignette
from tests.examination.stories import (
    FRAUD,
    HONEST,
    Ago,
    Earlier,
    Event,
    Facts,
    Item,
    Story,
)

OWN: Facts = {"customer_id": "@own"}
USED_A_WEEK = (Event("shipped", 11), Event("delivered", 8, {"received_by": "customer"}))
VAGUE = Story(
    order={"amount": "3200.00", "placed_at": Ago(13)},
    parcels=USED_A_WEEK,
    refund={"reason_code": "other", "reason_text": "not good I think", "claims_received": True},
)
SMALL: Facts = {**OWN, "amount": "49.90", "device_id": "@device"}
FIFTH = Story(order=SMALL, earlier=(Earlier(Story(order=SMALL)),) * 4)
ADDRESS: Facts = {"shipping_address": "@dormitory"}
NEWCOMER = Story(
    order={**ADDRESS, "amount": "129.00", "account_created_at": Ago(6.5)},
    refund={"type": "return_and_refund", "reason_code": "wrong_item"},
    earlier=(Earlier(Story(order=ADDRESS), FRAUD), *(Earlier(Story(order=ADDRESS)),) * 6),
)
RESOLD = Story(
    order={**OWN, "amount": "380.00"},
    later=True,
    inspection="as_sent",
    refund={"type": "return_and_refund", "reason_code": "not_as_described"},
)
COPY: Facts = {"content_hash": "@crack"}
SHOWN = Story(order={"amount": "320.00"}, evidence=(Item("photo", more=COPY),), later=True)
HALF: Facts = {
    "order_id": "@order",
    "customer_id": "@own",
    "merchant_id": "@shop",
    "sku": "@sku",
    "device_id": "@device",
    "payment_instrument": "@card",
    "shipping_address": "@home",
    "amount": "300.00",
}
HALVES = Story(
    order=HALF,
    refund={"amount": "150.00", "reason_code": "damaged"},
    later=True,
    evidence=(Item("photo", more=COPY),),
)
BUNDLE = Story(
    order={**OWN, "amount": "240.00", "quantity": 12},
    refund={"amount": "20.00", "reason_code": "missing_item", "claims_received": True},
)
THIRD = BUNDLE.but(refund={"amount": "240.00"}, earlier=(Earlier(BUNDLE),) * 2)
TWICE = Story(order={"amount": "600.00"}, refund={"reason_code": "double_charge"})
LOUD = {"reason_text": "THIS IS A SCANDAL!!! I am furious, it is worthless! REFUND NOW!"}
LATE = Story(order={"amount": "330.00"}, refund={"reason_code": "late", **LOUD})
DOUBTFUL = Story(order={"amount": "330.00"}, refund={"reason_code": "not_as_described", **LOUD})
NECKLACE = Story(
    order={"amount": "1980.00", "channel": "live", "category": "jewellery"},
    refund={"reason_code": "not_as_described"},
)
CAMERA = Story(
    order={"amount": "18000.00"}, refund={"reason_code": "not_received", "claims_received": False}
)
SELF = {"customer_id": "@listed", "device_id": "@device", "shipping_address": "@street 1"}
LISTED = Story(
    order={**SELF, "amount": "140.00"},
    refund={"reason_code": "damaged"},
    listing={"list": "block", "cause": "brick in the box, confirmed in March"},
    earlier=(Earlier(Story(order={**SELF, "amount": "30.00"}), FRAUD),),
)
STOPPED = Story(order={"amount": "1500.00"}, evidence=(Item("declined"),), later=True)
TERSE = Story(
    order={"amount": "160.00"}, refund={"type": "return_and_refund", "reason_text": "broken"}
)
RING: Facts = {"device_id": "@device", "payment_instrument": "@card"}
AGED = Story(
    order={**RING, "amount": "480.00", "account_created_at": Ago(1500), "customer_tier": "vip"},
    earlier=(Earlier(Story(order=RING), FRAUD),) * 2,
)
LYING = Story(order={"amount": "700.00", "placed_at": Ago(9)}, parcels=(Event("shipped", 8),
              Event("delivered", 6)), refund={"reason_code": "not_as_described",
              "requested_at": Ago(2.1)})  # fmt: skip

VIGNETTES = (
    vignette("the expensive article after a week of use, vague, refused: asked once, then a person",
        Chapter(VAGUE, Expected(tier=ASK, asks=("customer",)), "doubting"),
        Chapter(VAGUE.but(evidence=(Item("declined"),), later=True),
                Expected(tier=PERSON, asks=(), action="call"), "doubting")),
    vignette("the fifth refund-only this month at 49.90 from a shared device is looked at",
        Chapter(FIFTH, Expected(tier=PERSON), "suspecting"),
        Chapter(FIFTH, Expected(tier=ASK), "doubting")),
    vignette("a single refund-only at 49.90 is paid",
        Chapter(Story(order={"amount": "49.90"}), Expected(tier=APPROVE), "ordinary")),
    vignette("the dormitory newcomer with her first request is paid",
        Chapter(NEWCOMER, Expected(tier=APPROVE, asks=()), "ordinary")),
    vignette("the reseller with returns all as sent is a customer, not a case",
        Chapter(RESOLD.but(inspection=None, earlier=(Earlier(RESOLD, HONEST),) * 6),
                Expected(tier=APPROVE), "ordinary"),
        Chapter(RESOLD, Expected(tier=APPROVE, action="pay"))),
    vignette("the VIP with a 12.00 claim is paid before the kettle boils",
        Chapter(Story(order={"amount": "12.00", "customer_tier": "vip"},
                      refund={"type": "resend", "reason_code": "missing_item"}),
                Expected(tier=APPROVE, rules=("small_amount",)), "doubting")),
    vignette("the same photo a third time asks for a fresh one, or a person",
        Chapter(SHOWN.but(earlier=(Earlier(SHOWN),) * 2),
                Expected(tier=ASK, says=("today's date",)), "trusting"),
        Chapter(SHOWN.but(earlier=(Earlier(SHOWN),) * 2), Expected(at_least=ASK))),
    vignette("the same photo for both halves of one order is nothing odd",
        Chapter(HALVES.but(earlier=(Earlier(HALVES),)),
                Expected(tier=APPROVE, no_rules=("fresh_picture",)), "trusting")),
    vignette("the third shortage in a bundle of twelve: scales and packing video first",
        Chapter(THIRD, Expected(tier=ASK), "doubting"),
        Chapter(THIRD.but(later=True, evidence=(Item("video", "merchant"),
                          Item("document", "courier"), Item("photo"))),
                Expected(tier=PERSON), "suspecting")),
    vignette("charged twice: the till knows",
        Chapter(TWICE, Expected(tier=ASK, asks=("merchant",), action="ask_merchant"), "doubting")),
    vignette("the furious customer with a fair claim is paid",
        Chapter(LATE, Expected(tier=APPROVE, asks=()), "ordinary")),
    vignette("the furious customer with a doubtful claim is called",
        Chapter(DOUBTFUL, Expected(tier=PERSON, action="call", rules=("person_first",)),
                "doubting")),
    vignette("the necklace from the live stream, doubtful, is looked at first; ordinary, paid",
        Chapter(NECKLACE, Expected(tier=PERSON, rules=("person_first",)), "doubting"),
        Chapter(NECKLACE, Expected(tier=APPROVE), "trusting")),
    vignette("the camera for eighteen thousand: somebody looks before it leaves",
        Chapter(CAMERA, Expected(tier=PERSON), "doubting")),
    vignette("the customer on the block list who is right this time gives a photo, and it is over",
        Chapter(LISTED, Expected(tier=ASK), "ordinary"),
        Chapter(LISTED.but(evidence=(Item("photo"), Item("video", "merchant")), later=True),
                Expected(tier=APPROVE), "ordinary")),
    vignette("the appeal that was won is paid at once",
        Chapter(STOPPED, Expected(tier=PERSON), "doubting"),
        Chapter(STOPPED.but(outcome={"verdict": "merchant_fault"}),
                Expected(tier=APPROVE, action="pay"))),
    vignette("the honest man of few words is paid",
        Chapter(TERSE, Expected(tier=APPROVE, asks=()))),
    vignette("the aged account bought by a ring: no fast lane",
        Chapter(AGED, Expected(tier=ASK, no_rules=("good_customer",)), "doubting"),
        Chapter(AGED.but(earlier=()), Expected(tier=APPROVE, rules=("good_customer",)),
                "doubting")),
    vignette("the question that was left lying is on top of the pile, with a new time",
        Chapter(LYING, Expected(at_least=ASK, rules=("deadline_passed",)), "doubting")),
)  # fmt: skip
