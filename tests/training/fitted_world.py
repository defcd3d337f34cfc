"""A made world with its truth, and a model fitted on it once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from tests.training.learning_frames import FEATURES, marketplace
from training.judge.metrics import ScoredRows
from training.learn.fit import FittedModel, fit
from training.learn.plan import TrainingOptions

NAMES = [feature.name for feature in FEATURES]


SEARCHED = TrainingOptions(rounds=80, cross_folds=3, jobs=1)
"""With the search for a shape of trees."""
QUICK = replace(SEARCHED, search=False)
SHARE = 0.05


@cache
def world() -> pd.DataFrame:
    return marketplace(4_000, 1)


@cache
def fitted() -> FittedModel:
    return fit(world(), FEATURES, SEARCHED, SHARE)


def after_the_cut() -> pd.DataFrame:
    frame = world()
    late: pd.Series = frame["requested_at"] >= fitted().twin.about["trained_until"]
    return frame[late]


def on_truth(probability: np.ndarray, frame: pd.DataFrame) -> ScoredRows:
    return ScoredRows.from_frame(frame.assign(y=frame["truth"]), probability)
