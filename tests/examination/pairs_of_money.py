"""Pairs about what is asked, what was paid, and what is left of it."""

from __future__ import annotations

from tests.examination.expectations import APPROVE, ASK, PERSON, Expected, Pair
from tests.examination.stories import LOST, SAME_ORDER, Ago, Earlier, Facts, Story, paid_back

PLAIN = Story()
BOUNDED = Expected(no_rules=("amount_check",), no_conditions=("amount_check",))
EXCESS = Expected(
    tier=PERSON, rules=("amount_check",), conditions=("amount_check",), action="call",
    says=("not the same amount", "金额不一致"), never_says=("on its way back",),
)  # fmt: skip
ELSEWHERE = Expected(
    tier=PERSON, rules=("other_open_request",), conditions=("amount_check",), action="call",
    says=("the one that shall stand", "保留哪一个"), never_says=("on its way back", "金额不一致"),
)  # fmt: skip
MISSING = {"reason_code": "not_received", "claims_received": False}
GONE = Story(parcels=LOST, refund=MISSING)
SECOND = Story(order=SAME_ORDER)
PAID = Expected(tier=APPROVE, action="pay", no_conditions=("amount_check", "courier_record"))
RETURN = {"type": "return_and_refund", "reason_code": "unwanted"}
IN_RIGHT = Story(order={"no_reason_return": True}, refund=RETURN)
ON_RECORD = Expected(no_rules=("order_record",), no_conditions=("order_record",))
OFF_RECORD = Expected(
    at_least=ASK, rules=("order_record",), conditions=("order_record",), action="ask_merchant"
)


def after(amount: str, outcome: Facts | None = None, **request: object) -> Story:
    """A second request for an order of which another request asked an amount."""
    first = Story(order=SAME_ORDER, refund={"amount": amount, **request})
    return SECOND.but(earlier=(Earlier(first, outcome),))


PAIRS = (
    Pair("a hundredfold is asked", PLAIN, PLAIN.but(refund={"amount": "25900.00"}), BOUNDED,
         EXCESS),
    Pair("a hundredfold of a lost parcel", GONE, GONE.but(refund={"amount": "25900.00"}), PAID,
         EXCESS),
    Pair("a rounding unit is no excess", PLAIN.but(refund={"amount": "259.01"}),
         PLAIN.but(refund={"amount": "259.02"}), BOUNDED, EXCESS),
    Pair("another request asked for it all", SECOND, after("259.00"), BOUNDED,
         ELSEWHERE),
    Pair("another request asked for a part", after("100.00").but(refund={"amount": "159.00"}),
         after("100.00").but(refund={"amount": "160.00"}), BOUNDED, ELSEWHERE),
    Pair("it was paid back before", after("259.00", {"verdict": "undetermined",
         "resolution": "refused"}), after("259.00", paid_back("259.00")), BOUNDED, EXCESS),
    Pair("a part was paid back before", after("259.00", paid_back("59.00")).but(
         refund={"amount": "200.00"}), after("259.00", paid_back("60.00")).but(
         refund={"amount": "200.00"}), BOUNDED, EXCESS),
    Pair("a lost parcel that was paid", GONE.but(order=SAME_ORDER),
         after("259.00", paid_back("259.00"), **MISSING).but(parcels=LOST, refund=MISSING), PAID,
         EXCESS),
    Pair("sent again after it was paid", GONE.but(refund={"type": "resend", "amount": "0"}),
         after("259.00", paid_back("259.00")).but(
             parcels=LOST, refund={**MISSING, "type": "resend", "amount": "0"}),
         Expected(tier=APPROVE), EXCESS),
    Pair("a repair uses nothing up", after("259.00", type="repair"), after("259.00"), BOUNDED,
         ELSEWHERE),
    Pair("the other request was withdrawn",
         SECOND.but(earlier=(Earlier(Story(order=SAME_ORDER, withdrawn=True)),)),
         after("259.00"), BOUNDED, ELSEWHERE),
    Pair("a payment dispute was lost",
         PLAIN.but(disputes=({"stage": "won", "occurred_at": Ago(1), "amount": "259.00"},)),
         PLAIN.but(disputes=({"stage": "lost", "occurred_at": Ago(1), "amount": "259.00"},)),
         BOUNDED, EXCESS),
    Pair("a payment dispute took a part",
         PLAIN.but(refund={"amount": "159.00"},
                   disputes=({"stage": "lost", "occurred_at": Ago(1), "amount": "100.00"},)),
         PLAIN.but(refund={"amount": "159.02"},
                   disputes=({"stage": "lost", "occurred_at": Ago(1), "amount": "100.00"},)),
         BOUNDED, EXCESS),
    Pair("one line of two is asked for", PLAIN.but(lines=({"amount": "41.00"},),
         refund={"line_id": "1", "amount": "259.00"}), PLAIN.but(lines=({"amount": "41.00"},),
         refund={"line_id": "1", "amount": "300.00"}), BOUNDED, EXCESS),
    Pair("the whole order is asked for", PLAIN.but(lines=({"amount": "41.00"},),
         refund={"amount": "300.00"}), PLAIN.but(lines=({"amount": "41.00"},),
         refund={"amount": "300.02"}), BOUNDED, EXCESS),
    Pair("more than was paid inside a right", IN_RIGHT, IN_RIGHT.but(refund={"amount": "300.00"}),
         Expected(tier=APPROVE, lane="no_reason"), EXCESS),
    Pair("more than was paid after a fault was found",
         PLAIN.but(outcome={"verdict": "merchant_fault"}),
         PLAIN.but(outcome={"verdict": "merchant_fault"}, refund={"amount": "300.00"}),
         Expected(tier=APPROVE, no_conditions=("amount_check",)), EXCESS),
    Pair("more than was paid of a small order", PLAIN.but(order={"amount": "15.00"}),
         PLAIN.but(order={"amount": "15.00"}, refund={"amount": "18.00"}), BOUNDED, EXCESS),
    Pair("more than was paid from the allow list",
         PLAIN.but(listing={"list": "allow", "cause": "the shop's own staff"}),
         PLAIN.but(listing={"list": "allow", "cause": "the shop's own staff"},
                   refund={"amount": "300.00"}),
         Expected(tier=APPROVE), EXCESS),
    Pair("postage is no price of goods",
         PLAIN.but(refund={"amount": "271.00", "postage": "12.00"}),
         PLAIN.but(refund={"amount": "271.00"}), BOUNDED, EXCESS),
    Pair("a large compensation", PLAIN.but(refund={"amount": "349.00", "compensation": "90.00"}),
         PLAIN.but(refund={"amount": "777.00", "compensation": "518.00"}),
         Expected(no_rules=("postage_and_compensation", "amount_check")),
         Expected(tier=PERSON, rules=("postage_and_compensation",),
                  no_conditions=("amount_check",))),
    Pair("nobody knows the order", PLAIN, PLAIN.but(unknown=True, parcels=()), ON_RECORD,
         Expected(at_least=ASK, conditions=("order_record",), action="ask_merchant",
                  warns=("order_unknown",), never_says=("on its way back",),
                  no_reasons=("this customer", "该客户"))),
    Pair("a small unknown order is asked for, a person takes a large one",
         PLAIN.but(unknown=True, parcels=(), refund={"amount": "400.00"}),
         PLAIN.but(unknown=True, parcels=(), refund={"amount": "600.00"}),
         Expected(tier=ASK, asks=("merchant",)),
         Expected(tier=PERSON, conditions=("order_record",)), model="trusting"),
    Pair("the order has no such line", PLAIN.but(refund={"line_id": "1"}),
         PLAIN.but(refund={"line_id": "7", "amount": "259.00"}), ON_RECORD,
         Expected(at_least=ASK, conditions=("order_record",), warns=("line_unknown",))),
    Pair("a line in another currency",
         PLAIN.but(lines=({"amount": "20.00"},), refund={"line_id": "2", "amount": "20.00"}),
         PLAIN.but(lines=({"amount": "20.00", "currency": "USD"},),
                   refund={"line_id": "2", "amount": "20.00"}),
         ON_RECORD, OFF_RECORD),
)  # fmt: skip
