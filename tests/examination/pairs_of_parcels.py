"""Pairs about where the goods are, on their way out and back."""

from __future__ import annotations

from examination.expectations import APPROVE, ASK, PERSON, Expected, Pair
from examination.stories import LOST, SIGNED, Ago, Event, Item, Story

MISSING = {"reason_code": "not_received", "claims_received": False}
UNWANTED = {"type": "return_and_refund", "reason_code": "unwanted"}
LATE = {"reason_code": "late", "claims_received": False}
GONE = Story(parcels=LOST, refund=MISSING)
SIGNED_FOR = Story(refund=MISSING)
BACK = Story(refund={"type": "return_and_refund"}, later=True)
UNSENT = Story(parcels=(), refund={**UNWANTED, "claims_received": False})
SETTLED = Expected(tier=APPROVE, rules=("courier_admits",), action="pay")
NOTHING_TO_SEND = ("nothing to send back", "无需寄回")
SEND_IT = ("send the article back", "请将商品连同全部配件寄回")


def weighed(grams: int, **more: object) -> Story:
    """A whole order of 1,900 g of which so many grams come back."""
    sent = (Event("shipped", 14, {"weight_g": 1900}), Event("delivered", 12))
    return BACK.but(order={"placed_at": Ago(15)}, parcels=sent, back=(returned(grams),), **more)


def returned(grams: int) -> Event:
    return Event("shipped", 0.5, {"weight_g": grams})


RECENT = BACK.but(
    order={"no_reason_return": True}, refund={"reason_code": "unwanted"},
    parcels=(Event("shipped", 5, {"weight_g": 1900}), SIGNED[1]),
)  # fmt: skip


LIGHT = Expected(at_least=ASK, rules=("light_parcel",), conditions=("inspect_on_return",))
NOT_LIGHT = Expected(no_rules=("light_parcel",))

PAIRS = (
    Pair("not shipped", UNSENT, UNSENT.but(parcels=SIGNED),
         Expected(tier=APPROVE, says=NOTHING_TO_SEND, never_says=SEND_IT, action="pay"),
         Expected(says=SEND_IT, never_says=NOTHING_TO_SEND), model="trusting"),
    Pair("lost by the courier", SIGNED_FOR, GONE,
         Expected(no_rules=("courier_admits",)), SETTLED),
    Pair("lost, and the customer has it", GONE,
         GONE.but(refund={"reason_code": "defective", "claims_received": True}), SETTLED,
         Expected(no_rules=("courier_admits",))),
    Pair("sent back to the shop", SIGNED_FOR,
         SIGNED_FOR.but(parcels=(Event("shipped", 5), Event("returned_to_sender", 1))),
         Expected(no_rules=("courier_admits",)), SETTLED),
    Pair("lost, then delivered", GONE,
         GONE.but(parcels=(*LOST, Event("delivered", 0.5, {"received_by": "customer"}))), SETTLED,
         Expected(no_rules=("courier_admits",))),
    Pair("the courier answers for a delivery", SIGNED_FOR,
         SIGNED_FOR.but(evidence=(Item("document", "courier"),), later=True),
         Expected(tier=ASK, asks=("courier",), action="ask_courier",
                  says=("nothing you need to do", "您无需操作")),
         Expected(at_least=ASK, asks=("customer",)), model="doubting"),
    Pair("a return on its way", BACK.but(back=(Event("shipped", 0.5),)),
         BACK.but(back=(Event("shipped", 1), Event("delivered", 0.5))),
         Expected(tier=APPROVE, says=("on its way to us", "寄回途中"), action="wait",
                  never_says=("has reached us", "已经收到")),
         Expected(tier=APPROVE, never_says=("on its way to us", "寄回途中")), model="trusting"),
    Pair("a return that was looked at",
         BACK.but(back=(Event("shipped", 1), Event("delivered", 0.5))),
         BACK.but(back=(Event("shipped", 1), Event("delivered", 0.5)), inspection="as_sent"),
         Expected(action="wait"), Expected(tier=APPROVE, rules=("returned_as_sent",),
                                           action="pay"), model="trusting"),
    Pair("goods are with the customer", BACK, BACK.but(back=(Event("shipped", 0.5),)),
         Expected(tier=APPROVE, says=SEND_IT),
         Expected(tier=APPROVE, never_says=SEND_IT), model="trusting"),
    Pair("a parcel too light", weighed(1850), weighed(140), NOT_LIGHT, LIGHT),
    Pair("a light parcel inside a right", RECENT.but(back=(returned(1850),)),
         RECENT.but(back=(returned(140),)),
         Expected(tier=APPROVE, no_rules=("light_parcel",)),
         Expected(tier=APPROVE, conditions=("inspect_on_return",))),
    Pair("a light parcel that was opened", weighed(140), weighed(140, inspection="as_sent"), LIGHT,
         Expected(tier=APPROVE, no_rules=("light_parcel",))),
    Pair("a light parcel, and those who weighed it answer", weighed(140),
         weighed(140, evidence=(Item("document", "courier"), Item("video", "merchant"))),
         Expected(tier=ASK, asks=("courier", "merchant")), Expected(tier=APPROVE),
         model="trusting"),
    Pair("late, and delivered or not", Story(refund={**LATE, "claims_received": True}),
         Story(refund=LATE, parcels=LOST), Expected(no_rules=("courier_admits",)), SETTLED),
    Pair("a large amount for a lost parcel", GONE.but(order={"amount": "18000.00"}),
         SIGNED_FOR.but(order={"amount": "18000.00"}), SETTLED, Expected(tier=PERSON),
         model="doubting"),
)  # fmt: skip
