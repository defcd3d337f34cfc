"""Risk control of a training: the honest requests its promise is proven on, and the growth of
scores until the next training that it must allow for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from training.learn.expected_share import (
    NotFoundAbusive,
    expected_threshold,
    group_thresholds,
)
from training.learn.fit_lane import TrainingScope
from training.learn.lives import (
    InterventionThresholds,
    by_probability,
    groups_in,
    request_lives,
    waiting,
)
from training.learn.plan import TrainingOptions
from training.learn.promise import Promise, fixed_sequence_test
from training.learn.sampling import evenly_spaced
from training.learn.selection import REQUEST_STAGE

Floats = NDArray[np.float64]

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
    elsewhere. A threshold is proven on requests found honest, then raised by the projected growth
    of scores until the next training; another is expected from all that were not found abusive, and
    is the one that is asked from.
    Groups of which more of the honest would reach them have thresholds of their own. What that
    spares the honest is not spent on others.
    """
    peaks = _honest_lives(frame, out_of_fold, scope, thresholds, options.most_honest)
    limits = (honest_share, options.confidence, options.drift_margin)
    first = fixed_sequence_test(peaks, *limits).ask_above
    seen = _not_found_abusive(frame, out_of_fold, bundle, scope)
    made = fixed_sequence_test(peaks, *limits, seen.growth(first))
    made = replace(made, expected_above=expected_threshold(seen, made.left))
    if made.asked_from != made.ask_above:
        made = replace(made, growth=seen.growth(made.asked_from))
    waits = waiting(peaks, made.asked_from) * peaks["weight"] / max(peaks["weight"].sum(), 1e-12)
    of_group = group_thresholds(seen, made.asked_from)
    reaching = seen.held_to(of_group).reaching(made.asked_from)
    above = float(reaching.mean()) if len(reaching) else 0.0
    return replace(made, waiting=float(waits.sum()), above=above, of_group=of_group)


def _honest_lives(
    frame: pd.DataFrame,
    out_of_fold: Floats,
    scope: TrainingScope,
    thresholds: InterventionThresholds | None,
    most: int | None,
) -> pd.DataFrame:
    """The lives of the requests found honest, `most` of them: by the policy's `thresholds`, else by
    probability."""
    known = np.isfinite(out_of_fold) & (frame["y"] < 0.5).to_numpy()
    if most is not None:
        names = frame["refund_id"][known].unique()
        drawn = names[evenly_spaced(np.arange(len(names)), most)]
        known = known & frame["refund_id"].isin(drawn).to_numpy()
    columns = ["customer_id", "requested_at", "refund_id"]
    rows = frame.loc[known, columns].assign(weight=scope.selection.weight[known])
    probability = out_of_fold[known]
    if thresholds is None:
        return request_lives(rows, by_probability(probability))
    return request_lives(rows, thresholds(frame.loc[known, "row"].to_numpy(), probability))


def _not_found_abusive(
    frame: pd.DataFrame, out_of_fold: Floats, bundle: Bundle, scope: TrainingScope
) -> NotFoundAbusive:
    """Requests not found abusive, evenly spread over time, by their request-time rows."""
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
    found = scope.labelled[rows] & (frame["y"].to_numpy()[rows] < 0.5)
    asked_at = frame["requested_at"].to_numpy()[rows]
    groups = groups_in(frame.iloc[rows])
    return NotFoundAbusive(asked_at, scores, np.where(found, 1.0, 1.0 - scores), groups)
