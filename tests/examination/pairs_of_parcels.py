"""Pairs about where the goods are, on their way out and back."""

from __future__ import annotations

from tests.examination.expectations import APPROVE, ASK, PERSON, Expected, Pair
from tests.examination.stories import LOST, MOVING, SIGNED, Ago, Earlier, Event, Item, Story

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

IN_RIGHT = Story(order={"no_reason_return": True}, refund=UNWANTED)
OLD = (Event("shipped", 14), Event("delivered", 12, {"received_by": "customer"}))


def back_at(days: float) -> tuple[Event, ...]:
    return (Event("shipped", days + 1), Event("delivered", days))


def scanned(days: float) -> Story:
    """A return outside the right that was scanned as delivered so many days ago: it was asked for
    more than eight days after the delivery, so that the hour at which it is told is no matter."""
    late = {"placed_at": Ago(17), "no_reason_return": False}
    asked = {"requested_at": Ago(days + 2), "respond_by": Ago(-2)}
    there = (Event("shipped", 16), Event("delivered", 14, {"received_by": "customer"}))
    return BACK.but(order=late, parcels=there, back=back_at(days), refund=asked)


def basket(
    one: int | None, other: int | None, back: int, earlier: tuple[Earlier, ...] = ()
) -> Story:
    """A line and another one in a parcel of 4,400 g; of the first so many grams come back."""
    sent = (Event("shipped", 14, {"weight_g": 4400}), *OLD[1:])
    line = {"placed_at": Ago(15), "no_reason_return": False, "expected_weight_g": one}
    return BACK.but(
        order={**line, "sku": "@sku", "merchant_id": "@shop"}, parcels=sent, earlier=earlier,
        lines=({"amount": "80.00", "sku": "@other", "expected_weight_g": other},),
        back=(returned(back),), refund={"line_id": "1"},
    )  # fmt: skip


ALONE = (Event("shipped", 5, {"weight_g": 310}), SIGNED[1])
EARLIER = (Earlier(Story(order={"sku": "@sku", "merchant_id": "@shop"}, parcels=ALONE)),)


def pieces(amount: str, grams: int) -> Story:
    """Five pieces of together 1,900 g, for 100, of which some are asked back."""
    more = {"placed_at": Ago(15), "no_reason_return": False, "quantity": 5, "amount": "100.00"}
    return weighed(grams).but(order=more, refund={"amount": amount})


def packed(reason: str, **record: object) -> Story:
    """Three pieces with the warehouse's record of what went in."""
    part = {"amount": "86.00"} if reason == "missing_item" else {}
    return Story(order={"quantity": 3, "sku": "@sku"}, refund={"reason_code": reason, **part},
                 parcels=(Event("shipped", 5, record), SIGNED[1]))  # fmt: skip


def filmed(days: float) -> Story:
    """A claim of a missing part with a video of packing that was taken so many days ago."""
    film = Item("video", "merchant", {"captured_at": Ago(days)})
    return Story(refund={"reason_code": "missing_item"}, evidence=(film,), later=True)


PAIRS = (
    Pair("of a parcel that was delivered the courier is asked to whom",
         SIGNED_FOR.but(order={"amount": "1200.00"}, parcels=(Event("shipped", 8),)),
         SIGNED_FOR.but(order={"amount": "1200.00"}),
         Expected(action="ask_courier", says=("where the parcel is", "包裹去向")),
         Expected(action="ask_courier",
                  says=("to whom and where the parcel was handed over", "由谁、在哪里签收")),
         model="ordinary"),
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
    Pair("a parcel on its way is stopped first", SIGNED_FOR, SIGNED_FOR.but(parcels=MOVING),
         Expected(no_rules=("in_transit",)),
         Expected(rules=("in_transit",), conditions=("courier_record",), no_offers=("resend",)),
         model="any"),
    Pair("on its way, or standing still", SIGNED_FOR.but(parcels=MOVING),
         SIGNED_FOR.but(order={"placed_at": Ago(12)}, parcels=(Event("shipped", 10),)),
         Expected(tier=APPROVE, action="ask_courier", says=("still on its way", "拦截")),
         Expected(tier=APPROVE, no_rules=("in_transit",), offers=("resend",),
                  never_says=("still on its way", "拦截")), model="trusting"),
    Pair("sent again while the first is on its way",
         SIGNED_FOR.but(parcels=LOST, refund={"type": "resend"}),
         SIGNED_FOR.but(parcels=MOVING, refund={"type": "resend"}),
         Expected(tier=APPROVE, says=("sending it again",)),
         Expected(conditions=("courier_record",), never_says=("sending it again",)),
         model="trusting"),
    Pair("on its way, and the customer has it", SIGNED_FOR.but(parcels=MOVING),
         SIGNED_FOR.but(parcels=MOVING, refund={"reason_code": "damaged",
                                                "claims_received": True}),
         Expected(rules=("in_transit",)), Expected(no_rules=("in_transit",))),
    Pair("a return within the right while the parcel is on its way", IN_RIGHT,
         IN_RIGHT.but(parcels=MOVING, refund={"claims_received": False}),
         Expected(tier=APPROVE, says=SEND_IT, no_rules=("in_transit",)),
         Expected(tier=APPROVE, conditions=("courier_record",), never_says=SEND_IT)),
    Pair("the shop has not received the return for a day, or for two", scanned(1), scanned(2.1),
         Expected(tier=APPROVE, action="wait", no_rules=("return_receipt",),
                  says=("record shows that your parcel has arrived", "快递记录显示包裹已送达"),
                  never_says=("has reached us", "我们已经收到")),
         Expected(tier=ASK, asks=("courier",), action="ask_courier", rules=("return_receipt",),
                  says=("asking the courier where", "核对签收地址"),
                  never_says=("has reached us", "我们已经收到")), model="trusting"),
    Pair("the courier's day is over as well", scanned(2.1), scanned(3.1),
         Expected(rules=("return_receipt",)),
         Expected(tier=APPROVE, rules=("return_unconfirmed",), action="pay",
                  no_conditions=("courier_record",), says=("on its way back",))),
    Pair("the courier answers for a return", scanned(2.1),
         scanned(2.1).but(evidence=(Item("document", "courier"),)),
         Expected(rules=("return_receipt",)),
         Expected(tier=APPROVE, rules=("return_unconfirmed",), conditions=("courier_record",),
                  action="wait")),
    Pair("the shop contradicts a scan", scanned(3.1), scanned(3.1).but(inspection="empty"),
         Expected(tier=APPROVE), Expected(tier=PERSON, no_rules=("return_unconfirmed",))),
    Pair("the shop has something to say of a scan", scanned(3.1),
         scanned(3.1).but(evidence=(Item("document", "merchant"),)),
         Expected(rules=("return_unconfirmed",)), Expected(no_rules=("return_unconfirmed",))),
    Pair("a scan inside the right", IN_RIGHT.but(back=back_at(2.1), later=True),
         scanned(2.1),
         Expected(tier=APPROVE, conditions=("courier_record",), asks=(), action="ask_courier",
                  says=("asking the courier where",)), Expected(at_least=ASK)),
    Pair("one line of a basket, by the catalogue", basket(300, 4000, 290), basket(300, 4000, 40),
         NOT_LIGHT, LIGHT),
    Pair("one line of a basket of nobody knows what", basket(None, 4000, 290),
         basket(300, 4000, 40), NOT_LIGHT, LIGHT),
    Pair("one line of a basket, learned from parcels", basket(None, None, 290, EARLIER),
         basket(None, None, 40, EARLIER), NOT_LIGHT, LIGHT),
    Pair("one piece of five", pieces("20.00", 390), pieces("100.00", 390), NOT_LIGHT, LIGHT),
    Pair("a request that is withdrawn", SIGNED_FOR, SIGNED_FOR.but(withdrawn=True),
         Expected(at_least=ASK),
         Expected(tier=APPROVE, rules=("withdrawn",), asks=(), action="wait", conditions=(),
                  says=("You have withdrawn this request", "已撤回"),
                  never_says=("support", "on its way back")), model="condemning"),
    Pair("withdrawn goods that stay", Story(), Story(withdrawn=True),
         Expected(conditions=("merchant_consent",)),
         Expected(no_conditions=("merchant_consent",), action="wait",
                  no_offers=("repair", "exchange")), model="trusting"),
    Pair("the warehouse packed another article", packed("wrong_item", packed_sku="@sku"),
         packed("wrong_item", packed_sku="another"),
         Expected(no_rules=("packed_otherwise",)),
         Expected(tier=APPROVE, rules=("packed_otherwise",), action="ask_merchant")),
    Pair("the warehouse packed fewer pieces", packed("missing_item", packed_quantity=3),
         packed("missing_item", packed_quantity=2),
         Expected(no_rules=("packed_otherwise",)),
         Expected(tier=APPROVE, rules=("packed_otherwise",), action="pay")),
    Pair("a record that contradicts outweighs nothing", packed("wrong_item"),
         packed("wrong_item", packed_sku="@sku", packed_quantity=3), Expected(tier=APPROVE),
         Expected(tier=APPROVE), model="trusting", same=True),
    Pair("a record that contradicts asks nothing more", packed("wrong_item"),
         packed("wrong_item", packed_sku="@sku", packed_quantity=3), Expected(tier=ASK),
         Expected(tier=ASK), model="doubting"),
    Pair("a record of packing is about what is missing", packed("defective", packed_quantity=2),
         packed("missing_item", packed_quantity=2),
         Expected(no_rules=("packed_otherwise",)), Expected(rules=("packed_otherwise",))),
    Pair("packing filmed in time, or days later", filmed(4.9), filmed(1),
         Expected(asks=("courier",)), Expected(asks=("courier",)), model="doubting"),
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
