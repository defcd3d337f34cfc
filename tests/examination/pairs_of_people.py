"""Pairs about what was found of people, lists, standing, mood, size and deadlines."""

from __future__ import annotations

from tests.examination.expectations import APPROVE, ASK, PERSON, Expected, Pair
from tests.examination.stories import FRAUD, HONEST, Ago, Earlier, Facts, Story

PLAIN = Story()
OWN: Facts = {"customer_id": "@own"}
ALLOW: Facts = {"list": "allow", "cause": "a friend of the house"}
BLOCK: Facts = {"list": "block", "cause": "empty box, confirmed in March"}
GONE = {"reason_code": "not_received", "claims_received": False, "reason_text": None}
LANE = ("small_amount", "good_customer", "allow_list")
LEFT = Expected(at_least=ASK, no_rules=LANE)
ANGRY = "THIS IS A SCANDAL!!! I am furious, the zip broke on the first day! REFUND NOW!"


def known(outcome: Facts, times: int, **order: object) -> Story:
    """A case of somebody whose earlier cases were looked into."""
    own = Story(order={**OWN, "amount": "30.00"})
    return Story(order={**OWN, **order}, earlier=(Earlier(own, outcome),) * times)


SAME: Facts = {"device_id": "@device", "shipping_address": "@street 1"}
LISTED = known(FRAUD, 1, **SAME).but(
    earlier=(Earlier(Story(order={**OWN, **SAME, "amount": "30.00"}), FRAUD),)
)


def of(**order: object) -> Story:
    return Story(order=order)


UNFOUND: Facts = {"verdict": "undetermined", "resolution": "refused"}
FREE = Expected(no_rules=("own_findings",))

PAIRS = (
    Pair("three findings of one's own", known(FRAUD, 2), known(FRAUD, 3), FREE,
         Expected(tier=PERSON, rules=("own_findings",), action="call")),
    Pair("findings of honesty need nobody", PLAIN, known(HONEST, 3), Expected(tier=APPROVE),
         Expected(tier=APPROVE), model="trusting", same=True),
    Pair("three times honest, or three times not", known(HONEST, 3), known(FRAUD, 3), FREE,
         Expected(tier=PERSON, rules=("own_findings",))),
    Pair("a few findings against somebody whose word mostly held", known(FRAUD, 3),
         known(FRAUD, 3).but(earlier=(*known(FRAUD, 3).earlier, *known(HONEST, 30).earlier)),
         Expected(tier=PERSON, rules=("own_findings",)),
         Expected(tier=APPROVE, no_rules=("own_findings",)), model="trusting"),
    Pair("found honest", PLAIN, PLAIN.but(outcome=HONEST), Expected(at_least=PERSON),
         Expected(tier=APPROVE, rules=("honest_found",), action="pay"), model="condemning"),
    Pair("the shop's fault was found", PLAIN, PLAIN.but(outcome={"verdict": "merchant_fault"}),
         Expected(at_least=PERSON), Expected(tier=APPROVE, rules=("fault_found",), action="pay"),
         model="condemning"),
    Pair("the courier's fault was found", PLAIN, PLAIN.but(outcome={"verdict": "courier_fault"}),
         Expected(at_least=ASK), Expected(tier=APPROVE, rules=("fault_found",), action="pay"),
         model="doubting"),
    Pair("found abusive", PLAIN, PLAIN.but(outcome=FRAUD), Expected(tier=APPROVE),
         Expected(tier=PERSON, rules=("abuse_found",), action="call"), model="trusting"),
    Pair("what was found, what is paid, and how to appeal", PLAIN, PLAIN.but(outcome=FRAUD),
         Expected(never_says=("what was found differs",)),
         Expected(says=("what was found does not show", "is not granted",
                        "you may appeal at any time", "within 24 hours", "未获同意",
                        "another colleague, who has not seen it before", "申诉"),
                  never_says=("on its way back", "accepted", "while you keep it"),
                  no_offers=("partial_refund", "repair", "exchange")), model="trusting"),
    Pair("a part was paid after a finding", PLAIN.but(outcome={"verdict": "abuse"}),
         PLAIN.but(outcome={"verdict": "abuse", "resolution": "partly_refunded",
                            "amount": "59.00"}),
         Expected(says=("is not granted, and nothing is paid", "未获同意，不支付款项")),
         Expected(says=("59.00 CNY is granted", "is not granted"))),
    Pair("the shop was at fault, and it is said", PLAIN, PLAIN.but(outcome={
         "verdict": "merchant_fault"}), Expected(never_says=("at fault",)),
         Expected(says=("the shop was at fault: 259.00 CNY is on its way back", "问题出在商家"))),
    Pair("honest, or abusive", PLAIN.but(outcome=HONEST), PLAIN.but(outcome=FRAUD),
         Expected(tier=APPROVE), Expected(tier=PERSON)),
    Pair("what a person refused without a finding is not paid by a score",
         PLAIN.but(outcome={"verdict": "undetermined"}), PLAIN.but(outcome=UNFOUND),
         Expected(tier=APPROVE, no_rules=("refused_unfound",)),
         Expected(tier=PERSON, rules=("refused_unfound",), action="wait",
                  says=("could not establish what happened", "is not granted", "尚未核实清楚",
                        "未获同意"),
                  never_says=("on its way back", "accepted", "while you keep it", "personally")),
         model="trusting"),
    Pair("undetermined decides nothing", PLAIN,
         PLAIN.but(outcome={"verdict": "undetermined"}), Expected(tier=APPROVE),
         Expected(tier=APPROVE, no_rules=("abuse_found", "honest_found", "fault_found")),
         model="trusting"),
    Pair("a block entry asks, is told and can be appealed", LISTED,
         LISTED.but(listing=BLOCK), Expected(tier=APPROVE),
         Expected(tier=ASK, rules=("block_list",),
                  says=("an entry on your account", "another colleague", "申诉")),
         model="trusting"),
    Pair("a block entry without a finding bears on no refund", LISTED.but(listing=BLOCK),
         PLAIN.but(listing={"list": "block", "cause": "客户很烦"}), Expected(tier=ASK),
         Expected(tier=APPROVE, no_rules=("block_list",), never_says=("entry on your account",)),
         model="trusting"),
    Pair("three findings of audits that nobody was heard on, or three of one's own",
         known({**FRAUD, "selected_by": "random_audit"}, 3), known(FRAUD, 3),
         Expected(no_rules=("own_findings",)),
         Expected(tier=PERSON, rules=("own_findings",)), model="trusting"),
    Pair("an allow entry pays", PLAIN, PLAIN.but(listing=ALLOW), Expected(tier=ASK),
         Expected(tier=APPROVE, rules=("allow_list",)), model="doubting"),
    Pair("an allow entry ends with a finding", PLAIN.but(listing=ALLOW),
         known(FRAUD, 1).but(listing=ALLOW), Expected(tier=APPROVE), LEFT, model="doubting"),
    Pair("a small amount", of(amount="300.00"), of(amount="15.00"), Expected(at_least=ASK),
         Expected(tier=APPROVE, no_rules=("small_amount",)), model="doubting"),
    Pair("a small amount beside a finding", of(amount="15.00"), known(FRAUD, 1, amount="15.00"),
         Expected(tier=APPROVE), LEFT, model="suspecting"),
    Pair("good standing", of(amount="400.00"), of(amount="400.00", customer_tier="vip"),
         Expected(at_least=ASK), Expected(tier=APPROVE, rules=("good_customer",)),
         model="doubting"),
    Pair("good standing and a large amount", of(amount="400.00", customer_tier="vip"),
         of(amount="600.00", customer_tier="vip"), Expected(tier=APPROVE), LEFT, model="doubting"),
    Pair("a good standing ends with a finding", of(amount="400.00", customer_tier="vip"),
         known(FRAUD, 1, amount="400.00", customer_tier="vip"), Expected(tier=APPROVE), LEFT,
         model="doubting"),
    Pair("live and large, where a question is due", of(channel="live", amount="400.00"),
         of(channel="live", amount="600.00"), Expected(tier=ASK),
         Expected(tier=PERSON, rules=("person_first",)), model="doubting"),
    Pair("live and large is no suspicion", of(channel="shop", amount="600.00"),
         of(channel="live", amount="600.00"), Expected(tier=APPROVE), Expected(tier=APPROVE),
         model="trusting", same=True),
    Pair("a large amount, where a question is due", of(amount="6900.00"), of(amount="7100.00"),
         Expected(tier=ASK), Expected(tier=PERSON, rules=("person_first",)), model="doubting"),
    Pair("anger is no suspicion", PLAIN, PLAIN.but(refund={"reason_text": ANGRY}),
         Expected(tier=APPROVE), Expected(tier=APPROVE), model="trusting", same=True),
    Pair("anger, where a question is due", PLAIN, PLAIN.but(refund={"reason_text": ANGRY}),
         Expected(tier=ASK), Expected(tier=PERSON, rules=("person_first",)), model="doubting"),
    Pair("a deadline that has passed", PLAIN.but(refund={"respond_by": Ago(-1)}),
         PLAIN.but(refund={"respond_by": Ago(0.01), "requested_at": Ago(3)}, later=True,
                   evidence=()),
         Expected(no_rules=("deadline_passed",)), Expected(rules=("deadline_passed",)),
         model="doubting"),
    Pair("a deadline is no question", PLAIN, PLAIN.but(refund={"respond_by": Ago(-0.1)}),
         Expected(tier=APPROVE), Expected(tier=APPROVE), model="trusting"),
    Pair("a new account is no suspicion", of(account_created_at=Ago(900)),
         of(account_created_at=Ago(6.5)), Expected(tier=APPROVE), Expected(tier=APPROVE),
         model="trusting", same=True),
    Pair("it goes by the stake, not by one amount",
         Story(order={"amount": "15.00", **OWN}, refund=GONE),
         Story(order={"amount": "15.00", **OWN}, refund=GONE,
               earlier=(Earlier(Story(order={"amount": "15.00", **OWN})),) * 3),
         Expected(tier=APPROVE, rules=("small_amount",)), Expected(no_rules=("small_amount",)),
         model="doubting"),
)  # fmt: skip
