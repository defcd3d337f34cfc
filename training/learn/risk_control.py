"""Which requests the promise of a training is proven on, and how far its scores may still grow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from training.learn.fit_lane import LaneTwin
from training.learn.plan import Options
from training.learn.promise import Promise, prove
from training.learn.selection import FIRST
from training.learn.trend import growth

Floats = NDArray[np.float64]

Bars = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From rows of the dataset and their probabilities to the highest threshold under which the
policy would still bother each, all its rules counted; NaN for rows that do not count."""

Control = Callable[[pd.DataFrame, Floats, Bundle, LaneTwin], Promise]
"""`control_risk` with its options bound."""

MOST_ROWS = 20_000


def control_risk(
    frame: pd.DataFrame,
    outside: Floats,
    bundle: Bundle,
    past: LaneTwin,
    options: Options,
    honest_share: float,
    bars: Bars | None = None,
) -> Promise:
    """The promise that a bundle can keep: at most `honest_share` of honest requests bothered.

    `outside` (n,) has the out-of-fold probability of each row the bundle learned from, by trees
    that had not learned from its customer; NaN elsewhere. First the threshold that is proven on
    requests found honest, then as much higher as scores grow until the next training.
    """
    peaks = _peaks(frame, outside, past, bars)
    given = (honest_share, options.confidence, options.drift)
    proven = prove(peaks, *given)
    return prove(peaks, *given, _growth(frame, outside, bundle, past, proven.ask_above))


def _peaks(frame: pd.DataFrame, outside: Floats, past: LaneTwin, bars: Bars | None) -> pd.DataFrame:
    """One row a request found honest: the highest probability in its life, or bar of the policy."""
    columns = ["customer_id", "requested_at", "refund_id"]
    rows = frame[columns].assign(peak=outside, weight=past.selection.weight)
    rows = rows[np.isfinite(outside) & (frame["y"] < 0.5).to_numpy()]
    if bars is not None:
        found = bars(frame.loc[rows.index, "row"].to_numpy(), rows["peak"].to_numpy())
        rows = rows.assign(peak=found)[~np.isnan(found)]
    return rows.sort_values("peak").groupby("refund_id", sort=False).last()


def _growth(
    frame: pd.DataFrame, outside: Floats, bundle: Bundle, past: LaneTwin, threshold: float
) -> float:
    """How the share above a threshold grows among all requests that were not found abusive.

    Nine in ten and more of them are honest, and they are three times as many as have a finding.
    """
    abusive = past.learn & (frame["y"] >= 0.5).to_numpy()
    counted = (past.learn | past.rest) & (frame["stage"] == FIRST).to_numpy() & ~abusive
    rows = np.flatnonzero(counted)
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), MOST_ROWS)).astype(int)]
    scores = outside[rows]
    unknown = np.isnan(scores)
    scores[unknown] = frame_probabilities(bundle, frame.iloc[rows[unknown]])
    return growth(frame["requested_at"].to_numpy()[rows], scores >= threshold)
