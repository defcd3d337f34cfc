"""Pairs from cases whose first answer somebody of the trade would have overruled."""

from __future__ import annotations

from tests.examination.expectations import APPROVE, ASK, PERSON, Expected, Pair
from tests.examination.stories import FRAUD, HONEST, LOST, Ago, Earlier, Event, Facts, Item, Story

PLAIN = Story()
MISSING: Facts = {"reason_code": "not_received", "claims_received": False}
RETURN: Facts = {"type": "return_and_refund"}
OWN: Facts = {
    "customer_id": "@own", "device_id": "@device", "payment_instrument": "@card",
    "shipping_address": "@street 1",
}  # fmt: skip
RING = Story(order={"device_id": "@device", "payment_instrument": "@card"})
LATE = Story(
    order={"placed_at": Ago(15), "no_reason_return": False},
    parcels=(Event("shipped", 14), Event("delivered", 12, {"received_by": "customer"})),
    refund={**RETURN, "requested_at": Ago(5), "respond_by": Ago(-1)}, later=True,
)  # fmt: skip
SCANNED = LATE.but(back=(Event("shipped", 4.5), Event("delivered", 3.4)))
OPENED = LATE.but(back=(Event("shipped", 2), Event("delivered", 0.5)))
DEAR = Story(
    order={"amount": "3200.00", "placed_at": Ago(13)},
    parcels=(Event("shipped", 11), Event("delivered", 8, {"received_by": "customer"})),
    refund={"reason_code": "other", "reason_text": "not good I think", "claims_received": True},
)
CODE = Story(order={"category": "gift_cards"}, parcels=(), refund=MISSING)
SHOWN = (Item("photo"), Item("video"))
UNANSWERED = Expected(
    tier=APPROVE, rules=("deadline_passed",), conditions=("merchant_consent",),
    action="ask_merchant", says=("the shop has not said whether it agrees",),
)  # fmt: skip
FREE = Expected(no_rules=("repeated_refunds",))


def disputed(*stages: str, amount: str = "259.00") -> Story:
    """A request while the customer's bank was asked for money of the order as well."""
    steps = tuple({"stage": stage, "occurred_at": Ago(3 - nth), "amount": amount}
                  for nth, stage in enumerate(stages))  # fmt: skip
    return PLAIN.but(disputes=steps)


def kept(times: int, outcome: Facts | None = None, who: str = "@own") -> Story:
    """A refund-only request for goods that came, after others of the same customer."""
    order = {**OWN, "customer_id": who}
    return Story(order=order, earlier=(Earlier(Story(order=order), outcome),) * (times - 1))


def packed(pieces: int, asked: str) -> Story:
    """Three pieces for 259, of which the warehouse's record says that so many went in."""
    record = {"packed_sku": "@sku", "packed_quantity": pieces}
    return Story(
        order={"quantity": 3, "sku": "@sku"},
        parcels=(Event("shipped", 5, record), Event("delivered", 3)),
        refund={"reason_code": "missing_item", "amount": asked},
    )


def aged(days: float) -> Story:
    """A faulty phone that was delivered so many days ago and goes back."""
    return Story(
        order={"category": "phones", "placed_at": Ago(days + 3)}, refund=RETURN,
        parcels=(Event("shipped", days + 2), Event("delivered", days)),
    )  # fmt: skip


def another_packed(**refund: object) -> Story:
    return Story(
        order={"sku": "@sku"}, refund={"reason_code": "wrong_item", **refund},
        parcels=(Event("shipped", 5, {"packed_sku": "@other"}), Event("delivered", 3)),
    )  # fmt: skip


def sent_twice(second: str) -> Story:
    """A parcel that was lost, and another one that something became of."""
    first = (Event("shipped", 4, {"tracking_no": "@1"}), Event("lost", 1, {"tracking_no": "@1"}))
    return Story(parcels=(*first, Event(second, 2, {"tracking_no": "@2"})), refund=MISSING)


PAIRS = (
    Pair("the bank is asked as well", PLAIN, disputed("opened"),
         Expected(no_rules=("payment_disputed",)),
         Expected(tier=PERSON, rules=("payment_disputed",), action="call",
                  no_offers=("partial_refund", "exchange", "repair", "resend", "voucher"),
                  says=("Your bank is looking at a payment", "您的银行"))),
    Pair("the bank was asked, and is no more", disputed("opened"),
         disputed("opened", "withdrawn"), Expected(tier=PERSON, rules=("payment_disputed",)),
         Expected(no_rules=("payment_disputed", "amount_check"))),
    Pair("the bank is asked for the other part", disputed("opened").but(
         refund={"amount": "100.00"}), disputed("opened", amount="159.00").but(
         refund={"amount": "100.00"}), Expected(tier=PERSON),
         Expected(no_rules=("payment_disputed",))),
    Pair("three found abusing on one card are asked about", RING.but(
         earlier=(Earlier(RING, HONEST),) * 3), RING.but(earlier=(Earlier(RING, FRAUD),) * 3),
         Expected(no_rules=("linked_findings",)),
         Expected(tier=ASK, rules=("linked_findings",), asks=("customer",)), model="doubting"),
    Pair("the fifth refund of goods kept in a month", kept(4), kept(5, who="@other"), FREE,
         Expected(at_least=ASK, rules=("repeated_refunds",))),
    Pair("the ninth refund of goods kept asks once", kept(9), kept(9).but(
         evidence=SHOWN, later=True),
         Expected(tier=ASK, rules=("repeated_refunds",), asks=("customer",)),
         Expected(tier=APPROVE), model="trusting"),
    Pair("refunds that were found honest do not repeat", kept(5, HONEST),
         kept(5, who="@other"), FREE, Expected(rules=("repeated_refunds",))),
    Pair("refunds that were withdrawn do not repeat", kept(5).but(
         earlier=(Earlier(Story(order=OWN, withdrawn=True)),) * 4), kept(5, who="@other"), FREE,
         Expected(rules=("repeated_refunds",))),
    Pair("a right knows no repetition", kept(5), kept(5).but(
         refund={**RETURN, "reason_code": "unwanted"}), Expected(at_least=ASK),
         Expected(tier=APPROVE, no_rules=("repeated_refunds",))),
    Pair("a dear article, little said, and an express no",
         DEAR.but(evidence=(Item("unanswered"),), later=True),
         DEAR.but(evidence=(Item("declined"),), later=True),
         Expected(tier=APPROVE, no_rules=("declined_vague",)),
         Expected(tier=PERSON, rules=("declined_vague",), action="call"), model="trusting"),
    Pair("an express no, and manners that say no more of it",
         DEAR.but(evidence=(Item("declined"),), later=True),
         DEAR.but(evidence=(Item("declined"),), later=True, refund={
             "reason_text": "不好，谢谢您，辛苦了，麻烦帮忙处理一下，祝您生活愉快"}),
         Expected(tier=PERSON), Expected(tier=PERSON, rules=("declined_vague",)), model="trusting"),
    Pair("an express no where the seller proves",
         DEAR.but(evidence=(Item("declined"),), later=True),
         DEAR.but(order={"category": "electronics"}, refund={"reason_code": "defective"},
                  evidence=(Item("declined"),), later=True), Expected(tier=PERSON),
         Expected(tier=APPROVE, no_rules=("declined_vague",)), model="trusting"),
    Pair("an express no that says what happened",
         DEAR.but(evidence=(Item("declined"),), later=True),
         DEAR.but(evidence=(Item("declined"),), later=True, refund={"reason_text": "The left "
                  "hinge broke off on 3 May when I opened the lid for the second time."}),
         Expected(tier=PERSON), Expected(tier=APPROVE), model="trusting"),
    Pair("a code that did not come is no parcel", Story(parcels=(), refund=MISSING), CODE,
         Expected(no_rules=("code_record",)),
         Expected(tier=ASK, asks=("merchant",), action="ask_merchant", rules=("code_record",),
                  no_conditions=("courier_record",), never_says=("courier", "parcel", "包裹")),
         model="trusting"),
    Pair("the record of a code is read by a person", CODE,
         CODE.but(evidence=(Item("document", "merchant"),), later=True), Expected(tier=ASK),
         Expected(tier=PERSON, says=("Read the shop's record of the code",)), model="trusting"),
    Pair("nobody looks at a download that comes back",
         Story(refund={**RETURN, "reason_code": "unwanted"}, order={"no_reason_return": False}),
         Story(order={"category": "e_books", "no_reason_return": False}, parcels=(),
               refund={**RETURN, "reason_code": "unwanted"}),
         Expected(lane="standard"), Expected(no_conditions=("inspect_on_return",))),
    Pair("no parcel is on record", Story(refund=MISSING), Story(parcels=(), refund=MISSING),
         Expected(says=("looking into the parcel with the courier",)),
         Expected(tier=APPROVE, action="ask_merchant", says=("No parcel is on record", "物流记录"),
                  never_says=("looking into the parcel",)), model="ordinary"),
    Pair("no parcel is on record, in doubt", Story(refund=MISSING),
         Story(parcels=(), refund=MISSING), Expected(asks=("courier",)),
         Expected(tier=ASK, asks=("merchant",)), model="doubting"),
    Pair("lost, and sent again", Story(parcels=LOST, refund=MISSING), sent_twice("shipped"),
         Expected(tier=APPROVE, action="pay"),
         Expected(no_rules=("courier_admits",), conditions=("courier_record",),
                  says=("still on its way",)), model="trusting"),
    Pair("the shop says that a scanned return never came", SCANNED,
         SCANNED.but(evidence=(Item("document", "merchant"),)),
         Expected(tier=APPROVE, rules=("return_unconfirmed",)),
         Expected(tier=PERSON, rules=("return_contested",), action="call",
                  never_says=("on its way back",))),
    Pair("as many pieces as were not packed", packed(2, "86.00"), packed(2, "259.00"),
         Expected(tier=APPROVE, rules=("packed_otherwise",)),
         Expected(no_rules=("packed_otherwise",), conditions=("merchant_consent",))),
    Pair("the wrong article, sent back or kept", another_packed(**RETURN), another_packed(),
         Expected(tier=APPROVE, no_conditions=("merchant_consent",)),
         Expected(tier=APPROVE, rules=("packed_otherwise",), conditions=("merchant_consent",),
                  action="ask_merchant")),
    Pair("the shop does not answer in time", PLAIN, PLAIN.but(refund={"respond_by": Ago(0.01)}),
         Expected(tier=APPROVE, conditions=("merchant_consent",)), UNANSWERED, model="trusting"),
    Pair("the courier does not answer in time", Story(refund=MISSING),
         Story(refund={**MISSING, "respond_by": Ago(0.01)}),
         Expected(never_says=("the deadline has passed",)),
         Expected(tier=APPROVE, action="ask_courier", says=("the deadline has passed",)),
         model="ordinary"),
    Pair("the shop hears of a copy, and need not agree", PLAIN,
         PLAIN.but(refund={"reason_code": "counterfeit"}), Expected(action="ask_merchant"),
         Expected(tier=APPROVE, action="pay", says=("Tell the shop what the customer says",)),
         model="trusting"),
    Pair("a voucher while the goods are there, none once they are back",
         LATE.but(refund={"reason_code": "not_as_described"}),
         OPENED.but(refund={"reason_code": "not_as_described"}, inspection="used"),
         Expected(), Expected(no_offers=("voucher",))),
    Pair("no part of the money for a part that is asked",
         Story(order={"quantity": 3}, refund={"reason_code": "missing_item"}),
         Story(order={"quantity": 3}, refund={"reason_code": "missing_item", "amount": "86.00"}),
         Expected(offers=("partial_refund",)),
         Expected(no_offers=("partial_refund",), offers=("resend",)), model="trusting"),
    Pair("fruit is sent again, not exchanged", PLAIN, Story(order={"category": "fruit"}),
         Expected(offers=("exchange",)), Expected(no_offers=("exchange",), offers=("resend",)),
         model="trusting"),
    Pair("who pays the postage of an exchange",
         PLAIN.but(refund={"type": "exchange", "reason_code": "unwanted"}),
         PLAIN.but(refund={"type": "exchange", "reason_code": "wrong_item"}),
         Expected(never_says=("postage is on us",)),
         Expected(says=("the postage is on us", "退货运费由我们承担")), model="trusting"),
    Pair("what was found is told of an exchange", PLAIN.but(refund={"type": "exchange"}),
         PLAIN.but(refund={"type": "exchange"}, outcome={"verdict": "merchant_fault"}),
         Expected(never_says=("at fault",)),
         Expected(tier=APPROVE, says=("the shop was at fault", "问题出在商家",
                  "the postage is on us", "another colleague")), model="trusting"),
    Pair("what was noted of a return is told", OPENED.but(inspection="as_sent"),
         OPENED.but(inspection="used", evidence=(Item("photo", "merchant"),)),
         Expected(never_says=("was noted",)),
         Expected(tier=PERSON, says=("the article came back with signs of use",
                                     "Nothing is decided yet", "有使用痕迹"),
                  never_says=("found",))),
    Pair("many pieces, all faulty and all kept", PLAIN,
         Story(order={"quantity": 60, "amount": "600.00"}), Expected(no_rules=("whole_basket",)),
         Expected(at_least=ASK, rules=("whole_basket",))),
    Pair("a few of many pieces", Story(order={"quantity": 60, "amount": "600.00"}),
         Story(order={"quantity": 60, "amount": "600.00"}, refund={"amount": "50.00"}),
         Expected(at_least=ASK), Expected(tier=APPROVE, no_rules=("whole_basket",)),
         model="trusting"),
    Pair("a fault after three years is the shop's to hear", aged(150), aged(1097),
         Expected(no_conditions=("merchant_consent",)),
         Expected(tier=APPROVE, conditions=("merchant_consent",), rules=("late_fault",),
                  action="ask_merchant", says=("more than a year", "已超过一年")),
         model="trusting"),
    Pair("nobody sends back what never came", Story(refund={**RETURN, "reason_code": "unwanted"}),
         Story(refund={**RETURN, **MISSING}), Expected(tier=APPROVE, says=("send the article",)),
         Expected(tier=APPROVE, lane="no_reason", action="ask_courier",
                  says=("there is nothing to send back", "无需寄回"))),
    Pair("what a courier sent is read", Story(refund=MISSING),
         Story(refund=MISSING, evidence=(Item("document", "courier"),), later=True),
         Expected(action="ask_courier"),
         Expected(tier=APPROVE, action="wait", says=("Read what the courier sent",)),
         model="ordinary"),
    Pair("nothing is offered for postage", PLAIN,
         PLAIN.but(refund={"amount": "12.00", "postage": "12.00", "reason_code": "other"}),
         Expected(conditions=("merchant_consent",)),
         Expected(tier=APPROVE, no_conditions=("merchant_consent",), action="pay",
                  no_offers=("voucher", "exchange", "partial_refund")), model="trusting"),
    Pair("nothing less is offered once a finding has paid", PLAIN,
         PLAIN.but(outcome={"verdict": "merchant_fault", "resolution": "partly_refunded",
                            "amount": "60.00"}), Expected(offers=("partial_refund",)),
         Expected(tier=APPROVE, no_offers=("partial_refund", "voucher", "exchange", "repair"),
                  says=("60.00 CNY is granted", "199.00 CNY is not granted")), model="trusting"),
    Pair("a parcel that came back empty is told as it is noted",
         OPENED.but(inspection="empty", refund={"reason_code": "missing_item"}),
         OPENED.but(inspection="empty"), Expected(tier=APPROVE, never_says=("was noted",)),
         Expected(tier=PERSON, says=("the parcel came back without the article",))),
)  # fmt: skip
