"""What another policy would have done: intervals, queues and costs against obvious computations."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from risk.facts.units import HOUR_MS, MINUTE_MS
from risk.policy import Thresholds, decide, load, vary
from tests.shops import Shop, quiet
from training.check.backtest import (
    BacktestCases,
    against,
    by_segment,
    interval,
    prepare,
    run,
    summary,
)
from training.check.staffing import Staff, queue
from training.promote import bundle_at

pytestmark = pytest.mark.whole

START = 1_772_323_200_000


def labelled(rng: np.random.Generator, size: int) -> pd.DataFrame:
    """Rows of a few customers with weights and costs."""
    return pd.DataFrame(
        {
            "customer_id": [f"C{n}" for n in rng.integers(0, max(2, size // 3), size)],
            "weight": rng.uniform(0.2, 5, size), "bothered": rng.integers(0, 2, size) * 1.0,
            "stopped": rng.uniform(0, 90, size), "exposure": rng.uniform(90, 99, size),
        }
    )  # fmt: skip


@given(st.integers(0, 10**6), st.integers(1, 30))
@settings(max_examples=15)
def test_an_interval_is_a_weighted_share_and_a_bootstrap_of_customers(seed: int, size: int) -> None:
    rows = labelled(np.random.default_rng(seed), size)
    for part, whole in (("bothered", "one"), ("stopped", "exposure")):
        found = interval(rows, part, whole, draws=20)
        below = rows["weight"] * (1 if whole == "one" else rows[whole])
        assert found.value == pytest.approx((rows["weight"] * rows[part]).sum() / below.sum())
        shares = naive_bootstrap(rows, part, whole, 20)
        assert (found.low, found.high) == pytest.approx(tuple(np.quantile(shares, [0.025, 0.975])))
        assert found.low - 1e-9 <= np.median(shares) <= found.high + 1e-9


def naive_bootstrap(rows: pd.DataFrame, part: str, whole: str, draws: int) -> list[float]:
    """Each draw takes as many customers as there are, with replacement, and sums their rows."""
    customers = sorted(rows["customer_id"].unique())
    rng, shares = np.random.default_rng(0), []
    even = np.full(len(customers), 1 / len(customers))
    for counts in rng.multinomial(len(customers), even, draws):
        above = below = 0.0
        for customer, times in zip(customers, counts, strict=True):
            for row in rows[rows["customer_id"] == customer].to_dict("records"):
                above += times * row["weight"] * row[part]
                below += times * row["weight"] * (1 if whole == "one" else row[whole])
        shares.append(above / below)
    return shares


def test_of_nothing_there_is_no_interval() -> None:
    assert np.isnan(interval(labelled(np.random.default_rng(0), 1).iloc[:0], "bothered", "one").low)


CASES = st.lists(st.tuples(st.integers(0, 240), st.integers(1, 120)), min_size=1, max_size=25)


def cases(told: list[tuple[int, int]]) -> pd.DataFrame:
    """Cases by the minute they come in and the minutes until they are due."""
    asked = [START + at * MINUTE_MS for at, _ in told]
    due = [at + left * MINUTE_MS for at, (_, left) in zip(asked, told, strict=True)]
    return pd.DataFrame({"requested_at": asked, "respond_by": due})


def naive_missed(told: list[tuple[int, int]], reviewers: int, takes: int) -> int:
    """Minute by minute: whoever is free takes what is due first."""
    busy, missed, minute = [0] * reviewers, 0, 0
    waiting: list[int] = []
    coming = sorted((at, at + left) for at, left in told)
    while coming or waiting:
        waiting += [due for at, due in coming if at == minute]
        coming = [case for case in coming if case[0] != minute]
        for who, until in enumerate(busy):
            if until <= minute and waiting:
                waiting.sort()
                missed += minute + takes > waiting.pop(0)
                busy[who] = minute + takes
        minute += 1
    return missed


@settings(max_examples=150)
@given(CASES, st.integers(1, 3), st.integers(1, 40))
def test_a_queue_misses_what_one_that_is_watched_every_minute_misses(
    told: list[tuple[int, int]], reviewers: int, takes: int
) -> None:
    _, missed, _ = queue(cases(told), Staff(reviewers, takes))
    assert missed == naive_missed(told, reviewers, takes)


def test_a_queue_is_counted_by_the_hour() -> None:
    hour = HOUR_MS // MINUTE_MS
    told = [(0, 600), (1, 600), (5 * hour, 600), (10 * hour, 600)]
    per_hour, missed, busiest = queue(cases(told), Staff())
    assert (per_hour, missed, busiest) == (0.4, 0, 2)
    assert queue(cases(told).iloc[:0], Staff()) == (0.0, 0, 0)
    assert queue(cases([(0, 10)] * 5), Staff(1, 15.0)) == (5.0, 5, 5)


@pytest.fixture(scope="module")
def replayed(shop: Shop) -> BacktestCases:
    twin = bundle_at(shop.registry, "champion", twin=True)
    return prepare(shop.history, twin, int(twin.about["trained_until"]), quiet)


def test_only_requests_the_twin_has_not_learned_from_are_replayed(
    shop: Shop, replayed: BacktestCases
) -> None:
    since = int(bundle_at(shop.registry, "champion", twin=True).about["trained_until"])
    assert (replayed.frame["requested_at"] >= since).all()
    assert len(replayed.cases) == len(replayed.frame) > 100
    known = replayed.frame["y"].notna()
    assert replayed.frame.loc[known, "weight"].gt(0).all()
    assert [case.requested_at for case in replayed.cases] == replayed.frame["requested_at"].tolist()


def test_what_a_policy_costs_is_what_its_rulings_cost(replayed: BacktestCases) -> None:
    policy = load(None)
    found = run(policy, replayed)
    assert len(found) == len(replayed.cases)
    for at in range(0, len(found), 7):
        row = found.iloc[at]
        chance = replayed.by_lane[row["lane"]][at]
        case = replayed.cases[at]
        again = decide(policy, replace(case, probability=float(chance)), replayed.thresholds)
        assert row["tier"] == again.tier
        assert row["bothered"] == float(again.bothers)
        assert row["bothered"] + row["waits"] == float(again.tier != "approve")
        abusive = bool(replayed.frame["y"].iloc[at] >= 0.5)
        assert row["cost"] == pytest.approx(again.cost(abusive=abusive))
    numbers = summary(found)
    honest = found[found["y"] < 0.5]
    share = np.average(honest["bothered"], weights=honest["weight"])
    assert numbers["honest_bothered"].value == pytest.approx(share)
    assert numbers["requests"] == len(found) == sum(numbers["tiers"].values())
    assert numbers["labelled"] == found["y"].notna().sum()


def test_a_dearer_insult_bothers_fewer_honest_people(replayed: BacktestCases) -> None:
    policy, eager = load(None), replace(replayed, thresholds=Thresholds(0.05))
    low, high = (
        summary(run(vary(policy, {"costs.asked": asked, "costs.accused": accused}), eager), draws=9)
        for asked, accused in ((0.0, 10.0), (800.0, 900.0))
    )
    assert high["honest_bothered"].value < low["honest_bothered"].value
    assert high["saved_share"].value < low["saved_share"].value
    assert high["tiers"]["approve"] > low["tiers"]["approve"]


def test_segments_large_enough_are_judged_alone(replayed: BacktestCases) -> None:
    found = run(load(None), replayed)
    segments = by_segment(found, smallest=20)
    assert {"lane=standard"} <= set(segments["segment"])
    for row in segments.to_dict("records"):
        column, _, value = row["segment"].partition("=")
        part = found[(found[column] == value) & found["y"].notna()]
        assert row["labelled"] == len(part) >= 20
        honest = part[part["y"] < 0.5]
        share = np.average(honest["bothered"], weights=honest["weight"])
        assert row["honest_bothered"] == pytest.approx(share)


def test_the_same_answer_costs_what_the_given_prices_say(replayed: BacktestCases) -> None:
    policy = load(None)
    dear = vary(policy, {"costs.asked": 16.0, "costs.accused": 60.0, "handling.person": 99.0})
    own, other = run(policy, replayed), run(policy, replayed, dear)
    assert other["tier"].equals(own["tier"])
    asked = (own["tier"] == "request_evidence") & (own["y"] < 0.5)
    put_before = (own["tier"] == "platform_intervention") & (own["y"] < 0.5)
    for chosen, more in ((asked, {0.0, 12.0}), (put_before, {89.0})):
        gap = (other["cost"] - own["cost"])[chosen].round(9)
        assert set(gap) <= more
    assert asked.any() | put_before.any()
    approved = own["tier"] == "approve"
    assert (other["cost"] - own["cost"])[approved].abs().max() < 1e-9
    back = run(dear, replayed, policy)
    same = back["tier"] == own["tier"]
    assert same.any()
    assert (back["cost"] - own["cost"])[same].abs().max() < 1e-9


def test_policies_are_compared_on_the_same_customers_drawn_for_both(
    replayed: BacktestCases,
) -> None:
    policy = load(None)
    base, rival = run(policy, replayed), run(vary(policy, {"costs.asked": 30.0}), replayed)
    gaps = against(rival, base)
    one, other = summary(rival), summary(base)
    for name, gap in gaps.items():
        assert gap.value == pytest.approx(one[name].value - other[name].value)
        assert gap.low - 1e-12 <= gap.value <= gap.high + 1e-12
        alone = (one[name].high - one[name].low) + (other[name].high - other[name].low)
        assert gap.high - gap.low <= alone + 1e-12
    nothing = against(base, base)
    assert all((gap.value, gap.low, gap.high) == (0, 0, 0) for gap in nothing.values())
