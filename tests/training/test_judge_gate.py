"""The gate lets equals and betters through, keeps the worse back, and says why."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from training.judge.evaluate import Evaluation, amount_bands, segment_table
from training.judge.gate import check_segments, gate, pool_small_segments
from training.judge.gate_result import GateCheck

HASHES = {"a": "1", "b": "2"}


@cache
def world() -> pd.DataFrame:
    """Judged rows whose probability is the truth itself."""
    rng = np.random.default_rng(0)
    count = 6_000
    probability = expit(rng.normal(-3, 1.6, count))
    frame = pd.DataFrame(
        {
            "refund_id": [f"r{at}" for at in range(count)],
            "customer_id": rng.integers(0, 4_000, count).astype(str),
            "as_of": 1,
            "requested_at": rng.integers(0, 200 * 86_400_000, count),
            "stage": "request",
            "lane": rng.choice(["standard", "no_reason"], count),
            "reason_code": rng.choice(["damaged", "late", "rare"], count, p=[0.6, 0.39, 0.01]),
            "amount": rng.lognormal(4, 1, count),
            "currency": "CNY",
            "weight": 1.0,
            "selected_by": "rule",
            "y": (rng.random(count) < probability).astype(float),
            "probability": probability,
            "floor": 0.0,
        }
    )
    return frame.assign(amount_band=amount_bands(frame))


def judged(probability: np.ndarray, ask_above: float = 0.5, promised: float = 0.05) -> Evaluation:
    rows = world().assign(probability=probability)
    return Evaluation("digest", rows, {}, {}, segment_table(rows, ask_above), ask_above, promised)


def told() -> np.ndarray:
    return world()["probability"].to_numpy()


def blurred(noise: float) -> np.ndarray:
    rng = np.random.default_rng(1)
    blurry: np.ndarray = expit(logit(told()) + rng.normal(0, noise, len(told())))
    return blurry


def put(rival: Evaluation, champion: Evaluation | None, **more: Any) -> dict[str, GateCheck]:
    asked: dict[str, Any] = {"available": HASHES, "features": HASHES, "draws": 60, **more}
    verdict = gate(rival, champion, **asked)
    found = {check.name: check for check in verdict.checks}
    assert verdict.allowed == all(check.passed for check in verdict.checks)
    assert len(verdict.refusals) == sum(not check.passed for check in verdict.checks)
    return found


def test_the_first_has_no_rival_to_beat() -> None:
    found = put(judged(told()), None)
    assert set(found) == {"features", "rows", "promise", "calibration"}
    assert all(check.passed for check in found.values())


def test_its_equal_passes() -> None:
    assert all(check.passed for check in put(judged(told()), judged(told())).values())


def test_the_better_passes() -> None:
    assert all(check.passed for check in put(judged(told()), judged(blurred(2.0))).values())


def test_the_worse_stays_back_on_money_and_recall() -> None:
    found = put(judged(blurred(2.5)), judged(told()))
    assert not found["money saved"].passed
    assert not found["abuse found"].passed
    assert found["features"].passed


def test_a_missing_and_a_changed_feature_are_named() -> None:
    found = put(judged(told()), None, available={"a": "0"})
    assert not found["features"].passed
    assert "a, b" in found["features"].why


def test_a_bar_that_bothers_too_many_breaks_the_promise() -> None:
    found = put(judged(told(), ask_above=0.05), judged(told()))
    assert not found["promise"].passed


def test_a_champion_that_bothers_more_does_not_stay_for_a_broken_promise() -> None:
    found = put(judged(told(), ask_above=0.05), judged(told(), ask_above=0.04))
    assert found["promise"].passed
    assert "the champion: " in found["promise"].why
    assert not put(judged(told(), ask_above=0.05), judged(told(), ask_above=0.06))["promise"].passed


def test_what_the_first_does_not_keep_is_noted_and_does_not_stop_it() -> None:
    found = put(judged(told(), ask_above=0.05), None)
    assert found["promise"].passed
    assert "noted" in found["promise"].why
    assert not put(judged(told()), None, available={})["features"].passed


def test_the_promise_counts_whom_the_policy_bothers() -> None:
    rows = world().assign(probability=told(), bothered=0.0, held=1.0, rule=None)
    spared = Evaluation("digest", rows, {}, {}, segment_table(rows, 0.05), 0.05, 0.05)
    found = put(spared, judged(told()))["promise"]
    assert found.passed
    assert "100.0% wait for the shop or the courier" in found.why


def test_each_is_held_to_its_own_promise() -> None:
    broken = put(judged(told(), promised=0.001), judged(told(), promised=0.001))["promise"]
    assert not broken.passed
    assert "promised at most 0.1%" in broken.why
    assert put(judged(told(), promised=0.05), judged(told()))["promise"].passed


def test_a_weaker_promise_stays_back_unless_a_reason_accepts_it() -> None:
    weaker, strict = judged(told(), promised=0.05), judged(told(), promised=0.02)
    refused = put(weaker, strict)["promised share"]
    assert not refused.passed
    assert refused.why == "at most 5.0% of honest requests, the champion 2.0%"
    accepted = put(weaker, strict, weaker_promise="the policy allows more")["promised share"]
    assert accepted.passed
    assert "accepted: the policy allows more" in accepted.why
    for promised in (0.02, 0.01):
        assert put(judged(told(), promised=promised), strict)["promised share"].passed


def test_one_that_promises_nothing_is_weaker_than_any() -> None:
    nothing = judged(told(), promised=1.0)
    assert not put(nothing, judged(told()))["promised share"].passed
    assert put(judged(told()), nothing)["promised share"].passed


def test_probabilities_twice_too_high_are_not_sane() -> None:
    found = put(judged(expit(logit(told()) + 1.5), ask_above=0.9), judged(told()))
    assert not found["calibration"].passed


def test_one_hurt_segment_is_enough_and_is_named() -> None:
    hurt = (world()["reason_code"] == "late").to_numpy()
    probability = np.where(hurt, 1 - told(), told())
    found = put(judged(probability), judged(told()))
    assert not found["segments"].passed
    assert "reason_code late" in found["segments"].why
    assert "damaged" not in found["segments"].why


def test_luck_in_many_segments_is_no_harm() -> None:
    refused = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        nudged = expit(logit(told()) + rng.normal(0, 0.15, len(told())))
        refused += not check_segments(judged(nudged), judged(told())).passed
    assert refused <= 1


def test_small_segments_are_put_together_or_left_out() -> None:
    y = np.tile([0.0, 1.0], 400)
    names = pd.Series(["big"] * 600 + ["a"] * 100 + ["b"] * 100)
    assert set(pool_small_segments(names, y)) == {"big", "(smaller ones)"}
    assert set(pool_small_segments(names[:650], y[:650])) == {"big", ""}


def test_they_must_be_judged_on_the_same_rows() -> None:
    other = judged(told())
    shuffled = Evaluation(
        "other", other.rows.sample(frac=1, random_state=0), {}, {}, other.segments, 0.5
    )
    assert not put(judged(told()), shuffled)["rows"].passed


def test_rows_of_one_kind_only_open_nothing() -> None:
    rows = world()[world()["y"] < 0.5]
    honest = Evaluation("d", rows, {}, {}, segment_table(rows, 0.5), 0.5)
    assert not put(honest, honest)["rows"].passed


@pytest.mark.parametrize("passed", [True, False])
def test_answers_found_elsewhere_count(passed: bool) -> None:
    verdict = gate(
        judged(told()), None, available=HASHES, features=HASHES, draws=50,
        extra_checks=[GateCheck("drift", passed, "amounts doubled")],
    )  # fmt: skip
    assert verdict.allowed is passed
    assert verdict.to_json()["checks"][-1]["why"] == "amounts doubled"
