"""What the promise of one training is set on: honest requests, and how scores grow with time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from risk.model import Bundle
from training.learn.fit_lane import Past
from training.learn.plan import Options
from training.learn.probabilities import probabilities
from training.learn.promise import Promise, promise
from training.learn.selection import FIRST
from training.learn.trend import growth

Bars = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From rows of the dataset and their probabilities to the highest threshold under which the
policy would still bother each, all its rules counted; NaN for rows it was not asked to know."""
MOST_ROWS = 20_000


def keeping(
    frame: pd.DataFrame,
    outside: np.ndarray,
    bundle: Bundle,
    past: Past,
    options: Options,
    bars: Bars | None = None,
) -> Promise:
    """The promise a bundle can keep.

    `outside` (n,) has the probability of each row the bundle learned from, by trees that had not
    learned from its customer; NaN elsewhere. First the bar that is proven on those found honest,
    then as much higher as scores grow until the next training.
    """
    peaks = _peaks(frame, outside, past, bars)
    given = (options.friction, options.confidence, options.drift)
    proven = promise(peaks, *given)
    return promise(peaks, *given, _growth(frame, outside, bundle, past, proven.ask_above))


def _peaks(frame: pd.DataFrame, outside: np.ndarray, past: Past, bars: Bars | None) -> pd.DataFrame:
    """One row a request found honest: the highest probability in its life, or bar of the policy."""
    columns = ["customer_id", "requested_at", "refund_id"]
    rows = frame[columns].assign(peak=outside, weight=past.selection.weight)
    rows = rows[np.isfinite(outside) & (frame["y"] < 0.5).to_numpy()]
    if bars is not None:
        found = bars(frame.loc[rows.index, "row"].to_numpy(), rows["peak"].to_numpy())
        rows = rows.assign(peak=found)[~np.isnan(found)]
    return rows.sort_values("peak").groupby("refund_id", sort=False).last()


def _growth(
    frame: pd.DataFrame, outside: np.ndarray, bundle: Bundle, past: Past, bar: float
) -> float:
    """How the share above a bar grows among all requests that were not found abusive: nine in ten
    and more of them are honest, and three times as many as were looked into."""
    abusive = past.learn & (frame["y"] >= 0.5).to_numpy()
    asked = (past.learn | past.rest) & (frame["stage"] == FIRST).to_numpy() & ~abusive
    rows = np.flatnonzero(asked)
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), MOST_ROWS)).astype(int)]
    told = outside[rows]
    told[np.isnan(told)] = probabilities(bundle, frame.iloc[rows[np.isnan(told)]])
    return growth(frame["requested_at"].to_numpy()[rows], told >= bar)
