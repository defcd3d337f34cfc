"""Findings a model can be judged by: matured, weighed, and none it has learned from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from training.cases.dataset import Dataset
from training.judge.metrics import comparable_amounts
from training.learn.selection import propensity_weights
from training.learn.split import last_known_at, matured_rows, maturity_gap


def weighted_findings(data: Dataset) -> pd.DataFrame:
    """The dataset's rows with `weight`, what each labelled request speaks for (NaN unlabelled),
    `matured`, and `worth`: its amount in one unit for all currencies."""
    frame = data.frame
    names = [feature.name for feature in data.features if feature.name in frame]
    return frame.assign(
        weight=propensity_weights(frame, names).weight,
        matured=matured_rows(frame, last_known_at(frame), maturity_gap(frame)),
        worth=comparable_amounts(frame),
    )


def fresh_labels(data: Dataset, since: int) -> pd.DataFrame:
    """Request rows asked at or after `since` (ms) whose finding is in: y, weight, worth."""
    rows = weighted_findings(data)
    keep = rows["y"].notna() & rows["matured"] & (rows["stage"] == "request")
    chosen = rows[keep & (rows["requested_at"] >= since)]
    return chosen[["refund_id", "customer_id", "requested_at", "y", "weight", "worth"]].copy()


def fair_scores(served: Bundle, twin: Bundle | None, frame: pd.DataFrame) -> np.ndarray:
    """The probability (n,) of each row by the bundle that has not learned from it.

    Requests made since the champion's training are scored by the champion, those of its test
    period by its twin, which was made alike without them; NaN for what both have learned from.
    """
    asked = frame["requested_at"].to_numpy()
    found = np.full(len(frame), np.nan)
    for bundle in (twin, served):
        if bundle is not None:
            fresh = asked >= int(bundle.about.get("trained_until", 0))
            found[fresh] = frame_probabilities(bundle, frame[fresh])
    return found
