"""Risk control of a training: the honest requests its promise is proven on, and the growth of
scores until the next training that it must allow for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from training.learn.fit_lane import TrainingScope
from training.learn.plan import TrainingOptions
from training.learn.promise import Promise, fixed_sequence_test
from training.learn.sampling import evenly_spaced
from training.learn.selection import REQUEST_STAGE
from training.learn.trend import projected_growth

Floats = NDArray[np.float64]

InterventionThresholds = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From rows of the dataset and their probabilities to the highest threshold at which the policy,
with all its rules, would still bother each request; NaN for rows that do not count."""

RiskControl = Callable[[pd.DataFrame, Floats, Bundle, TrainingScope], Promise]
"""`control_risk` with its options bound."""

MAX_ROWS = 10_000


def control_risk(
    frame: pd.DataFrame,
    out_of_fold: Floats,
    bundle: Bundle,
    scope: TrainingScope,
    options: TrainingOptions,
    honest_share: float,
    thresholds: InterventionThresholds | None = None,
) -> Promise:
    """The promise that a bundle can keep: at most `honest_share` of honest requests bothered.

    `out_of_fold` (n,) holds the cross-fitted probability of each row the bundle was trained on, NaN
    elsewhere. The threshold is proven on requests found honest, then raised by the projected growth
    of scores until the next training.
    """
    peaks = _honest_peaks(frame, out_of_fold, scope, thresholds, options.most_honest)
    limits = (honest_share, options.confidence, options.drift_margin)
    proven = fixed_sequence_test(peaks, *limits)
    return fixed_sequence_test(
        peaks, *limits, _projected_growth(frame, out_of_fold, bundle, scope, proven.ask_above)
    )


def _honest_peaks(
    frame: pd.DataFrame,
    out_of_fold: Floats,
    scope: TrainingScope,
    thresholds: InterventionThresholds | None,
    most: int | None,
) -> pd.DataFrame:
    """One row a request found honest, `most` of them: the highest probability in its life, or with
    `thresholds` the highest threshold at which the policy would bother it."""
    columns = ["customer_id", "requested_at", "refund_id"]
    rows = frame[columns].assign(peak=out_of_fold, weight=scope.selection.weight)
    rows = rows[np.isfinite(out_of_fold) & (frame["y"] < 0.5).to_numpy()]
    if most is not None:
        names = rows["refund_id"].unique()
        rows = rows[rows["refund_id"].isin(names[evenly_spaced(np.arange(len(names)), most)])]
    if thresholds is not None:
        found = thresholds(frame.loc[rows.index, "row"].to_numpy(), rows["peak"].to_numpy())
        rows = rows.assign(peak=found)[~np.isnan(found)]
    return rows.sort_values("peak").groupby("refund_id", sort=False).last()


def _projected_growth(
    frame: pd.DataFrame, out_of_fold: Floats, bundle: Bundle, scope: TrainingScope, threshold: float
) -> float:
    """Projected growth of the share above `threshold` among all requests not found abusive.

    More than nine in ten of them are honest, and they are three times as many as the labelled.
    """
    abusive = scope.labelled & (frame["y"] >= 0.5).to_numpy()
    counted = (
        (scope.labelled | scope.unlabelled)
        & (frame["stage"] == REQUEST_STAGE).to_numpy()
        & ~abusive
    )
    rows = evenly_spaced(np.flatnonzero(counted), MAX_ROWS)
    scores = out_of_fold[rows]
    unknown = np.isnan(scores)
    scores[unknown] = frame_probabilities(bundle, frame.iloc[rows[unknown]])
    return projected_growth(frame["requested_at"].to_numpy()[rows], scores >= threshold)
