"""The promise to honest customers: exact where it can be, and kept where it is put to the test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from training.judge.promise_words import promise_sentences
from training.learn.promise import (
    MOST_FINDINGS,
    NO_THRESHOLD,
    WEEK_MS,
    Promise,
    clopper_pearson_upper,
    cluster_effective_size,
    findings_needed,
    fixed_sequence_test,
)


def peaks(count: int, seed: int, customers: int | None = None) -> pd.DataFrame:
    """Honest requests whose peak is uniform, so that a bar at b bothers a share of 1 - b."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "peak": rng.random(count),
            "weight": np.ones(count),
            "customer_id": rng.integers(0, customers or 10 * count, count).astype(str),
            "requested_at": rng.integers(0, 30 * WEEK_MS, count),
        }
    )


def promised(frame: pd.DataFrame, drift: float = 0.0) -> Promise:
    return fixed_sequence_test(frame, 0.05, drift_margin=drift)


@given(hits=st.integers(0, 400), size=st.integers(1, 400))
def test_the_bound_is_clopper_and_pearsons(hits: int, size: int) -> None:
    hits = min(hits, size)
    wanted = binomtest(hits, size, alternative="less").proportion_ci(0.95, "exact").high
    assert clopper_pearson_upper(hits / size, size, 0.95) == pytest.approx(wanted, abs=1e-9)


def test_it_is_broken_no_more_often_than_allowed() -> None:
    made = [promised(peaks(600, seed)) for seed in range(200)]
    broken = sum(1 - one.ask_above > 0.05 for one in made)
    assert broken <= 15
    assert np.mean([1 - one.ask_above for one in made]) > 0.025


def test_it_is_kept_when_customers_ask_many_times() -> None:
    broken = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        frame = peaks(800, seed)
        whose = rng.integers(0, 80, 800)
        frame["customer_id"] = whose.astype(str)
        frame["peak"] = rng.random(80)[whose]
        broken += 1 - promised(frame).ask_above > 0.05
    assert broken <= 15


def test_more_requests_leave_less_slack() -> None:
    few, many = promised(peaks(400, 1)), promised(peaks(40_000, 1))
    assert many.ask_above < few.ask_above
    assert many.observed > 0.045
    assert many.bound <= 0.05


def test_too_few_requests_promise_to_bother_nobody() -> None:
    assert promised(peaks(20, 2)).ask_above == NO_THRESHOLD


def test_a_margin_for_drift_raises_the_bar() -> None:
    frame = peaks(3_000, 3)
    assert promised(frame, drift=0.02).ask_above > promised(frame).ask_above


def test_weights_speak_for_those_who_were_not_looked_at() -> None:
    frame = peaks(4_000, 4)
    looked_at = frame["peak"] > 0.8
    chosen = frame[looked_at | (np.arange(4_000) % 10 == 0)].copy()
    chosen["weight"] = np.where(chosen["peak"] > 0.8, 1.0, 10.0)
    naive = chosen.assign(weight=1.0)
    assert promised(naive).ask_above > promised(chosen).ask_above
    assert promised(chosen).ask_above == pytest.approx(promised(frame).ask_above, abs=0.02)


def test_everyone_at_the_bar_is_counted() -> None:
    frame = peaks(2_000, 5)
    frame["peak"] = np.where(np.arange(2_000) < 300, 0.9, 0.1)
    assert promised(frame).ask_above == NO_THRESHOLD


def test_independent_requests_are_worth_their_number() -> None:
    flag = np.random.default_rng(6).random(5_000) < 0.1
    alone = [np.arange(5_000)]
    assert cluster_effective_size(flag, np.ones(5_000), alone) == pytest.approx(5_000, rel=1e-6)
    same = [np.repeat(np.arange(500), 10)]
    repeated = np.repeat(flag[:500], 10)
    assert cluster_effective_size(repeated, np.ones(5_000), same) == pytest.approx(500, rel=1e-6)


def with_rules(count: int, seed: int, share: float) -> pd.DataFrame:
    """The same, where a rule bothers a share of them whatever the threshold."""
    frame = peaks(count, seed)
    ruled = np.random.default_rng(seed + 1).random(count) < share
    frame["peak"] = np.where(ruled, 1.0, frame["peak"] * 0.999)
    rule = np.full(count, None, dtype=object)
    rule[ruled] = "fresh_picture"
    return frame.assign(rule=rule)


def test_growth_multiplies_what_the_score_adds_and_not_what_rules_do() -> None:
    frame = with_rules(20_000, 7, 0.03)
    steady = fixed_sequence_test(frame, 0.05)
    grown = fixed_sequence_test(frame, 0.05, growth=2.0)
    assert steady.rules == grown.rules == pytest.approx((frame["peak"] == 1.0).mean())
    assert grown.proven
    assert grown.rules + 2 * (grown.observed - grown.rules) <= 0.05
    assert grown.observed > grown.rules + 0.008
    assert grown.by_rule == {"fresh_picture": (frame["peak"] == 1.0).sum()}
    assert not grown.broken


@pytest.mark.parametrize(("floor", "held"), [(0.98, True), (0.5, False)])
def test_a_floor_of_the_policy_is_told_from_the_proof(floor: float, held: bool) -> None:
    frame = with_rules(20_000, 11, 0.01)
    frame["peak"] = np.where(frame["peak"] < floor, 0.0, frame["peak"])
    made = fixed_sequence_test(frame, 0.05)
    assert made.proven
    assert made.at_floor is held
    assert ("caps.ask_above holds" in " ".join(promise_sentences(made))) is held


@pytest.mark.parametrize("growth", [1.0, 1.5])
def test_where_rules_alone_bother_more_the_promise_is_broken_and_the_score_proven_alone(
    growth: float,
) -> None:
    frame = with_rules(20_000, 8, 0.08)
    made = fixed_sequence_test(frame, 0.05, growth=growth)
    assert made.broken
    assert made.proven
    assert made.needed is None
    added = ((frame["peak"] >= made.ask_above) & (frame["peak"] < 1)).mean()
    assert made.observed - made.rules == pytest.approx(added)
    assert made.left == pytest.approx(0.01), "a fifth of what is allowed"
    assert 0.006 / growth < added <= min(made.bound, made.left / growth)
    alone = frame.assign(peak=np.where(frame["peak"] < 1, frame["peak"], 0.0))
    assert made.ask_above == fixed_sequence_test(alone, made.left, growth=growth).ask_above


@given(flagged=st.floats(0, 0.06), confidence=st.sampled_from((0.9, 0.95)))
def test_so_many_findings_prove_it_and_one_fewer_does_not(
    flagged: float, confidence: float
) -> None:
    needed = findings_needed(flagged, 0.05, confidence)
    if needed is None:
        assert clopper_pearson_upper(flagged, MOST_FINDINGS, confidence) > 0.05
        return
    assert clopper_pearson_upper(flagged, needed, confidence) <= 0.05
    assert needed == 1 or clopper_pearson_upper(flagged, needed - 1, confidence) > 0.05


def test_a_promise_is_read_from_any_release() -> None:
    made = fixed_sequence_test(with_rules(500, 9, 0.1), 0.05)
    assert Promise.from_json(made.to_json()) == made
    old = {"ask_above": 0.4, "share": 0.05, "confidence": 0.95, "observed": 0.02, "bound": 0.03,
           "requests": 900, "effective": 700.0, "growth": 1.1}  # fmt: skip
    assert Promise.from_json(old).rules == 0.0


def test_the_words_of_a_promise_name_the_rules_and_what_it_would_take() -> None:
    broken = " ".join(promise_sentences(fixed_sequence_test(with_rules(20_000, 8, 0.08), 0.05)))
    assert broken.startswith("Broken: of 20,000 requests found honest")
    assert "by rules alone (doubtful picture " in broken
    assert "more than the 5.0% that are allowed" in broken
    few = fixed_sequence_test(with_rules(100, 10, 0.02), 0.05)
    unproven = " ".join(promise_sentences(few))
    assert unproven.startswith("Not proven: 100 requests found honest prove no threshold")
    assert f"takes {few.needed:,} findings" in unproven
    kept = " ".join(promise_sentences(fixed_sequence_test(with_rules(20_000, 7, 0.01), 0.05)))
    assert "With a threshold of" in kept
    assert "by rules alone (doubtful picture" in kept
