"""Every sentence of a policy can be told, and says what holds of the case it is told in."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from risk.decisions import data_warnings
from risk.decisions.data_warnings import data_warnings as warnings_of
from risk.features.order_money import OrderMoney
from risk.policy import Listing, Ruling, Situation, decide
from risk.policy.next_step import next_step
from risk.policy.next_step_sentences import TEXTS
from tests.risk.policy_cases import CONDITIONS, DAY, HOUR, NOW, POLICY, case, yuan

RETURN = {"type": "return_and_refund", "reason_code": "defective", "no_reason_return": False}
LATE = {"delivered_at": NOW - 20 * DAY, "placed_at": NOW - 25 * DAY}
BACK = {**RETURN, **LATE, "stage": "return", "return_arrived": True}
GONE = {"reason_code": "not_received", "claims_received": False}
UNWANTED = {"type": "return_and_refund", "reason_code": "unwanted"}
SCANNED = {**BACK, "return_arrived_at": NOW - HOUR}
LIGHT = {"sent_weight_g": 900.0, "return_weight_g": 50.0}
EXCESS = OrderMoney(yuan(80), yuan(199), 0, 0, "CNY")
DISPUTED = OrderMoney(yuan(199), yuan(199), 0, 0, "CNY", disputed=yuan(199))
TWICE = OrderMoney(yuan(199), yuan(199), yuan(199), 0, "CNY")
EXTRAS = OrderMoney(yuan(99), yuan(9), 0, 0, "CNY", extras=yuan(200))
BLOCKED = Listing("block", "bricks", "chen", NOW + 90 * DAY, "prepayment")
ALLOWED = Listing("allow", "wrongly accused", "chen", NOW + 90 * DAY)
ENTRIES = ("listed_evidence", "listed_prepayment")
AFTERWARDS = ("told_unwanted", "told_fault", "own_postage", "repair_replaced")
"""Words that follow another message."""
UNKNOWN = OrderMoney(None, yuan(199), 0, 0, "CNY")

CANCELLED = {**GONE, "reason_code": "late", "probability": 0.005, "placed_at": NOW - 30 * DAY}
TOLD: Mapping[str, dict[str, Any]] = {
    "refund": {**GONE, "courier": "lost"},
    "return": {**UNWANTED, "reason_code": "other", "no_reason_return": False, **LATE},
    "return_fault": {**RETURN, "delivered_at": NOW - DAY},
    "returned": {**BACK, "stage": "inspection", "inspections": ("as_sent",)},
    "returning": {**BACK, "return_arrived": False},
    "return_scanned": SCANNED,
    "return_receipt": {**BACK, "return_arrived_at": NOW - 50 * HOUR},
    "not_shipped": {**GONE, "courier": "not_shipped"},
    "in_transit": {**GONE, "courier": "moving"},
    "consent_fitter": {"claims_received": True, "told_of": ("fitter",)},
    "return_minor": {
        **UNWANTED,
        "category": "game_top_up",
        "told_minor": True,
        "placed_at": NOW - 2 * DAY,
    },
    "sent_free": {"reason_code": "missing_item", "amount": 0.0},
    "return_collected": {**UNWANTED, "category": "sofas", "placed_at": NOW - 2 * DAY},
    "found_collected": {**RETURN, **LATE, "category": "sofas", "verdict": "merchant_fault"},
    "exchange_collected": {"type": "exchange", "category": "sofas"},
    "repair_collected": {"type": "repair", "category": "fridges"},
    "refused": {"told_of": ("refused",), "courier": "moving"},
    "own_address": {**GONE, "told_of": ("address",), "courier": "delivered"},
    "refund_still": {**GONE, "courier": "still"},
    "part_on_way": {
        "reason_code": "missing_item",
        "claims_received": True,
        "other_parcel": "moving",
        "money": OrderMoney(yuan(900), yuan(199), 0, 0, "CNY"),
    },
    "part_lost": {**GONE, "reason_code": "late", "other_parcel": "lost", "delivered_at": NOW - DAY},
    "withdrawn": {"withdrawn": True},
    "exchange": {"type": "exchange", "reason_code": "unwanted"},
    "repair": {"type": "repair", "reason_code": "other"},
    "resend": {"type": "resend"},
    "consent": {"claims_received": True},
    "goodwill": {**UNWANTED, "no_reason_return": False, **LATE},
    "exchange_goodwill": {**UNWANTED, **LATE, "type": "exchange"},
    "consent_code": {"reason_code": "unwanted", "category": "game_keys"},
    "consent_service": {"reason_code": "unwanted", "category": "hotel"},
    "service_record": {"reason_code": "not_received", "category": "cleaning", "amount": 900.0},
    "return_service": {
        "type": "return_and_refund",
        "reason_code": "not_received",
        "category": "cleaning",
        "evidence": (("unanswered", "merchant"),),
    },
    "consent_deposit": {
        "reason_code": "unwanted",
        "claims_received": False,
        "courier": "not_shipped",
        "category": "定金",
    },
    "consent_made": {
        "reason_code": "unwanted",
        "claims_received": False,
        "courier": "not_shipped",
        "category": "custom_made",
    },
    "goodwill_part": {
        **UNWANTED,
        "delivered_at": NOW - DAY,
        "placed_at": NOW - 5 * DAY,
        "lines": (("apparel", None), ("fruit", None)),
    },
    "goodwill_kind": {**UNWANTED, "no_reason_return": False, "placed_at": NOW - 3 * DAY},
    "kept": {**RETURN, "delivered_at": NOW - DAY, "category": "Fruit"},
    "payment": {"reason_code": "double_charge"},
    "exchange_sent": {**BACK, "type": "exchange"},
    "repair_sent": {**BACK, "type": "repair"},
    "return_lost": {**BACK, "return_arrived": False, "return_astray": "lost"},
    "return_came_back": {
        **BACK,
        "return_arrived": False,
        "return_astray": "returned_to_sender",
    },
    "record": {**GONE, "courier": "delivered", "delivered_at": NOW - DAY},
    "ask_customer": {"probability": 0.4, "amount": 900.0},
    "ask_others": {**GONE, "probability": 0.4, "amount": 900.0, "courier": "delivered"},
    "person": {"probability": 0.99, "amount": 900.0},
    "person_returned": {**BACK, "probability": 0.99, "amount": 9000.0},
    "amount_check": {"money": EXCESS},
    "order_record": {"money": UNKNOWN},
    "open_request": {"money": TWICE},
    "returned_light": {**SCANNED, **LIGHT},
    "found": {"verdict": "fraud", "paid_back": yuan(10)},
    "found_refused": {"verdict": "fraud"},
    "found_partly": {"verdict": "legitimate", "resolution": "refunded", "paid_back": yuan(10)},
    "found_refused_honest": {"verdict": "legitimate", "resolution": "refused"},
    "found_exchanged": {"verdict": "courier_fault", "resolution": "exchanged"},
    "found_withdrawn": {"verdict": "abuse", "resolution": "withdrawn"},
    "paid_partly": {"verdict": None, "paid_back": yuan(10)},
    "found_for": {"verdict": "merchant_fault"},
    "found_return": {**RETURN, **LATE, "verdict": "merchant_fault"},
    "person_inspected": {**BACK, "stage": "inspection", "inspections": ("used",)},
    "return_shown": {
        **BACK,
        "stage": "inspection",
        "inspections": ("used",),
        "inspected_by": ("merchant",),
        "inspected_at": NOW,
    },
    "payment_disputed": {"money": DISPUTED},
    "record_unsent": GONE,
    "cancelled_late": CANCELLED,
    "return_never_came": {
        **RETURN,
        **GONE,
        "no_reason_return": None,
        "placed_at": NOW - 5 * DAY,
        "delivered_at": NOW - DAY,
    },
    "consent_late": {**RETURN, "delivered_at": NOW - 500 * DAY, "placed_at": NOW - 510 * DAY},
    "person_unsafe": {"unsafe": True},
    "code_record": {**GONE, "category": "gift_cards"},
    "record_read": {
        **GONE,
        "courier": "delivered",
        "delivered_at": NOW - DAY,
        "evidence": (("document", "courier"),),
    },
    "shop_read": {
        "reason_code": "missing_item",
        "claims_received": True,
        "evidence": (("video", "merchant"),),
    },
    "return_read": {
        **BACK,
        "return_arrived_at": NOW - 50 * HOUR,
        "evidence": (("document", "courier"),),
    },
    "shop_declined": {"claims_received": True, "evidence": (("declined", "merchant"),)},
    "shop_declined_return": {
        "claims_received": True,
        "placed_at": NOW - 9 * DAY,
        "delivered_at": NOW - DAY,
        "evidence": (("declined", "merchant"),),
    },
    "goodwill_moving": {
        **UNWANTED,
        "courier": "moving",
        "category": "fruit",
        "placed_at": NOW - 2 * DAY,
    },
    "return_code": {**UNWANTED, "category": "gift_cards", "placed_at": NOW - 2 * DAY},
    "consent_return": {
        "claims_received": True,
        "placed_at": NOW - 9 * DAY,
        "delivered_at": NOW - DAY,
    },
    "exchange_unsent": {
        "type": "exchange",
        "reason_code": "unwanted",
        "claims_received": False,
        "courier": "not_shipped",
    },
    "exchange_unshipped": {
        "type": "exchange",
        "reason_code": "late",
        "category": "话费充值",
        "evidence": (("unanswered", "merchant"),),
    },
    "already_paid": {"verdict": None, "paid_back": yuan(199)},
    "refused_unfound": {"verdict": "undetermined", "refused_unfound": True},
    "no_amount": {**GONE, "courier": "lost", "amount": 0.0},
    "exchange_fault": {"type": "exchange"},
    "repair_fault": {"type": "repair"},
    "found_exchange": {"type": "exchange", "verdict": "merchant_fault"},
    "found_repair": {"type": "repair", "verdict": "merchant_fault"},
    "found_resend": {"type": "resend", "verdict": "merchant_fault"},
    "return_change_of_mind": {**UNWANTED, "delivered_at": NOW - DAY, "placed_at": NOW - 5 * DAY},
}
"""By message, a case in which it is told. `price` is told under policies that look at no payment
before a price is adjusted."""
GENERAL = {"return_change_of_mind": "return"}
"""A message that is another one with one of its sentences."""
PAID_ON_SENDING = (
    "returning_paid",
    "return_paid",
    "return_fault_paid",
    "return_change_of_mind_paid",
    "return_collected_paid",
)
"""Told under another market's law."""


def of(about: Mapping[str, Any]) -> tuple[Situation, Ruling]:
    known = {"probability": 0.05, "amount": 199.0, **about}
    made = case(known.pop("probability"), known.pop("amount"), **known)
    return made, decide(POLICY, made)


def fits(key: str, said: str, language: str) -> bool:
    """Whether a message is the one of a key, whatever fills its braces; where it names no
    alternatives, without the sentence about them."""
    whole = POLICY.phrases[key][language]
    if "for example" not in said and "例如" not in said:
        whole = re.sub(r"(?<=[.。}])\s*[^.。{}]*\{options\}[^.。]*[.。]", "", whole)
    pieces = re.split(r"\{\w+\}", whole)
    return re.fullmatch(".*?".join(map(re.escape, pieces)), said, re.DOTALL) is not None


@pytest.mark.parametrize("key", sorted(TOLD))
def test_a_message_is_told_where_it_holds(key: str) -> None:
    _, ruling = of(TOLD[key])
    for language in ("en", "zh"):
        said = ruling.customer_message[language]
        assert fits(key, said, language), said
        others = set(TOLD) - {key, GENERAL.get(key)}
        assert not any(fits(other, said, language) for other in others)


def test_every_message_is_told() -> None:
    assert set(TOLD) | {*PAID_ON_SENDING, "price", *ENTRIES, *AFTERWARDS} == set(POLICY.phrases)


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_that_bears_on_the_request_is_told_after_its_message(key: str) -> None:
    asks: Any = key.removeprefix("listed_")
    entry = Listing("block", "bricks", "chen", NOW + 90 * DAY, asks)
    listed = {**TOLD["refund"], "listings": (entry,)}
    message = of(TOLD["refund"])[1].customer_message
    assert of({**listed, "live_findings": 0})[1].customer_message == message
    with_finding = {**LATE, "amount": 140.0, "listings": (entry,), "live_findings": 1}
    said = of(with_finding)[1].customer_message
    assert "Until 8 Jun 2026 12:00 (UTC+08:00) an entry on your account" in said["en"]
    assert said["zh"].endswith(POLICY.phrases[key]["zh"].split("{until}")[1])


@pytest.mark.parametrize("key", sorted(TOLD))
def test_a_message_holds_to_the_facts(key: str) -> None:
    known, ruling = of(TOLD[key])
    said = ruling.customer_message["en"]
    if "you hear from us by" in said or "you hear from them by" in said:
        assert "12 Mar 2026 12:00 (UTC+08:00)" in said
    if "has reached us" in said:
        assert known.inspections
    if "on its way back to you" in said or "our refund follows" in said:
        assert known.amount
        assert known.type in ("refund_only", "return_and_refund")
    if "on its way back to you" in said:
        assert ruling.tier == "approve"
        assert not ruling.conditions
    if "please send the article back" in said:
        assert known.type == "return_and_refund"
        assert known.courier not in ("lost", "not_shipped", "returned_to_sender")
    if "the courier" in said and "asking" in said:
        assert "courier_record" in ruling.conditions
    asked = [one for one in ruling.required_evidence if one.source == "customer"]
    assert bool(asked) is ("may we ask you for" in said)
    if "nothing you need to do" in said:
        assert not asked


def sample(seed: int) -> tuple[Situation, Ruling]:
    """A case at random, with what makes rules apply, and its ruling."""
    chance = random.Random(seed)
    about = dict(chance.choice(tuple(TOLD.values())))
    more: dict[str, tuple[Any, ...]] = {
        "probability": (0.05, 0.4, 0.99), "amount": (0.0, 9.0, 199.0, 900.0, 9_000.0),
        "inspections": ((), (), *((one,) for one in CONDITIONS)),
        "abuse_findings": (0, 0, 3), "linked_fraud": (0, 3, 3), "doubtful_pictures": (0, 1),
        "reason_code": ("defective", "wrong_item", "missing_item", "not_received", "counterfeit",
                        "double_charge"),
        "packed_otherwise": (False, True), "customer_tier": (None, "vip"),
        "evidence": (
            (), (("photo", "customer"), ("video", "customer")), (("document", "merchant"),),
            (("declined", "customer"),),
        ),
        "money": (None, EXCESS, UNKNOWN, TWICE, EXTRAS, DISPUTED),
        "verdict": (None, "legitimate", "fraud", "merchant_fault", "undetermined"),
        "paid_back": (None, yuan(99)),
        "resolution": (None, "refunded", "refused", "exchanged", "withdrawn"),
        "refused_unfound": (False, False, False, True), "agitated": (False, True),
        "return_arrived_at": (None, NOW - 50 * HOUR, NOW - 90 * HOUR),
        "as_of": (NOW, NOW + 60 * DAY), "requested_at": (NOW, NOW - 9 * DAY),
        "placed_at": (None, NOW - 12 * DAY, NOW + DAY), "respond_by": (None, NOW - 20 * DAY),
        "claims_received": (None, True, False, True), "line_unknown": (False, True),
        "sent_weight_g": (None, 900.0), "return_weight_g": (None, 50.0),
        "return_astray": (None, "lost", "returned_to_sender"), "payout_changed": (False, True),
        "category": (None, "fruit", "phones", "codes"), "kept_before": (0, 4),
        "unproven_before": (None, 0, 4),
        "order_pieces": (1, 30),
        "specificity": (None, 40), "type": ("refund_only", "repair", "exchange"),
        "listings": ((), (BLOCKED, ALLOWED)), "live_findings": (None, 1),
        "delivered_at": (None, NOW - DAY), "no_reason_return": (None, None, False),
    }  # fmt: skip
    about |= {
        name: chance.choice(values) for name, values in more.items() if chance.random() < 0.25
    }
    return of(about)


WHOLE = OrderMoney(yuan(900), yuan(900), 0, 0, "CNY")
RARE: tuple[dict[str, Any], ...] = (
    {"claims_received": True, "amount": 900.0, "money": WHOLE, "order_pieces": 30},
    {"claims_received": True, "amount": 900.0, "specificity": 40, "reason_code": "other",
     "evidence": (("declined", "customer"),)},
    {**GONE, "delivered_at": NOW - DAY, "courier": "delivered",
     "evidence": (("document", "courier"),)},
    {"claims_received": True, "kept_before": 5, "orders": 5},
    {"reason_code": "unwanted", "placed_at": NOW - 3 * DAY},
    {"money": OrderMoney(yuan(199), yuan(199), 0, 0, "CNY", customers=2)},
    {**GONE, "delivered_at": NOW - DAY, "courier": "delivered",
     "evidence": (("declined", "courier"), ("document", "merchant"))},
    {"reason_code": "missing_item", "claims_received": True, "evidence": (("video", "merchant"),)},
    {"type": "return_and_refund", "stage": "inspection", "inspections": ("used",),
     "delivered_at": NOW - DAY, "evidence": (("photo", "merchant"),)},
    *({"type": "return_and_refund", "stage": "inspection", "inspections": ("used",),
       "delivered_at": NOW - DAY, "no_reason_return": True, "reason_code": "unwanted", **shown}
      for shown in ({}, {"inspected_by": ("platform",)}, {"evidence": (("photo", "merchant"),)})),
    {"held": True, "probability": 0.01},
    *(dict(TOLD[key]) for key in ("goodwill_moving", "return_read", "shop_declined")),
    {"reason_code": "counterfeit", "claims_received": True, "amount": 5_000.0},
    {"money": DISPUTED, "verdict": "undetermined", "paid_back": yuan(199)},
    {"type": "return_and_refund", "stage": "inspection", "reason_code": "wrong_item",
     "inspections": ("different_item",), "left_as_ordered": "record", "amount": 1_900.0},
    CANCELLED,
    *(dict(TOLD[key]) for key in ("refund_still", "part_on_way")),
    *({**GONE, "courier": "delivered", "delivered_at": NOW - DAY, "money": WHOLE,
       "other_parcel": other, **more} for other in ("moving", "still", "lost")
      for more in ({}, {"evidence": (("chat", "courier"),)}, {"as_of": NOW + 3 * DAY})),
    {"reason_code": "missing_item", "claims_received": True, "came_since": True},
    {"reason_code": "missing_item", "claims_received": True, "amount": 6_800.0,
     "evidence": (("video", "customer"), ("unanswered", "merchant"), ("unanswered", "courier"))},
    {"reason_code": "late", "type": "resend", "courier": "delivered", "claims_received": None,
     "delivered_at": NOW - DAY, "probability": 0.2, "amount": 900.0},
    {"claims_received": True, "evidence": (("chat", "merchant"),)},
    {**UNWANTED, "stage": "inspection", "inspections": ("as_sent",), "delivered_at": NOW - DAY,
     "placed_at": NOW - 5 * DAY, "return_arrived": True,
     "money": OrderMoney(yuan(189), yuan(189), 0, 0, "CNY", extras=yuan(10))},
    {"told_unwanted": True, "claims_received": True},
    {**UNWANTED, "told_fault": True},
    {**GONE, "customer_tier": "vip", "age_days": 400.0, "probability": 0.01},
    {"payout_stake": yuan(900), "amount": 90.0},
    {"reason_code": "missing_item", "claims_received": True, "amount": 5_600.0,
     "packed_as_ordered": "record", "evidence": (("photo", "customer"),)},
    {"type": "return_and_refund", "stage": "inspection", "inspections": ("empty",),
     "claims_received": True, "return_arrived": True,
     "weighings": (("return", 2_500.0, 190.0),)},
    {"reason_code": "missing_item", "claims_received": True, "amount": 18_800.0,
     "courier": "delivered", "delivered_at": NOW - DAY, "packed_as_ordered": "record",
     "probability": 0.12, "weighings": (("outbound", 230.0, 60.0),)},
    {"reason_code": "not_received", "claims_received": False, "probability": 0.7,
     "amount": 8_600.0, "courier": "delivered", "delivered_at": NOW - DAY,
     "evidence": (("photo", "courier"),)},
    {"reason_code": "late", "claims_received": False, "courier": "moving",
     "evidence": (("chat", "courier"),)},
    {"reason_code": "counterfeit", "claims_received": True, "amount": 5_000.0, "agitated": True},
    {"reason_code": "missing_item", "claims_received": True, "amount": 2_600.0,
     "probability": 0.9, "evidence": (("video", "merchant"),)},
    {"type": "repair", "reason_code": "defective", "category": "fruit", "amount": 19.0},
    {"type": "repair", "reason_code": "defective", "category": "fruit", "amount": 9_000.0,
     "evidence": (("declined", "customer"),)},
    *({"told_of": ("refused",), **more} for more in (
        {"courier": "moving"}, {"courier": "returned_to_sender"},
        {"courier": "returned_to_sender", "requested_at": NOW - 9 * DAY},
        {"courier": "moving", "evidence": (("chat", "courier"),)})),
    *({"reason_code": "late", "told_of": ("address",), "courier": "moving", **more}
      for more in ({}, {"evidence": (("chat", "courier"),)})),
    *(dict(TOLD[key]) for key in ("consent_fitter", "return_minor", "sent_free",
                                  "return_collected", "repair_collected")),
    {**UNWANTED, "category": "sofas", "placed_at": NOW - 2 * DAY, "amount": 1_900.0,
     "probability": 0.2},
    {"category": "pets", "told_of": ("dead",)},
    {"told_of": ("price",), "money": OrderMoney(yuan(900), yuan(199), 0, 0, "CNY")},
    {"reason_code": "unwanted", "told_of": ("unsent",)},
    {"reason_code": "unwanted", "category": "hotel"},
    {"reason_code": "unwanted", "category": "定金"},
    {"reason_code": "not_received", "category": "cleaning"},
    {"reason_code": "not_received", "category": "cleaning",
     "evidence": (("document", "merchant"),)},
    {"reason_code": "not_received", "category": "cleaning", "type": "return_and_refund",
     "evidence": (("unanswered", "merchant"),)},
    {"reason_code": "not_received", "category": "cleaning", "amount": 3_000.0,
     "evidence": (("declined", "merchant"),)},
    {"reason_code": "other", "category": "game_top_up", "told_minor": True},
    {"reason_code": "other", "category": "game_top_up", "told_minor": True,
     "evidence": (("document", "customer"),)},
    {"type": "return_and_refund", "reason_code": "late", "category": "cake",
     "courier": "delivered", "delivered_at": NOW - DAY, "claims_received": True},
    dict(TOLD["return_shown"]),
    {"type": "repair", "category": "fruit", "claims_received": True, "contact_confirmed": True,
     "evidence": (("chat", "customer"),)},
    {"reason_code": "missing_item", "claims_received": True, "amount": 480.0,
     "packed_as_ordered": "record"},
    {"claims_received": True, "amount": 900.0, "live_findings": 1, "reason_code": "other",
     "evidence": (("declined", "customer"),)},
    {"reason_code": "counterfeit", "claims_received": True, "amount": 5_000.0,
     "evidence": (("document", "merchant"),)},
)  # fmt: skip
"""Cases that chance hardly makes."""


@cache
def samples() -> list[tuple[Situation, Ruling]]:
    """Many cases, each with its ruling."""
    return [*(sample(seed) for seed in range(2_500)), *map(of, RARE)]


def test_every_next_step_is_told_in_its_place() -> None:
    told = set()
    for known, ruling in samples():
        step = next_step(POLICY, known, ruling)
        for key, text in TEXTS.items():
            pieces = text["en"].split("{items}")
            told |= {key} if all(piece in step.text["en"] for piece in pieces) else set()
    assert set(TEXTS) - told <= {"sent", "sending", "proof"}  # told under other laws


def test_every_warning_is_told() -> None:
    told = {one["code"] for known, _ in samples() for one in warnings_of(known)}
    assert set(data_warnings._SENTENCES) - told <= {"currency_differs", "clock_ahead"}


def test_the_sentences_of_rules_are_told() -> None:
    told = {rule.id for _, ruling in samples() for rule in ruling.rules}
    assert set(POLICY.rules) == told
