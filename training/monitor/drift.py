"""Whether what comes in looks as it used to: population stability, and what chance alone makes.

Population stability index (PSI): Siddiqi 2006, "Credit Risk Scorecards": below 0.1 stable, above
0.25 look into it. Its spread where nothing changed: Yurdakul & Naranjo 2020, "Statistical
properties of the population stability index": (1/n + 1/m) times chi-squared of bins less one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import chi2

from risk.facts.units import DAY_MS

RECENT_DAYS = 30
REFERENCE_DAYS = 365
BINS = 10
LOOK_INTO = 0.25
FEWEST = 50
LUCK = 0.001
"""How seldom a feature that did not change is called drifting: there are a hundred of them."""


def drift(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """`psi` and `chance` (the largest PSI that luck alone explains) by column, worst first.

    Compares the last 30 days of `requested_at` with the year before them.
    """
    before, recent = windows(frame)
    found = {
        name: _compared(values[before], values[recent])
        for name in names
        for values in [frame[name].to_numpy(dtype=float)]
    }
    table = pd.DataFrame.from_dict(found, orient="index", columns=["psi", "chance"])
    return table.astype(float).sort_values("psi", ascending=False)


def drifting(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of `drift` that changed by more than a little, and by more than luck."""
    return table[(table["psi"] > LOOK_INTO) & (table["psi"] > table["chance"])]


def windows(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Masks (n,) of the reference and of the recent rows."""
    asked = frame["requested_at"]
    until = int(asked.max()) if len(asked) else 0
    recent = (asked > until - RECENT_DAYS * DAY_MS).to_numpy()
    return ~recent & (asked > until - REFERENCE_DAYS * DAY_MS).to_numpy(), recent


def psi(before: np.ndarray, after: np.ndarray, bins: int = BINS) -> float:
    """Population stability index over quantile bins of the first sample; NaN is a bin."""
    return _compared(before, after, bins)[0]


def _compared(before: np.ndarray, after: np.ndarray, bins: int = BINS) -> tuple[float, float]:
    if len(before) < FEWEST or len(after) < FEWEST:
        return float("nan"), float("nan")
    known = before[~np.isnan(before)]
    edges = np.empty(0)
    if len(known):
        edges = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1]))
    old, new = (_counts(values, edges) for values in (before, after))
    shares = old / old.sum(), new / new.sum()
    index = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    filled = max(int(((old > 1) | (new > 1)).sum()), 2)
    luck = float(chi2.isf(LUCK, filled - 1)) * (1 / len(before) + 1 / len(after))
    return index, luck


def _counts(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Rows by bin, unknown ones last, half a row added to each so that none is empty."""
    unknown = np.isnan(values)
    counts = np.bincount(
        np.searchsorted(edges, values[~unknown], "right"), minlength=len(edges) + 1
    )
    return np.append(counts, unknown.sum()) + 0.5
