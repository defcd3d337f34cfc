"""The tier of least expected cost: never cheaper to be riskier, and few of the honest bothered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_cases import DAY, NOW, POLICY, amounts, case, probabilities, situations, yuan

from risk.errors import PolicyRefused
from risk.policy import (
    TIERS,
    InterventionBar,
    Listing,
    Option,
    Ruling,
    Situation,
    Thresholds,
    asked,
    bar,
    bothers,
    decide,
    parse,
)
from risk.policy.answers import AppliedRule
from risk.policy.costs import STRICTNESS, cheapest, choose
from risk.policy.rule_on import _prepare
from risk.policy.situation import NEVER

thresholds = st.none() | st.builds(Thresholds, probabilities, st.none() | probabilities)
UNCAPPED = parse(
    POLICY.source.replace("ask_above = 0.1 ", "ask_above = 0.0 ")
    .replace("ask_above_unproven = 0.25", "ask_above_unproven = 0.0")
    .replace("person_above = 0.6", "person_above = 0.0")
    .replace("person_after_answer = 0.45", "person_after_answer = 0.0")
)


def strictness(situation: Situation, proved: Thresholds | None = None) -> int:
    return STRICTNESS[decide(POLICY, situation, proved).tier]


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
def test_exposure_is_what_does_not_come_back(known: dict[str, object], exposure: float) -> None:
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


def test_training_may_raise_the_floors_and_never_sink_them() -> None:
    asked = case(0.15, 999.0)
    assert decide(POLICY, asked).why.id == "cap_ask"
    assert decide(POLICY, asked, Thresholds(0.12)).tier == "request_evidence"
    assert decide(POLICY, asked, Thresholds(0.16)).tier == "approve"
    assert decide(POLICY, case(0.09, 5000.0), Thresholds(0.0, 0.0)).tier == "approve"
    assert decide(POLICY, case(0.7, 5000.0), Thresholds(0.1, 0.8)).tier == "request_evidence"
    assert decide(POLICY, case(0.7, 5000.0), Thresholds(0.8)).tier == "approve"
    assert decide(POLICY, case(0.85, 5000.0), Thresholds(0.8)).tier == "platform_intervention"


@given(situations, probabilities)
def test_the_bar_tells_which_thresholds_bother_a_case(known: Situation, ask_above: float) -> None:
    found = bar(POLICY, known, known.probability)
    ruling = decide(POLICY, replace(known, audit_draw=1.0), Thresholds(ask_above))
    assert ruling.bothers is (found.bothered > 0 and ask_above <= found.bothered)
    assert (ruling.tier != "approve") is (found.held > 0 and ask_above <= found.held)
    if found.rule:
        assert found.rule in POLICY.rules
        assert decide(POLICY, replace(known, audit_draw=1.0), Thresholds(1.0)).bothers


@given(situations, thresholds)
def test_a_customer_is_bothered_by_a_question_or_a_person_and_else_waits_or_is_paid(
    known: Situation, proved: Thresholds | None
) -> None:
    ruling = decide(POLICY, known, proved)
    sources = {item.source for item in ruling.required_evidence}
    told = ruling.tier == "platform_intervention" or "customer" in sources
    assert ruling.bothers is told
    assert (ruling.bothers, ruling.waits).count(True) == (ruling.tier != "approve")
    if ruling.waits:
        assert sources
        assert sources <= {"merchant", "courier"}
    if ruling.tier == "request_evidence":
        assert set(asked(POLICY, known)) == sources


@given(situations, probabilities, thresholds)
def test_more_probability_never_spares_a_customer(
    known: Situation, other: float, proved: Thresholds | None
) -> None:
    low, high = (
        decide(POLICY, replace(known, probability=p, audit_draw=1.0), proved).bothers
        for p in sorted((known.probability, other))
    )
    assert low <= high


def test_a_look_at_the_payment_waits_for_the_shop_and_bothers_nobody() -> None:
    twice = case(0.02, reason_code="double_charge")
    ruling = decide(POLICY, twice)
    assert (ruling.tier, ruling.bothers, ruling.waits) == ("request_evidence", False, True)
    assert bar(POLICY, twice, 0.02) == InterventionBar(0.0, 1.0)
    read = replace(twice, evidence=(("document", "merchant"),))
    assert bar(POLICY, read, 0.02) == InterventionBar(1.0, 1.0, "payment_record")


def test_a_question_that_names_nobody_is_counted() -> None:
    assert bothers("request_evidence", [])
    assert not bothers("approve", [])


def test_of_two_that_cost_the_same_the_milder_is_chosen() -> None:
    mild = Option("approve", None, 0.0, 0.0, 0.0, expected=2.5)
    strict = Option("request_evidence", None, 0.0, 0.0, 0.0, expected=2.5)
    assert cheapest([mild, strict]) is mild


def test_at_most_one_honest_request_in_twenty_is_bothered_by_default() -> None:
    """Calibrated probabilities of an ordinary model, ordinary amounts, half of them returns."""
    random = np.random.default_rng(5)
    n = 20_000
    p = 1 / (1 + np.exp(-(-3.2 + 1.5 * random.normal(size=n))))
    honest = random.random(n) >= p
    amount = np.exp(random.normal(4.9, 1.0, n))
    reason = random.choice(("damaged", "not_received", "wrong_item", "not_as_described"), n)
    kind = random.choice(("refund_only", "return_and_refund"), n)
    bothered = sum(
        strictness(case(p[i], amount[i], reason_code=reason[i], type=kind[i])) > 0
        for i in np.flatnonzero(honest)
    )
    assert 0.005 < bothered / honest.sum() < 0.05


def draws(probability: float, amount: float, share: float) -> Ruling:
    return decide(POLICY, case(probability, amount, audit_draw=share))


def test_audits_are_drawn_with_their_probability_and_change_only_open_questions() -> None:
    paid, looked_at = draws(0.02, 100, 0.02), draws(0.02, 100, 0.0199)
    assert (paid.audit, looked_at.audit) == (
        ("approval", False, 0.02),
        ("approval", True, 0.02),
    )
    assert replace(paid, audit=looked_at.audit) == looked_at
    asked, let = draws(0.5, 250, 0.5), draws(0.5, 250, 0.01)
    assert (asked.tier, asked.audit) == ("request_evidence", ("let_through", False, 0.02))
    assert (let.tier, let.audit, let.why.id) == (
        "approve",
        ("let_through", True, 0.02),
        "let_through",
    )
    assert draws(0.5, 999, 0.0).tier == "request_evidence"
    waiting = case(0.5, 250, audit_draw=0.0, as_of=NOW + 3 * DAY)
    assert (decide(POLICY, waiting).overdue, decide(POLICY, waiting).priority) == (True, False)
    block = Listing("block", "empty box confirmed in case 17", "lin")
    known = case(0.5, 250, audit_draw=0.0, listings=(block,), abuse_findings=1)
    by_rule = decide(POLICY, known)
    assert (by_rule.tier, by_rule.audit.kind) == ("request_evidence", "none")
    assert draws(0.95, 2000, 0.0).audit == ("none", False, 0.0)


@settings(max_examples=30)
@given(situations)
def test_deciding_twice_gives_the_same(known: Situation) -> None:
    assert decide(POLICY, known) == decide(parse(POLICY.source), known)


@given(situations, probabilities)
def test_a_model_that_calls_nobody_leaves_persons_to_the_rules(
    known: Situation, ask_above: float
) -> None:
    quiet = replace(known, probability=0.001, audit_draw=1.0)
    loud = replace(known, probability=0.999, audit_draw=1.0)
    proved = Thresholds(ask_above, NEVER)
    assert costs_tier(loud, proved) != "platform_intervention"
    if decide(POLICY, loud, proved).tier == "platform_intervention":
        assert any("platform_intervention" in rule.effect for rule in ruled(loud, proved))
    assert decide(POLICY, quiet, proved).tier == decide(POLICY, quiet, Thresholds(1.0)).tier


def costs_tier(situation: Situation, proved: Thresholds) -> str:
    """The tier before any rule."""
    prepared = _prepare(POLICY, situation)
    found = choose(POLICY, prepared.case, prepared.options, prepared.question, proved)
    return found.option.tier


def ruled(situation: Situation, proved: Thresholds) -> tuple[AppliedRule, ...]:
    return decide(POLICY, situation, proved).rules


def test_what_was_declined_is_not_requested_again_by_a_model_that_calls_nobody() -> None:
    declined = case(0.9, evidence=(("declined", "customer"),), amount=299)
    assert decide(POLICY, declined, Thresholds(0.3)).tier == "platform_intervention"
    answer = decide(POLICY, declined, Thresholds(0.3, NEVER))
    assert (answer.tier, answer.why.id) == ("approve", "cap_person")
