"""Whom an answer bothers, what the thresholds do to it, and whom audits draw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from risk.policy import (
    CaseBars,
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
)
from risk.policy.answers import AppliedRule
from risk.policy.costs import cheapest, choose
from risk.policy.rule_on import _prepare
from risk.policy.thresholds import NEVER
from tests.risk.policy_cases import DAY, NOW, POLICY, case, probabilities, situations
from tests.risk.strictness import strictness, thresholds


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


@given(situations, st.lists(probabilities, min_size=2, max_size=5))
def test_a_case_has_the_same_bars_one_after_another(known: Situation, every: list[float]) -> None:
    bars = CaseBars(POLICY, known)
    told = [bars.at(probability) for probability in every]
    assert told == [bar(POLICY, replace(known, probability=p), p) for p in every]
    assert told[::-1] == [bars.at(probability) for probability in every[::-1]]


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
    stated = prepared.stated
    found = choose(POLICY, stated.case, prepared.options, stated.question, proved)
    return found.option.tier


def ruled(situation: Situation, proved: Thresholds) -> tuple[AppliedRule, ...]:
    return decide(POLICY, situation, proved).rules


def test_what_was_declined_is_not_requested_again_by_a_model_that_calls_nobody() -> None:
    declined = case(0.9, evidence=(("declined", "customer"),), amount=299)
    assert decide(POLICY, declined, Thresholds(0.3)).tier == "platform_intervention"
    answer = decide(POLICY, declined, Thresholds(0.3, NEVER))
    assert (answer.tier, answer.why.id) == ("approve", "cap_person")
