"""Pairs about what is said and asked where article, payment or return are not the usual ones."""

from __future__ import annotations

from tests.examination.expectations import APPROVE, ASK, PERSON, Expected, Pair
from tests.examination.stories import LOST, MOVING, Ago, Event, Facts, Item, Story

PLAIN = Story()
RETURN: Facts = {"type": "return_and_refund", "reason_code": "defective"}
UNWANTED: Facts = {"type": "return_and_refund", "reason_code": "unwanted"}
MISSING: Facts = {"reason_code": "not_received", "claims_received": False}
LATE = Story(
    order={"placed_at": Ago(22)},
    refund={**UNWANTED, "reason_code": "other"},
    parcels=(Event("shipped", 20), Event("delivered", 17, {"received_by": "customer"})),
)
ON_ITS_WAY = LATE.but(back=(Event("shipped", 3),))


def asks(**refund: object) -> Story:
    return PLAIN.but(refund=refund)


def article(category: str, **refund: object) -> Story:
    return Story(order={"category": category}, refund=refund)


def came_back(condition: str | None, **refund: object) -> Story:
    back = (Event("shipped", 3), Event("delivered", 0.5))
    return LATE.but(refund=refund, back=back, inspection=condition)


HANDLED = "those who handled your parcel"
PAYMENT = Expected(
    tier=ASK, asks=("merchant",), action="ask_merchant", no_offers=("exchange", "voucher"),
    says=("we look at the payment of this order", "核对这笔订单的付款"),
    never_says=(HANDLED, "charged too much", "多收"),
)  # fmt: skip
READ = Expected(tier=PERSON, says=("we look at the payment",), never_says=(HANDLED,))

PAIRS = (
    Pair("a second charge is looked up in the payment", asks(reason_code="missing_item"),
         asks(reason_code="double_charge"), Expected(never_says=("payment of this order",)),
         PAYMENT, model="trusting"),
    Pair("a price that fell is looked up in the payment",
         asks(type="resend", reason_code="other", amount="30.00"),
         asks(type="price_adjustment", reason_code="other", amount="30.00"),
         Expected(never_says=("payment of this order",)), PAYMENT, model="trusting"),
    Pair("the record of the payment is read by a person", asks(reason_code="double_charge"),
         asks(reason_code="double_charge").but(evidence=(Item("document", "merchant"),),
                                               later=True), PAYMENT, READ, model="trusting"),
    Pair("what is undetermined is no finding to be told",
         PLAIN.but(outcome={"verdict": "abuse"}), PLAIN.but(outcome={"verdict": "undetermined"}),
         Expected(says=("Tell the customer what was found",)),
         Expected(tier=PERSON, never_says=("what was found",)), model="condemning"),
    Pair("sour milk: the date of making, no film", article("apparel"), article("乳制品"),
         Expected(kinds=("photo", "video")),
         Expected(kinds=("photo",), says=("date of making",), no_offers=("repair",)),
         model="doubting"),
    Pair("a code: its use first, then a picture of the screen", article("apparel"),
         article("Gift Cards"), Expected(asks=("customer",)),
         Expected(asks=("merchant",), kinds=("document",), says=("whether it was used",),
                  no_offers=("repair",)), model="doubting"),
    Pair("a code, the second round", article("gift_cards"),
         article("gift_cards").but(evidence=(Item("document", "merchant"),), later=True),
         Expected(asks=("merchant",)),
         Expected(tier=PERSON, rules=("code_record",)), model="doubting"),
    Pair("a code whose shop is silent", article("gift_cards"),
         article("gift_cards").but(evidence=(Item("unanswered", "merchant"),), later=True),
         Expected(asks=("merchant",)),
         Expected(asks=("customer",), says=("a picture of the screen",)), model="doubting"),
    Pair("rotten fruit is not sent back", article("apparel", **RETURN), article("fruit", **RETURN),
         Expected(action="wait", says=("please send the article back", "The postage is on us")),
         Expected(tier=APPROVE, action="pay", says=("nothing to send back", "无需寄回"),
                  never_says=("send the article back", "postage")), model="doubting"),
    Pair("the right holds for what is not sent back", article("fruit", **RETURN),
         article("fruit", **RETURN), Expected(tier=APPROVE),
         Expected(tier=APPROVE, no_conditions=("inspect_on_return",)), model="condemning"),
    Pair("nobody repairs fruit", article("watches", type="repair"),
         article("水果", type="repair").but(order={"amount": "15.00"}),
         Expected(tier=APPROVE, says=("accepted the repair",)),
         Expected(tier=APPROVE, rules=("repair_replaced",), no_offers=("repair", "resend"),
                  says=("replaced and not repaired", "rather have your money back", "以换代修"),
                  never_says=("accepted the repair",), action="pay"),
         model="trusting"),
    Pair("after the answer a person settles what is not repaired", article("fruit", type="repair"),
         article("fruit", type="repair").but(evidence=(Item("chat"),), later=True),
         Expected(tier=ASK), Expected(tier=PERSON, action="call", says=("rather have",)),
         model="trusting"),
    Pair("fruit in exchange is sent anew", article("watches", type="exchange"),
         article("fruit", type="exchange"), Expected(says=("sending the article back",)),
         Expected(never_says=("sending the article back", "寄回"), says=("sending it again",)),
         model="trusting"),
    Pair("outside the right by its kind, not by the day", LATE.but(refund=UNWANTED),
         Story(order={"no_reason_return": False}, refund=UNWANTED),
         Expected(says=("beyond the right of return within 7 days",)),
         Expected(says=("Articles of this kind are outside the right",),
                  never_says=("within 7 days",), action="ask_merchant"), model="trusting"),
    Pair("excluded by law, not by the day", LATE.but(refund=UNWANTED),
         Story(order={"category": "fresh_food"}, refund=UNWANTED), Expected(),
         Expected(says=("Articles of this kind",), no_offers=("exchange",),
                  never_says=("within 7 days",)), model="trusting"),
    Pair("the postage of a fault is the shop's after the right too", LATE,
         LATE.but(refund={"reason_code": "defective"}),
         Expected(never_says=("postage is on us",)), Expected(says=("The postage is on us",)),
         model="trusting"),
    Pair("a return that the courier lost", ON_ITS_WAY,
         LATE.but(back=(Event("shipped", 9), Event("lost", 1))),
         Expected(action="wait", says=("on its way to us",)),
         Expected(tier=APPROVE, conditions=("courier_record",), action="ask_courier",
                  says=("was lost on its way to us", "丢失"),
                  never_says=("It is on its way to us", "has reached us")), model="trusting"),
    Pair("a return that comes back to the customer", ON_ITS_WAY,
         LATE.but(back=(Event("shipped", 9), Event("returned_to_sender", 1))),
         Expected(action="wait"),
         Expected(conditions=("courier_record",), action="ask_courier",
                  says=("coming back to you",), never_says=("has reached us",)),
         model="trusting"),
    Pair("what is lost and arrives after all", LATE.but(back=(Event("shipped", 9),
                                                             Event("lost", 4))),
         LATE.but(back=(Event("shipped", 9), Event("lost", 4), Event("delivered", 0.5))),
         Expected(conditions=("courier_record",)),
         Expected(no_conditions=("courier_record",), never_says=("lost",)), model="trusting"),
    Pair("an exchange whose article came back", asks(type="exchange", reason_code="other"),
         came_back("as_sent", type="exchange"), Expected(says=("your sending the article back",)),
         Expected(says=("Thank you for sending the article back", "nothing more you need to do"),
                  never_says=("your sending the article back",)), model="trusting"),
    Pair("a repair whose article came", asks(type="repair"), came_back(None, type="repair"),
         Expected(says=("please send the article to us",)),
         Expected(never_says=("please send the article",), says=("nothing more",)),
         model="trusting"),
    Pair("an exchange of what was lost is sent anew", asks(type="exchange"),
         Story(parcels=LOST, refund={**MISSING, "type": "exchange"}),
         Expected(says=("sending the article back",)),
         Expected(tier=APPROVE, says=("sending it again",),
                  never_says=("sending the article back",), action="pay"), model="trusting"),
    Pair("goods that are sent back all the same do not stay with the customer", PLAIN,
         PLAIN.but(back=(Event("shipped", 1),)),
         Expected(conditions=("merchant_consent",), says=("goods stay with you",)),
         Expected(no_conditions=("merchant_consent",), action="wait",
                  says=("on its way to us",), never_says=("stay with you",)), model="trusting"),
    Pair("nothing is kept or repaired of what never came",
         asks(reason_code="late"),
         Story(parcels=(Event("shipped", 9),), order={"placed_at": Ago(10)},
               refund={**MISSING, "reason_code": "late"}),
         Expected(offers=("partial_refund",)),
         Expected(no_offers=("partial_refund", "repair"), offers=("voucher",)), model="trusting"),
    Pair("a fault of what is said not to have come", asks(), asks(claims_received=False),
         Expected(offers=("repair",)), Expected(no_offers=("partial_refund", "repair")),
         model="trusting"),
    Pair("no part of an excess is offered", asks(), asks(amount="25900.00"),
         Expected(offers=("partial_refund",), never_says=("77.70 CNY",)),
         Expected(tier=PERSON, no_offers=("partial_refund", "exchange", "repair"),
                  never_says=("7770",)), model="trusting"),
    Pair("nothing is offered for an order nobody knows", PLAIN, PLAIN.but(unknown=True),
         Expected(offers=("partial_refund",)),
         Expected(tier=ASK, no_offers=("partial_refund", "exchange", "repair")),
         model="trusting"),
    Pair("what the inspection confirms is no wear", came_back("incomplete"),
         came_back("incomplete", reason_code="missing_item"),
         Expected(tier=ASK, asks=("merchant",), no_offers=("partial_refund",),
                  says=("nothing you need to do",), never_says=("as it came back",)),
         Expected(tier=APPROVE, rules=("claim_confirmed",), never_says=("as it came back",)),
         model="trusting"),
    Pair("a fault found of goods that are still to come back",
         LATE.but(refund={"reason_code": "defective"}),
         LATE.but(refund={"reason_code": "defective"}, outcome={"verdict": "merchant_fault"}),
         Expected(action="wait"),
         Expected(tier=APPROVE, action="wait",
                  says=("the shop was at fault", "Please send the article back", "问题出在商家"),
                  never_says=("on its way back to you",)), model="trusting"),
    Pair("what was granted is paid, not what was asked", PLAIN,
         PLAIN.but(outcome={"verdict": "legitimate", "resolution": "partly_refunded",
                            "amount": "100.00"}),
         Expected(), Expected(action="pay", says=("Settle it as was found", "100.00 CNY"),
                              never_says=("as asked",)), model="trusting"),
    Pair("a standing in Chinese", Story(order={"amount": "400.00"}),
         Story(order={"amount": "400.00", "customer_tier": "钻石会员"}), Expected(at_least=ASK),
         Expected(tier=APPROVE, rules=("good_customer",)), model="doubting"),
    Pair("what decides the claim comes before its compensation",
         asks(reason_code="counterfeit"),
         asks(reason_code="counterfeit", amount="1036.00", compensation="777.00"),
         Expected(never_says=("compensation",)),
         Expected(tier=PERSON, action="ask_merchant", says=("batch code", "asked beyond it"),
                  never_says=("postage",)),
         model="trusting"),
    Pair("a fault of what no courier delivered is odd", PLAIN, Story(parcels=MOVING),
         Expected(), Expected(warns=("no_delivery_on_record",)), model="trusting"),
    Pair("a shop's photo of before the order shows nothing of it",
         article("apparel", reason_code="wrong_item").but(
             evidence=(Item("video", "merchant"), Item("photo")), later=True),
         article("apparel", reason_code="wrong_item").but(
             evidence=(Item("video", "merchant", {"captured_at": Ago(90)}),), later=True),
         Expected(), Expected(asks=("customer",)), model="doubting"),
)  # fmt: skip
"""Cases in which something false was said or asked for once."""
