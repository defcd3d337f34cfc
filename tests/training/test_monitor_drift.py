"""Drift and the share of luck in it, against slow and obvious countings."""

from __future__ import annotations

from math import isnan, log

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from risk.features.catalog import catalogue
from tests.training.monitored import DAY, START
from training.monitor.drift import (
    BINS,
    MIN_ROWS,
    drifted_features,
    feature_drift,
    memory_of,
    population_stability_index,
)

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
