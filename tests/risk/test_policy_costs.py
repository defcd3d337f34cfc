"""The tier of least expected cost: never cheaper to be riskier, and few of the honest bothered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.errors import PolicyRefused
from risk.policy import (
    TIERS,
    Situation,
    Thresholds,
    decide,
    parse,
)
from tests.risk.policy_cases import NOW, POLICY, amounts, case, probabilities, situations, yuan
from tests.risk.strictness import strictness, thresholds

UNCAPPED = parse(
    POLICY.source.replace("ask_above = 0.1 ", "ask_above = 0.0 ")
    .replace("ask_above_unproven = 0.25", "ask_above_unproven = 0.0")
    .replace("person_above = 0.6", "person_above = 0.0")
    .replace("person_after_answer = 0.45", "person_after_answer = 0.0")
)


@given(situations, probabilities, thresholds)
def test_more_probability_never_makes_it_milder(
    known: Situation, other: float, proved: Thresholds | None
) -> None:
    low, high = sorted((known.probability, other))
    assert strictness(replace(known, probability=low), proved) <= strictness(
        replace(known, probability=high), proved
    )


@given(situations, amounts, st.sampled_from(("amount", "customer_stake", "ring_stake")))
def test_more_money_never_makes_it_milder(known: Situation, other: int, field: str) -> None:
    low, high = sorted((getattr(known, field), other))
    assert strictness(replace(known, **{field: low})) <= strictness(replace(known, **{field: high}))


@given(situations, st.sampled_from(("linked_fraud", "abuse_findings", "refunds")))
def test_a_worse_record_never_makes_it_milder(known: Situation, field: str) -> None:
    worse = replace(known, **{field: getattr(known, field) + 1})
    assert strictness(known) <= strictness(worse)


@given(situations)
def test_giving_nothing_when_asked_is_never_better_than_not_having_been_asked(
    known: Situation,
) -> None:
    silent = replace(known, evidence=(*known.evidence, ("declined", "customer")), audit_draw=1.0)
    assert strictness(replace(known, audit_draw=1.0)) <= strictness(silent)


@given(situations, thresholds)
def test_nobody_is_bothered_below_the_floors_but_by_a_rule(
    known: Situation, proved: Thresholds | None
) -> None:
    ruling = decide(POLICY, known, proved)
    floor = 0.25 if proved is None else max(0.1, proved.ask_above)
    if ruling.tier != "approve" and known.probability < floor:
        assert ruling.why.id in POLICY.rules


@given(situations, thresholds)
def test_evidence_is_required_exactly_where_the_tier_asks_for_it(
    known: Situation, proved: Thresholds | None
) -> None:
    ruling = decide(POLICY, known, proved)
    assert ruling.tier in TIERS
    assert bool(ruling.required_evidence) == (ruling.tier == "request_evidence")


def naive_tier(p: float, exposure: float) -> str:
    """What a calculator says of a damaged article, refund only, no history, no caps."""
    stopped = 1 - (1 - 0.15) * (1 - 0.45)
    cost = {
        "approve": p * exposure,
        "request_evidence": 3 + (1 - p) * (4 + 0.05 * 120) + p * exposure * (1 - stopped),
        "platform_intervention": 25 + (1 - p) * 45 + p * exposure * (1 - 0.85),
    }
    return min(cost, key=cost.__getitem__)


@given(probabilities, st.integers(21, 6999), st.integers(0, 20_000))
def test_without_rules_and_caps_it_is_the_least_expected_cost(
    p: float, amount: int, stake: int
) -> None:
    ruling = decide(UNCAPPED, case(p, amount, customer_stake=yuan(stake)))
    assert ruling.tier == naive_tier(p, amount + stake)


def test_the_same_probability_is_paid_at_9_90_and_questioned_at_999() -> None:
    small, large = decide(POLICY, case(0.4, 9.90)), decide(POLICY, case(0.4, 999.0))
    assert (small.tier, large.tier) == ("approve", "request_evidence")
    assert [ask.source for ask in large.required_evidence] == ["merchant", "customer"]


@given(probabilities, st.integers(30, 5000), st.integers(2, 20))
def test_cutting_one_claim_into_many_does_not_pay(p: float, amount: int, parts: int) -> None:
    part = yuan(amount) // parts
    last = case(p, amount=0, customer_stake=part * (parts - 1))
    assert strictness(replace(last, amount=part + parts)) >= strictness(
        replace(last, amount=part * parts, customer_stake=0)
    )


def test_the_ring_counts_by_half_and_never_on_top_of_the_customer() -> None:
    alone = decide(POLICY, case(amount=100, customer_stake=yuan(300)))
    ringed = decide(POLICY, case(amount=100, customer_stake=yuan(300), ring_stake=yuan(600)))
    larger = decide(POLICY, case(amount=100, customer_stake=yuan(300), ring_stake=yuan(1000)))
    assert (alone.money.stake, ringed.money.stake, larger.money.stake) == (400.0, 400.0, 600.0)


@pytest.mark.parametrize(
    ("known", "exposure"),
    [
        ({"type": "refund_only"}, 1000.0),
        ({"type": "return_and_refund"}, 400.0),
        ({"type": "repair"}, 100.0),
        ({"type": "repair", "courier": "moving"}, 100.0),
        ({"type": "return_and_refund", "courier": "moving"}, 200.0),
        ({"courier": "lost", "delivered_at": NOW}, 1000.0),
        ({"reason_code": "not_received", "courier": "still"}, 200.0),
        ({"type": "return_and_refund", "inspections": ("as_sent",)}, 0.0),
        ({"type": "return_and_refund", "inspections": ("empty",)}, 1000.0),
        ({"currency": "USD"}, 7100.0),
    ],
)
def test_exposure_is_what_does_not_come_back(known: dict[str, Any], exposure: float) -> None:
    assert decide(POLICY, case(amount=1000, **known)).money.exposure == pytest.approx(exposure)


@given(situations, st.sampled_from(sorted(POLICY.currency.rates)))
def test_money_means_the_same_in_every_currency(known: Situation, currency: str) -> None:
    here = replace(
        known, currency="CNY", amount=yuan(400), customer_stake=0, ring_stake=0, money=None
    )
    there = replace(here, currency=currency, amount=yuan(400 / POLICY.currency.rates[currency]))
    assert decide(POLICY, here).tier == decide(POLICY, there).tier


def test_an_answer_is_priced_once_the_truth_is_known() -> None:
    """On this request's own money: the stakes around it belong to other requests."""
    asked = decide(POLICY, case(0.4, 900, customer_stake=yuan(5000), reason_code="other"))
    assert asked.chosen.tier == "request_evidence"
    assert asked.cost(abusive=False) == pytest.approx(3 + 4 + 0.05 * 120)
    assert asked.cost(abusive=True) == pytest.approx(3 + 900 * (1 - 0.3))
    courier = decide(POLICY, case(0.4, 900, reason_code="not_received"))
    assert courier.cost(abusive=False) == pytest.approx(3 + 3)
    back = decide(POLICY, case(0.2, 900, type="return_and_refund"))
    assert back.chosen.condition == "inspect_on_return"
    assert back.cost(abusive=True) == pytest.approx(3 + 900 * 0.4 * (1 - 0.6))


def test_a_currency_without_a_rate_is_named() -> None:
    with pytest.raises(PolicyRefused, match="XAU"):
        decide(POLICY, case(currency="XAU"))


@settings(max_examples=30)
@given(situations)
def test_deciding_twice_gives_the_same(known: Situation) -> None:
    assert decide(POLICY, known) == decide(parse(POLICY.source), known)
