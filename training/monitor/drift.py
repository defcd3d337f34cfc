"""Drift of features and scores: the population stability index (PSI) and its null distribution.

PSI below 0.1 is stable, above 0.25 a change to investigate (Siddiqi 2006, "Credit risk
scorecards"). Without a change it is distributed as (1/n + 1/m) times chi-squared with bins - 1
degrees of freedom (Yurdakul & Naranjo 2020, "Statistical properties of the population stability
index").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.stats import chi2

from risk.facts.units import DAY_MS
from risk.features.ring import RING
from risk.features.spec import Feature
from risk.history.monitor_reports import Estimate
from training.learn.split import latest_past

RECENT_DAYS = 30
REFERENCE_DAYS = 365
REFERENCE_MS = REFERENCE_DAYS * DAY_MS
BINS = 10
ALERT_PSI = 0.25
MIN_ROWS = 50
FALSE_ALARM_RATE = 0.001
"""Rate of false alarms for one feature without drift: a hundred features are tested."""


def memory_of(features: Sequence[Feature]) -> dict[str, int]:
    """How far (ms) each feature looks back by name, at most `REFERENCE_DAYS`: 0 for what only the
    case itself says."""
    return {
        feature.name: max(
            (min(m.window or REFERENCE_MS, REFERENCE_MS) for m in feature.measures
             if "@" in m.group or m.group == RING),
            default=0,
        )
        for feature in features
    }  # fmt: skip


def feature_drift(
    frame: pd.DataFrame, names: Sequence[str], memory: Mapping[str, int] = MappingProxyType({})
) -> pd.DataFrame:
    """`psi` and `chance` (its upper limit without drift) of each column, largest first.

    Compares the last `RECENT_DAYS` of `requested_at` with the `REFERENCE_DAYS` before now. What
    looks back by a `memory` (ms) grows while a shop is younger than that: a request counts once the
    first of all lies so far behind.
    """
    before, recent = windows(frame)
    age = (frame["requested_at"] - frame["requested_at"].min()).to_numpy()
    found = {
        name: _psi_and_limit(values[before & grown], values[recent & grown])
        for name in names
        for values in [frame[name].to_numpy(dtype=float)]
        for grown in [age >= memory.get(name, 0)]
    }
    table = pd.DataFrame.from_dict(found, orient="index", columns=["psi", "chance"])
    return table.astype(float).sort_values("psi", ascending=False)


def drifted_features(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `feature_drift` whose PSI is above `ALERT_PSI` and above its limit."""
    return table[(table["psi"] > ALERT_PSI) & (table["psi"] > table["chance"])]


def score_drifts(score: Estimate) -> bool:
    """Whether the probability drifts, by its index with its limit: the one verdict that command,
    report and overview give."""
    return score.value > score.high


def windows(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Masks (n,) of the reference rows and of the recent rows; those of the future are neither."""
    asked = frame["requested_at"]
    until = latest_past(asked)
    past = (asked <= until).to_numpy()
    recent = past & (asked > until - RECENT_DAYS * DAY_MS).to_numpy()
    return past & ~recent & (asked > until - REFERENCE_DAYS * DAY_MS).to_numpy(), recent


def population_stability_index(before: np.ndarray, after: np.ndarray, bins: int = BINS) -> float:
    """Population stability index over quantile bins of the first sample; NaN is a bin of its own.

    >>> before = np.arange(100.0)
    >>> round(population_stability_index(before, before), 3)
    0.0
    >>> round(population_stability_index(before, before + 50), 2)
    2.27
    """
    return _psi_and_limit(before, after, bins)[0]


def _psi_and_limit(before: np.ndarray, after: np.ndarray, bins: int = BINS) -> tuple[float, float]:
    if len(before) < MIN_ROWS or len(after) < MIN_ROWS:
        return float("nan"), float("nan")
    known = before[~np.isnan(before)]
    edges = np.empty(0)
    if len(known):
        edges = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1]))
    old, new = (_bin_counts(values, edges) for values in (before, after))
    shares = old / old.sum(), new / new.sum()
    index = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    filled = max(int(((old > 1) | (new > 1)).sum()), 2)
    limit = float(chi2.isf(FALSE_ALARM_RATE, filled - 1)) * (1 / len(before) + 1 / len(after))
    return index, limit


def _bin_counts(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Rows by bin, the unknown last, with half a row added to each so that none is empty."""
    unknown = np.isnan(values)
    counts = np.bincount(
        np.searchsorted(edges, values[~unknown], "right"), minlength=len(edges) + 1
    )
    return np.append(counts, unknown.sum()) + 0.5
