"""Calibration and the share of honest customers bothered, against slow and obvious countings."""

from __future__ import annotations

from math import isnan

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from risk.decisions.honest_groups import READ
from risk.history.monitor_reports import Estimate
from tests.training.monitored import DAY, START
from training.monitor.agreement import clopper_pearson
from training.monitor.calibration_check import (
    calibration_by_month,
    calibration_by_segment,
    miscalibrated,
)
from training.monitor.challenger import labelled_requests
from training.monitor.friction import ANSWERED, Friction, reaching, tighten
from training.monitor.friction import by_month as bothered_by_month
from training.monitor.group_shares import bothered, group_sentences, group_shares


def test_calibration_counts_labelled_requests_by_month() -> None:
    told = ["2026-01-31T23:59Z", "2026-02-01T00:00Z", "2026-02-09T00:00Z", "2026-02-10T00:00Z"]
    asked = pd.to_datetime([*told, "2026-02-11T00:00Z"]).as_unit("ms").astype("int64")
    rows = pd.DataFrame(
        {"requested_at": asked, "y": [1.0, 0.0, 1.0, np.nan, 1.0],
         "probability": [0.5, 0.25, 0.5, 0.9, np.nan]}
    )  # fmt: skip
    first, second = calibration_by_month(rows).to_dict("records")
    assert (first["month"], first["labelled"], first["observed"]) == ("2026-01", 1, 1.0)
    assert (second["month"], second["labelled"], second["observed"]) == ("2026-02", 2, 1.0)
    assert second["expected"] == 0.75
    reach = 1.96 * np.sqrt(0.25 * 0.75 + 0.5 * 0.5)
    assert second["high"] == pytest.approx(0.75 + reach)
    assert second["low"] == 0


def judged(rng: np.random.Generator, size: int, lean: float = 1.0) -> pd.DataFrame:
    """Labelled request rows whose probabilities are right but for a factor."""
    chance = rng.beta(1, 6, size)
    return pd.DataFrame(
        {
            "y": (rng.random(size) < np.clip(chance * lean, 0, 1)).astype(float),
            "probability": chance, "weight": 1.0, "stage": "request", "currency": "CNY",
            "amount": rng.uniform(1, 100, size), "customer_id": [f"C{n}" for n in range(size)],
        }
    )  # fmt: skip


def test_a_part_is_off_only_when_surely_so() -> None:
    rng = np.random.default_rng(2)
    right = calibration_by_segment(judged(rng, 4_000))
    assert {"top 5 %", "stage request", "amount q1", "amount q4"} <= set(right["segment"])
    assert miscalibrated(right).empty
    whole = right.set_index("segment").loc["stage request"]
    assert whole["low"] < whole["ratio"] < whole["high"]
    off = miscalibrated(calibration_by_segment(judged(rng, 4_000, lean=2.0)))
    assert "stage request" in set(off["segment"])
    assert (off["low"] > 1.25).all()


def test_parts_with_too_little_in_them_say_nothing() -> None:
    rng = np.random.default_rng(3)
    assert calibration_by_segment(judged(rng, 40)).empty
    assert miscalibrated(calibration_by_segment(judged(rng, 40))).empty
    unlabelled = judged(rng, 400).assign(y=np.nan)
    assert calibration_by_segment(unlabelled).empty


def lives(rng: np.random.Generator, size: int, over: float) -> pd.DataFrame:
    """Honest requests whose highest bars are even, and a bar at 1 - `over`."""
    peak = rng.random(size)
    return pd.DataFrame(
        {
            "refund_id": [f"R{n}" for n in range(size)],
            "customer_id": [f"C{n}" for n in rng.integers(0, size, size)],
            "requested_at": START + rng.integers(0, 80, size) * DAY,
            "weight": rng.uniform(0.5, 2, size), "peak": peak, "bothered": peak >= 1 - over,
            "waits": (peak < 1 - over) & (peak > 0.5),
        }
    )  # fmt: skip


def test_the_share_bothered_is_weighted_and_counted_by_month() -> None:
    rows = lives(np.random.default_rng(4), 900, 0.1)
    found = bothered(rows)
    assert found.value == pytest.approx(np.average(rows["bothered"], weights=rows["weight"]))
    assert found.low < 0.1 < found.high
    waits = bothered(rows, "waits")
    assert waits.value == pytest.approx(np.average(rows["waits"], weights=rows["weight"]))
    months = bothered_by_month(rows)
    assert months["honest"].sum() == 900
    assert list(months["month"]) == ["2026-01", "2026-02", "2026-03"]
    assert isnan(bothered(rows.iloc[:0]).value)


@pytest.mark.parametrize(("lately", "noticed"), [(0.04, False), (0.08, True)])
def test_doubled_scores_are_noticed_within_a_month_and_without_a_finding(
    lately: float, noticed: bool
) -> None:
    rng, size = np.random.default_rng(12), 8_000
    day = rng.integers(0, 120, size)
    high = rng.random(size) < np.where(day > 92, lately, 0.04)
    rows = pd.DataFrame(
        {
            "customer_id": [f"C{n}" for n in range(size)], "requested_at": START + day * DAY,
            "stage": "request", "y": np.where(rng.random(size) < 0.1, 0.0, np.nan),
            "probability": np.where(high, 0.6, 0.02), "weight": np.nan, "floor": 0.0,
        }
    )  # fmt: skip
    found = Friction(
        ANSWERED, 0.05, rows.iloc[:0], Estimate(0.02, 0.0, 0.03), 0.0, 900, 0.3, None,
        reaching=reaching(rows, 0.3), allowed=0.05,
    )  # fmt: skip
    assert found.reaching.low < lately < found.reaching.high
    assert found.shifted is noticed
    assert not found.broken
    abusive = rows.assign(y=np.where(high, 1.0, 0.0))
    assert reaching(abusive, 0.3).value == 0.0


def test_a_group_that_its_score_bothers_too_often_is_told() -> None:
    rng, size = np.random.default_rng(3), 4_000
    family = rng.random(size) < 0.3
    by_score = rng.random(size) < np.where(family, 0.06, 0.01)
    rule = rng.random(size) < 0.1
    made = lives(rng, size, 0.0).assign(
        refund_id=[f"R{n}" for n in range(size)],
        bothered=by_score | rule,
        peak=np.where(rule, 1.0, 0.5),
    )
    rows = made[["refund_id"]].assign(stage="request", **dict.fromkeys(READ, np.nan))
    rows["phone_newest_days"] = np.where(family, 300.0, np.nan)
    [(name, found)] = group_shares(made, rows).items()
    assert (name, found.honest) == ("household", family.sum())
    assert found.share == bothered(made[family].assign(bothered=(by_score & ~rule)[family]))
    every = float((by_score & ~rule).mean())
    assert len(list(group_sentences({name: found}, every))) == 1
    [warned] = group_sentences({name: found}, every, beyond=True)
    assert "honest households bothered by their score" in warned["en"]
    assert not list(group_sentences({name: found}, 0.06, beyond=True))


def test_a_tighter_bar_keeps_the_promise() -> None:
    rows = lives(np.random.default_rng(5), 3_000, 0.1)
    to = tighten(rows, 0.05, 0.9)
    assert to is not None
    assert 0.95 < to < 0.99
    assert bothered(rows.assign(bothered=rows["peak"] >= to)).high < 0.06


def test_with_few_requests_it_is_the_bar_that_would_just_have_kept_it() -> None:
    rows = lives(np.random.default_rng(6), 40, 0.2)
    to = tighten(rows, 0.05, 0.8)
    assert to is not None
    again = bothered(rows.assign(bothered=rows["peak"] >= to))
    assert again.value <= 0.05
    below = rows["peak"][rows["peak"] < to].max()
    assert bothered(rows.assign(bothered=rows["peak"] >= below)).value > 0.05


def test_where_rules_alone_bother_more_no_bar_helps() -> None:
    rows = lives(np.random.default_rng(7), 400, 0.1)
    always = rows.assign(peak=np.where(np.arange(400) < 80, 1.0, rows["peak"]))
    assert tighten(always, 0.05, 0.9) is None


@given(st.integers(0, 40), st.integers(1, 40))
def test_a_share_lies_in_its_interval(hits: int, more: int) -> None:
    value, low, high = clopper_pearson(hits, hits + more - 1 or 1)
    assert 0 <= low <= min(value, 1) <= high + 1e-12
    assert all(isnan(one) for one in clopper_pearson(0, 0))


def test_a_request_is_bothered_when_any_moment_of_its_life_was() -> None:
    tiers = ["approve", "request_evidence", "approve", "approve"]
    rows = pd.DataFrame(
        {"refund_id": ["R1", "R1", "R1", "R2"], "decided_at": [1, 2, 3, 1],
         "probability_champion": [0.1, 0.4, 0.2, 0.3], "tier_champion": tiers,
         "probability_challenger": [0.2, 0.1, 0.1, 0.6],
         "tier_challenger": ["approve", "request_evidence", "approve", "approve"],
         "asked": [["merchant"], ["merchant", "customer"], ["merchant"], []]}
    )  # fmt: skip
    known = pd.DataFrame({"refund_id": ["R1", "R2", "R3"], "y": [0.0, 1.0, 1.0]})
    found = labelled_requests(rows, known).set_index("refund_id")
    assert list(found.index) == ["R1", "R2"]
    assert found["bothered_champion"].tolist() == [True, False]
    assert found["bothered_challenger"].tolist() == [True, False]
    waits = labelled_requests(rows.assign(asked=pd.Series([["courier"]] * 4)), known)
    assert waits["bothered_challenger"].tolist() == [False, False]
    assert waits["held_challenger"].tolist() == [True, False]
    assert found["probability_champion"].tolist() == [0.1, 0.3]


def test_an_estimate_is_sure_when_it_leaves_zero_out() -> None:
    assert Estimate(0.2, 0.1, 0.3).sure
    assert Estimate(-0.2, -0.3, -0.1).sure
    assert not Estimate(0.2, -0.1, 0.3).sure
