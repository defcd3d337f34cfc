"""The threshold that is expected to keep the promise, against a naive count and on drawn worlds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.decisions.champion import thresholds_of
from risk.facts.units import DAY_MS
from risk.model import EXPECTED, PROVEN, Bundle
from risk.policy import ask_floor, load, vary
from risk.policy.thresholds import Thresholds
from training.judge.promise_words import promise_sentences
from training.learn.expected_share import NotFoundAbusive, expected_threshold
from training.learn.fit import with_promise
from training.learn.promise import NO_THRESHOLD, Promise
from training.monitor.friction import tightened

SHARE = 0.05
POLICY = load(None)


def evenly(probability: np.ndarray, honest: np.ndarray | None = None) -> NotFoundAbusive:
    """Requests a day apart, in a drawn order, so that no share of them grows."""
    order = np.random.default_rng(0).permutation(len(probability))
    chance = 1 - probability if honest is None else honest
    return NotFoundAbusive(np.arange(len(order)) * DAY_MS, probability[order], chance[order])


def naive(seen: NotFoundAbusive, left: float) -> float:
    """Every threshold from the highest down, one request after another."""
    lowest = NO_THRESHOLD
    for threshold in sorted(set(seen.probability.tolist()), reverse=True):
        hit = sum(h for p, h in zip(seen.probability, seen.honest, strict=True) if p >= threshold)
        if hit / sum(seen.honest) * seen.growth(threshold) > left:
            return lowest
        lowest = threshold
    return lowest


@given(
    st.lists(st.floats(0.001, 0.999), min_size=1, max_size=60),
    st.floats(0.0, 0.5),
)
def test_it_is_what_one_finds_by_counting(made: list[float], left: float) -> None:
    seen = evenly(np.array(made))
    assert expected_threshold(seen, left) == naive(seen, left)


def test_it_bothers_as_many_as_expected_where_probabilities_are_true() -> None:
    """Abuse is drawn with the probabilities themselves, a third of it looked at."""
    bothered = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        probability = rng.beta(0.3, 3.0, 4_000)
        abusive = rng.random(4_000) < probability
        looked = rng.random(4_000) < 0.3
        honest = np.where(looked, 1.0, 1 - probability)
        early = (np.arange(4_000) < 2_000) & ~(looked & abusive)
        threshold = expected_threshold(evenly(probability[early], honest[early]), SHARE - 0.02)
        assert threshold is not None
        later = probability[2_000:][~abusive[2_000:]]
        bothered.append((later >= threshold).mean())
    assert np.mean(bothered) == pytest.approx(SHARE - 0.02, abs=0.002)


def test_what_was_found_honest_counts_whole() -> None:
    probability = np.r_[np.full(95, 0.01), np.full(5, 0.8)]
    doubtful = evenly(probability)
    found = evenly(probability, np.where(probability > 0.5, 1.0, 0.99))
    assert expected_threshold(doubtful, SHARE) == 0.8
    assert expected_threshold(found, SHARE) == NO_THRESHOLD


def test_a_share_that_grows_is_met_higher() -> None:
    low, high = np.full(100, 0.3), np.full(100, 0.01)
    at = np.arange(200) * DAY_MS
    late = np.r_[high, low]
    steady = NotFoundAbusive(at, np.c_[high, low].ravel(), 1 - np.c_[high, low].ravel())
    growing = NotFoundAbusive(at, late, 1 - late)
    assert expected_threshold(steady, 0.45) == 0.3
    assert expected_threshold(growing, 0.45) == NO_THRESHOLD


@pytest.mark.parametrize(
    ("rules", "left"), [(0.0, 0.05), (0.03, 0.02), (0.045, 0.01), (0.05, 0.01), (0.09, 0.01)]
)
def test_rules_leave_the_score_what_is_left_and_never_less_than_a_fifth(
    rules: float, left: float
) -> None:
    made = Promise(NO_THRESHOLD, SHARE, 0.975, rules, 0.09, 400, 300.0, rules=rules)
    assert made.left == pytest.approx(left)
    seen = evenly(np.linspace(0.01, 0.9, 1_000))
    threshold = expected_threshold(seen, made.left)
    assert threshold is not None
    assert seen.expected(threshold) <= left < seen.expected(threshold - 0.001) + 0.001


def test_of_no_request_nothing_is_expected() -> None:
    nobody = NotFoundAbusive(np.array([], dtype=np.int64), np.array([]), np.array([]))
    assert expected_threshold(nobody, SHARE) is None


@pytest.mark.parametrize(
    ("proven", "expected", "asked_from"),
    [
        (1.0, 0.31, 0.31),
        (1.0, 0.12, 0.25),  # the policy's floor for what is not proven
        (0.15, 0.12, 0.15),
        (0.8, 0.4, 0.4),
        (0.05, 0.4, 0.1),  # the policy's floor for whatever is proven
        (0.2, None, 0.2),
        (1.0, 1.0, 1.0),  # what rules bother leaves the score nothing
    ],
)
def test_the_policy_asks_from_the_lower_threshold_of_a_bundle(
    proven: float, expected: float | None, asked_from: float
) -> None:
    caps = vary(POLICY, {"caps.ask_above": 0.1, "caps.ask_above_unproven": 0.25})
    assert ask_floor(caps, Thresholds(proven, None, expected)) == asked_from


@pytest.mark.parametrize(
    ("proven", "expected", "asked_from"),
    [
        (0.1, 0.3, 0.3),  # a proof on few findings is no reason to ask more than is expected
        (0.6, 0.3, 0.3),
        (0.3, NO_THRESHOLD, 0.3),
        (0.3, None, 0.3),
        (NO_THRESHOLD, 0.3, 0.3),
        (NO_THRESHOLD, NO_THRESHOLD, NO_THRESHOLD),
    ],
)
def test_a_model_asks_from_the_expected_threshold_where_there_is_one(
    proven: float, expected: float | None, asked_from: float
) -> None:
    made = Promise(proven, SHARE, 0.975, 0.02, 0.04, 400, 300.0, expected_above=expected)
    assert made.asked_from == asked_from
    bundle = with_promise(Bundle({}, {}, {}, {}), made)
    assert bundle.asks_from == asked_from
    caps = vary(POLICY, {"caps.ask_above": 0.0, "caps.ask_above_unproven": 0.0})
    assert ask_floor(caps, thresholds_of(bundle)) == asked_from
    assert (asked_from >= bundle.thresholds.get(PROVEN, 1.0)) == (proven <= asked_from)
    words = " ".join(promise_sentences(made))
    assert ("It asks from 0.300 on all the same" in words) == (proven < asked_from)


def test_a_threshold_that_the_monitor_raised_is_the_only_one() -> None:
    made = Bundle({}, {}, {PROVEN: 0.8, EXPECTED: 0.3, "person_above": 0.9}, {})
    raised = tightened(made, 0.5, {})
    assert raised.asks_from == 0.5
    assert raised.thresholds == {PROVEN: 0.5, "person_above": 0.9}


@pytest.mark.parametrize(("rules", "left"), [(0.02, "3.0%"), (0.07, "1.0%")])
def test_what_is_expected_says_how_much_of_it_is_the_scores(rules: float, left: str) -> None:
    made = Promise(NO_THRESHOLD, SHARE, 0.975, rules, 0.09, 400, 300.0, rules=rules,
                   expected_above=0.3)  # fmt: skip
    assert f"bothers no more than {left} of the honest" in " ".join(promise_sentences(made))
