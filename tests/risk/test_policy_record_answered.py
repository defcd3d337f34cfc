"""A fresh photo answers the warehouse's record, a late code is settled by the shop's, and what is
not shipped is not sent back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from risk.features.order_money import OrderMoney
from risk.policy import Ruling, Situation, decide, parse_stored
from risk.policy.next_step import next_step
from tests.risk.policy_cases import HOUR, NOW, POLICY, asked, case, decided, yuan
from tests.risk.test_policy_additions import lacking

PHOTO = ("photo", "customer")
FILM, WEIGHTS = ("video", "merchant"), ("document", "courier")
SILENT = (("unanswered", "merchant"), ("unanswered", "courier"))


def missing(amount: float, *evidence: tuple[str, str], **known: Any) -> Situation:
    """Something said to be missing from a parcel whose record alone says that all went in."""
    plain: dict[str, Any] = {
        "reason_code": "missing_item",
        "claims_received": True,
        "courier": "delivered",
        "stage": "evidence",
        "packed_as_ordered": "record",
    }
    return case(0.05, amount, **(plain | {"evidence": evidence} | known))


def code(type_: str, reason: str, *evidence: tuple[str, str], amount: float = 3000.0) -> Situation:
    return case(
        0.01, amount, type=type_, reason_code=reason, category="话费充值", evidence=evidence
    )


def step(one: Situation, ruling: Ruling) -> str:
    return next_step(POLICY, one, ruling).step


@pytest.mark.parametrize("kind", ["refund_only", "resend"])
@pytest.mark.parametrize("amount", [480.0, 1900.0, 5000.0])
def test_a_photo_has_the_shop_heard_and_no_person_called(amount: float, kind: str) -> None:
    shown = missing(amount, PHOTO, type=kind)
    ruling = decided(shown)
    assert (ruling.tier, asked(ruling)) == ("request_evidence", {"merchant", "courier"})
    assert "packing_heard" in {rule.id for rule in ruling.rules}
    heard = decided(replace(shown, evidence=(PHOTO, *SILENT)))
    assert (heard.tier, heard.conditions) == ("approve", ())
    late = replace(shown, stage="request", respond_by=NOW + HOUR, as_of=NOW + 2 * HOUR)
    assert decided(late).tier == "approve", "its clock never stands still"


@pytest.mark.parametrize("kind", ["refund_only", "resend"])
@pytest.mark.parametrize("given", [(FILM, WEIGHTS), (SILENT[0], WEIGHTS), (FILM, SILENT[1])])
@pytest.mark.parametrize("amount", [480.0, 1900.0])
def test_what_shop_or_courier_gave_is_read_before_anything_leaves(
    amount: float, given: tuple[tuple[str, str], ...], kind: str
) -> None:
    one = missing(amount, PHOTO, *given, type=kind)
    ruling = decided(one)
    assert (ruling.tier, ruling.conditions) == ("approve", ("courier_record",))
    assert step(one, ruling) == "packed"
    assert "what is on record" in ruling.customer_message["en"].lower()


@pytest.mark.parametrize(
    "against",
    [
        {"amount": 5_600 * 10_000},
        {"probability": 0.3},
        {"live_findings": 1},
        {"live_linked": 1},
        {"packed_as_ordered": "weight"},
        {"evidence": (PHOTO, ("declined", "customer"))},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_person_compares_where_more_speaks_against_it(against: dict[str, Any]) -> None:
    ruling = decided(replace(missing(1900.0, PHOTO), **against))
    assert ruling.tier == "platform_intervention"
    assert "shop_record" in {rule.id for rule in ruling.rules}


def test_who_shows_nothing_is_asked_above_a_large_amount_as_before() -> None:
    ruling = decided(missing(1900.0, *SILENT))
    assert (ruling.tier, asked(ruling)) == ("request_evidence", {"customer"})


def test_an_earlier_policy_has_a_person_compare() -> None:
    policy = parse_stored(lacking("hearing.photo_answers"))
    assert decide(policy, missing(1900.0, PHOTO)).tier == "platform_intervention"
    assert decide(policy, missing(480.0, PHOTO, FILM, WEIGHTS, type="resend")).conditions == ()


def test_another_article_without_an_amount_counts_by_the_price_of_the_first() -> None:
    worth = OrderMoney(yuan(1900), yuan(1900), 0, 0, "CNY")
    one = missing(0.0, type="resend", money=worth)
    assert asked(decided(one)) == {"customer"}
    assert asked(decided(replace(one, evidence=(PHOTO,)))) == {"merchant", "courier"}
    little = replace(one, money=replace(worth, paid=yuan(480), asked=yuan(480)))
    assert asked(decided(little)) == {"merchant", "courier"}
    assert decide(parse_stored(lacking("hearing.by_price")), one).tier == "approve"


@pytest.mark.parametrize("kind", ["refund_only", "resend", "exchange"])
@pytest.mark.parametrize("reason", ["late", "not_received"])
def test_a_code_that_came_late_is_settled_by_the_shops_record(reason: str, kind: str) -> None:
    ruling = decided(code(kind, reason))
    assert (ruling.tier, asked(ruling)) == ("request_evidence", {"merchant"})
    assert ruling.why.id == "code_record"
    assert decided(code(kind, reason, ("document", "merchant"))).tier == "platform_intervention"
    assert decided(code(kind, reason, SILENT[0])).tier == "approve"
    assert decided(code(kind, reason, amount=15.0)).tier == "approve"


@pytest.mark.parametrize("category", ["话费充值", "上门维修"])
@pytest.mark.parametrize("reason", ["late", "not_received"])
def test_what_is_not_shipped_is_not_sent_back(reason: str, category: str) -> None:
    one = replace(code("exchange", reason, SILENT[0]), category=category, money=None)
    ruling = decided(replace(one, amount=150_000))
    message = ruling.customer_message
    assert "nothing to send back" in message["en"] or "asked the shop" in message["en"]
    assert step(one, ruling) != "goods"
    earlier = parse_stored(lacking("wording.messages.exchange_unshipped"))
    assert next_step(earlier, one, decide(earlier, one)).step in {"goods", "consent"}
