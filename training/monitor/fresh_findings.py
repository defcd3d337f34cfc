"""Labels to evaluate a model by: matured, weighted, and not among its training data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from training.cases.dataset import Dataset
from training.judge.metrics import comparable_amounts
from training.learn.selection import propensity_weights
from training.learn.split import last_known_at, matured_rows, maturity_gap


def weighted_rows(data: Dataset) -> pd.DataFrame:
    """The dataset's rows with `weight` (inverse propensity, NaN unlabelled), `matured`, and `worth`
    (the amount in a unit common to all currencies)."""
    frame = data.frame
    names = [feature.name for feature in data.features if feature.name in frame]
    return frame.assign(
        weight=propensity_weights(frame, names).weight,
        matured=matured_rows(frame, last_known_at(frame), maturity_gap(frame)),
        worth=comparable_amounts(frame),
    )


def unseen_labels(data: Dataset, since: int) -> pd.DataFrame:
    """Labelled, matured request rows made at or after `since` (ms): y, weight, worth."""
    rows = weighted_rows(data)
    keep = rows["y"].notna() & rows["matured"] & (rows["stage"] == "request")
    chosen = rows[keep & (rows["requested_at"] >= since)]
    return chosen[["refund_id", "customer_id", "requested_at", "y", "weight", "worth"]].copy()


def unseen_scores(served: Bundle, twin: Bundle | None, frame: pd.DataFrame) -> np.ndarray:
    """The out-of-sample probability (n,) of each row; NaN where there is none.

    Requests made since the champion's training are scored by the champion, those of its test
    period by its twin, which was trained without them.
    """
    asked = frame["requested_at"].to_numpy()
    found = np.full(len(frame), np.nan)
    for bundle in (twin, served):
        if bundle is not None:
            fresh = asked >= int(bundle.about.get("trained_until", 0))
            found[fresh] = frame_probabilities(bundle, frame[fresh])
    return found
