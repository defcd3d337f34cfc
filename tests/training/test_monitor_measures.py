"""What the monitor counts, against slow and obvious countings."""

from __future__ import annotations

from math import isnan, log

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings

from risk.features.catalog import catalogue
from risk.history.monitor_reports import Estimate
from training.monitor.agreement import clopper_pearson, findings_by_tier, reviewer_agreement
from training.monitor.calibration_check import (
    calibration_by_month,
    calibration_by_segment,
    miscalibrated,
)
from training.monitor.challenger import ROLES, labelled_requests, measure_differences
from training.monitor.drift import (
    BINS,
    MIN_ROWS,
    drifted_features,
    feature_drift,
    memory_of,
    population_stability_index,
)
from training.monitor.friction import ANSWERED, Friction, bothered, reaching, tighten
from training.monitor.friction import by_month as bothered_by_month

DAY = 86_400_000
START = 1_767_225_600_000
VALUES = st.lists(
    st.one_of(st.just(float("nan")), st.integers(0, 6).map(float), st.floats(-9, 9)),
    min_size=MIN_ROWS, max_size=120,
)  # fmt: skip


def naive_psi(before: list[float], after: list[float]) -> float:
    """Bin by bin: how the share of the later sample differs from that of the earlier one."""
    known = [value for value in before if not isnan(value)]
    tenths = np.linspace(0, 1, BINS + 1)[1:-1]
    edges = sorted(set(np.quantile(known, tenths).tolist())) if known else []

    def bin_of(value: float) -> int:
        return -1 if isnan(value) else sum(value >= edge for edge in edges)

    def shares(values: list[float]) -> list[float]:
        found = [bin_of(value) for value in values]
        counts = [found.count(one) + 0.5 for one in range(-1, len(edges) + 1)]
        return [count / sum(counts) for count in counts]

    pairs = zip(shares(before), shares(after), strict=True)
    return sum((new - old) * log(new / old) for old, new in pairs)


@settings(max_examples=25)
@given(VALUES, VALUES)
def test_drift_is_the_population_stability_index(before: list[float], after: list[float]) -> None:
    found = population_stability_index(np.array(before), np.array(after))
    assert found == pytest.approx(naive_psi(before, after), abs=1e-9)
    assert found >= 0


def asked_over(days: int, size: int) -> np.ndarray:
    return START + np.linspace(0, days * DAY, size).astype(np.int64)


def test_what_shifted_drifts_and_what_did_not_stays_within_luck() -> None:
    rng = np.random.default_rng(0)
    size = 4_000
    frame = pd.DataFrame({"requested_at": asked_over(300, size)})
    late = (frame["requested_at"] > frame["requested_at"].max() - 30 * DAY).to_numpy()
    same = {f"calm_{at}": rng.normal(size=size) for at in range(40)}
    frame = frame.assign(
        **same, moved=rng.normal(size=size) + late, gone=np.where(late, np.nan, 1.0)
    )
    table = feature_drift(frame, [*same, "moved", "gone"])
    assert set(drifted_features(table).index) == {"moved", "gone"}
    assert list(table.index[:2]) == ["gone", "moved"]
    calm = table.loc[list(same)]
    assert (calm["psi"] < calm["chance"]).all()
    assert calm["psi"].gt(0).all()


def test_luck_is_as_large_as_it_is_said_to_be() -> None:
    """Of many samples of one thing, about one in a thousand passes the limit, and half pass half
    of the mean."""
    rng, over, found = np.random.default_rng(1), 0, []
    frame = pd.DataFrame({"requested_at": asked_over(60, 600)})
    for _ in range(40):
        names = [f"f{at}" for at in range(25)]
        table = feature_drift(frame.assign(**{n: rng.normal(size=600) for n in names}), names)
        over += int((table["psi"] > table["chance"]).sum())
        found += (table["psi"] / table["chance"]).tolist()
    assert over <= 6
    assert 0.2 < float(np.median(found)) < 0.45


@pytest.mark.parametrize(("days", "told"), [(200, False), (1_200, True)])
def test_what_grows_with_a_young_shop_is_no_drift(days: int, *, told: bool) -> None:
    """Days since the first order, at most a year; in a grown shop a real change is told."""
    size = 4_000
    asked = asked_over(days, size) - days * DAY
    known = np.minimum((asked - asked[0]) / DAY, 365.0)
    fell = np.where(asked > asked[-1] - 30 * DAY, known / 3, known)
    frame = pd.DataFrame({"requested_at": asked, "days_since": known, "fell": fell})
    memory = dict.fromkeys(["days_since", "fell"], 365 * DAY)
    assert "days_since" in drifted_features(feature_drift(frame, ["days_since"])).index or told
    table = feature_drift(frame, ["days_since", "fell"], memory)
    assert list(drifted_features(table).index) == (["fell"] if told else [])


def test_features_look_back_as_far_as_their_windows() -> None:
    memory = memory_of(catalogue())
    assert memory["customer_requests_30d"] == 30 * DAY
    assert memory["days_since_first_order"] == memory["ring_oldest_days"] == 365 * DAY
    assert 0 in memory.values()


def test_too_few_requests_tell_no_drift() -> None:
    frame = pd.DataFrame({"requested_at": asked_over(300, 60), "one": np.arange(60.0)})
    table = feature_drift(frame, ["one"])
    assert table["psi"].isna().all()
    assert drifted_features(table).empty


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
            "probability": np.where(high, 0.6, 0.02), "weight": np.nan,
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


def outcomes(*rows: tuple[str, str, int, str]) -> pa.Table:
    names = ("refund_id", "decided_by", "decided_at", "verdict")
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
    return table.append_column("known_at", table["decided_at"])


def test_people_agree_by_their_last_words() -> None:
    found = reviewer_agreement(
        outcomes(
            ("R1", "merchant", 1, "abuse"), ("R1", "platform", 2, "fraud"),
            ("R2", "merchant", 1, "fraud"), ("R2", "merchant", 3, "legitimate"),
            ("R2", "platform", 4, "fraud"), ("R3", "merchant", 1, "abuse"),
            ("R4", "system", 1, "abuse"), ("R4", "platform", 2, "legitimate"),
            ("R5", "merchant", 1, "undetermined"), ("R5", "platform", 2, "legitimate"),
            ("R2", "appeal", 5, "courier_fault"),
        )
    )  # fmt: skip
    told = {row.pair: (row.requests, row.agree) for row in found.itertuples()}
    assert told == {
        "merchant, then platform": (2, 0.5), "merchant, then appeal": (1, 1.0),
        "platform, then appeal": (1, 0.0),
    }  # fmt: skip
    assert reviewer_agreement(outcomes(("R1", "merchant", 1, "abuse"))).empty


def test_of_one_deciders_findings_the_one_known_last_counts() -> None:
    made = outcomes(
        ("R1", "merchant", 1, "abuse"), ("R1", "merchant", 2, "legitimate"),
        ("R1", "platform", 3, "abuse"), ("R2", "merchant", 1, "abuse"),
        ("R2", "merchant", 2, "undetermined"), ("R2", "platform", 3, "abuse"),
    )  # fmt: skip
    known = pa.array([9, 2, 3, 1, 2, 3])
    found = reviewer_agreement(made.set_column(4, "known_at", known))
    (row,) = found.itertuples()
    assert (row.pair, row.requests, row.agree) == ("merchant, then platform", 1, 1.0)


def test_a_request_counts_under_its_first_tier() -> None:
    served = pd.DataFrame(
        [("R1", 2, "approve"), ("R1", 1, "request_evidence"), ("R2", 1, "approve"),
         ("R3", 1, "approve")],
        columns=["refund_id", "decided_at", "tier"],
    )  # fmt: skip
    known = pd.DataFrame({"refund_id": ["R1", "R2", "R3"], "y": [1.0, 0.0, np.nan]})
    found = findings_by_tier(served, known).set_index("tier")
    assert found.loc["approve", ["requests", "labelled", "abusive"]].tolist() == [2, 1, 0.0]
    assert found.loc["request_evidence", ["requests", "abusive"]].tolist() == [1, 1.0]
    assert found.loc["platform_intervention", "requests"] == 0


def answered(rng: np.random.Generator, size: int, sharper: float) -> pd.DataFrame:
    """Requests with a finding, whose second model is sharper than the first by so much."""
    truth = (rng.random(size) < 0.3).astype(float)
    line = truth * 1.5 - 1 + rng.normal(size=size)
    odds = {"champion": line, "challenger": line + sharper * truth}
    chances = {who: 1 / (1 + np.exp(-one)) for who, one in odds.items()}
    return pd.DataFrame(
        {
            "refund_id": [f"R{n}" for n in range(size)], "y": truth,
            "customer_id": [f"C{n}" for n in rng.integers(0, size // 2, size)],
            "weight": rng.uniform(0.5, 2, size), "worth": rng.uniform(1, 100, size),
            **{f"probability_{who}": chances[who] for who in ROLES},
            **{f"bothered_{who}": chances[who] > 0.5 for who in ROLES},
            **{f"held_{who}": chances[who] > 0.3 for who in ROLES},
        }
    )  # fmt: skip


def test_a_sharper_challenger_is_surely_better_and_an_equal_one_is_not() -> None:
    rows = answered(np.random.default_rng(8), 800, 1.5)
    better = {one.name: one.better for one in measure_differences(rows)}
    assert better == {
        "honest_bothered": "", "honest_waiting": "", "abuse_stopped": "challenger",
        "auc": "challenger", "log_loss": "challenger",
    }  # fmt: skip
    even = measure_differences(answered(np.random.default_rng(9), 800, 0.0))
    assert [one.better for one in even] == [""] * 5
    assert all(one.difference == Estimate(0, 0, 0) for one in even)
    swapped = rows.rename(
        columns={f"{what}_{a}": f"{what}_{b}" for what in ("probability", "bothered", "held")
                 for a, b in (ROLES, ROLES[::-1])}
    )  # fmt: skip
    assert {one.better for one in measure_differences(swapped)} == {"champion", ""}


def test_a_measure_is_the_weighted_share_of_what_it_says() -> None:
    rows = answered(np.random.default_rng(10), 300, 0.4)
    found = {one.name: one for one in measure_differences(rows)}
    honest, abusive = rows[rows["y"] < 0.5], rows[rows["y"] >= 0.5]
    for who in ROLES:
        told = {name: getattr(one, who).value for name, one in found.items()}
        share_bothered = np.average(honest[f"bothered_{who}"], weights=honest["weight"])
        money = abusive["weight"] * abusive["worth"]
        stopped = (money * abusive[f"held_{who}"]).sum() / money.sum()
        waits = honest[f"held_{who}"] & ~honest[f"bothered_{who}"]
        share_waiting = np.average(waits, weights=honest["weight"])
        assert told["honest_bothered"] == pytest.approx(share_bothered)
        assert told["honest_waiting"] == pytest.approx(share_waiting)
        assert told["abuse_stopped"] == pytest.approx(stopped)
    for one in found.values():
        gap = one.challenger.value - one.champion.value
        assert one.difference.value == pytest.approx(gap)
        assert one.difference.low <= gap <= one.difference.high


def test_too_few_findings_say_nothing() -> None:
    rows = answered(np.random.default_rng(11), 60, 1.0)
    assert measure_differences(rows[rows["y"] < 0.5]) == []
    assert measure_differences(rows.iloc[:0]) == []


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
    waits = labelled_requests(rows.assign(asked=[["courier"]] * 4), known)
    assert waits["bothered_challenger"].tolist() == [False, False]
    assert waits["held_challenger"].tolist() == [True, False]
    assert found["probability_champion"].tolist() == [0.1, 0.3]


def test_an_estimate_is_sure_when_it_leaves_zero_out() -> None:
    assert Estimate(0.2, 0.1, 0.3).sure
    assert Estimate(-0.2, -0.3, -0.1).sure
    assert not Estimate(0.2, -0.1, 0.3).sure
