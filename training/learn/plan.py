"""Options of a training, and its plan: which rows each model is trained on and tested on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from risk.errors import BadInput, Problem
from risk.facts.units import DAY_MS
from training.learn.boost import DEFAULT_SHAPE
from training.learn.promise import CONFIDENCE
from training.learn.split import (
    TemporalSplit,
    customer_folds,
    forward_folds,
    holdout_split,
    last_known_at,
    maturity_gap,
)
from training.learn.starting_score import StartingModel

FAST_LABELLED, FAST_HONEST = 4_000, 2_000
"""So many requests a quick look learns from, and proves its promise on."""


@dataclass(frozen=True)
class TrainingOptions:
    """Options of a training; the defaults work from two thousand requests to a million.

    `test_share`: the share of labelled requests, the latest, kept for testing. `label_smoothing`
    moves labels off 0 and 1, since some are wrong. `own_lane_weight`: weight of a lane's own rows
    against the other lane's. The promise holds with `confidence`; `drift_margin` is subtracted from
    the share of honest requests it allows, because histories grow, and with them the scores of
    honest customers after a training. `min_labels` of each class are required. `booster` is
    `lightgbm` or scikit-learn's `histgb`. The share of honest requests that may be bothered is set
    by the policy (`caps.honest_share`). With `starter` trees are added to the starter's
    score. The trees of `cross_folds` folds are averaged; their shape is searched for where `search`
    is set, else only their number. Where more than `most_labelled` requests have a label, so many
    and as large a share of the others are learned from and tested on; the promise is proven on at
    most `most_honest`.
    """

    seed: int = 0
    test_share: float = 0.25
    folds: int = 3
    first_fold: float = 0.4
    rounds: int = 500
    learning_rate: float = DEFAULT_SHAPE["learning_rate"]
    cross_folds: int = 4
    search: bool = True
    most_labelled: int | None = None
    most_honest: int | None = None
    label_smoothing: float = 0.01
    own_lane_weight: float = 2.0
    confidence: float = CONFIDENCE
    drift_margin: float = 0.01
    min_labels: int = 5
    jobs: int = 2
    booster: str = "lightgbm"
    name: str = ""
    starter: bool = True

    def fast(self) -> TrainingOptions:
        """The same for a quick look: two folds, larger steps, no search for a shape, a sample of
        the requests."""
        return replace(
            self, cross_folds=2, learning_rate=0.12, rounds=100, search=False,
            most_labelled=FAST_LABELLED, most_honest=FAST_HONEST,
        )  # fmt: skip


@dataclass(frozen=True)
class TrainingPlan:
    """The split of a dataset as known at `now` (ms): the test period `holdout`, the forward `folds`
    before it, and the rows `labelled` (n,) that the served model is trained on.

    Testing waits for `maturity_gap` (ms) until labels are in. Training does not: early labels are
    valid, and the newest schemes are among them. A history too young for later requests to test on
    is split `by_customer`. Trees are added to the score of `start`, if there is one.
    """

    now: int
    maturity_gap: int
    holdout: TemporalSplit
    folds: tuple[TemporalSplit, ...]
    labelled: np.ndarray
    by_customer: bool = False
    start: StartingModel | None = None

    @staticmethod
    def from_frame(
        frame: pd.DataFrame, options: TrainingOptions, start: StartingModel | None = None
    ) -> TrainingPlan:
        """The plan of a frame as known at its last moment.

        Raises BadInput where not even customers can be split so that both classes are trained on,
        and there is no starter to begin with.
        """
        now, gap = last_known_at(frame), maturity_gap(frame)
        labelled = frame["y"].notna().to_numpy()
        test = holdout_split(frame, options.test_share, gap, now)
        folds = forward_folds(frame, test.cut, gap, options.first_fold, options.folds)
        usable = tuple(fold for fold in folds if _is_usable(frame, fold))
        if usable and _is_usable(frame, test):
            return TrainingPlan(now, gap, test, usable, labelled, start=start)
        test, *parts = customer_folds(frame, now)
        if not test.train.any():
            test = replace(test, train=labelled, test=np.zeros(len(frame), dtype=bool))
        usable = tuple(fold for fold in parts if _is_usable(frame, fold))
        if start is None and not (usable and _is_usable(frame, test)):
            raise BadInput([_history_too_short(frame)])
        return TrainingPlan(
            now, gap, test, usable or tuple(parts), labelled, by_customer=True, start=start
        )


def _is_usable(frame: pd.DataFrame, period: TemporalSplit) -> bool:
    """Whether both classes have labels before the cut, and any row can be tested after it."""
    return (frame.loc[period.train, "y"] >= 0.5).nunique() == 2 and bool(period.test.any())


def _history_too_short(frame: pd.DataFrame) -> Problem:
    requested_at = frame.loc[frame["y"].notna(), "requested_at"]
    days = (requested_at.max() - requested_at.min()) / DAY_MS
    wanted = "findings of abusive and honest requests of several customers"
    return Problem("outcomes", None, "decided_at", wanted, f"requests of {days:.1f} days")


def check_labels(frame: pd.DataFrame, fewest: int) -> None:
    """Check that both classes have at least `fewest` labelled requests; else raise BadInput."""
    found = frame.loc[frame["y"].notna(), ["refund_id", "y"]].groupby("refund_id")["y"].last()
    abusive, honest = int((found >= 0.5).sum()), int((found < 0.5).sum())
    if min(abusive, honest) < fewest:
        wanted = (
            f"at least {fewest} abusive and {fewest} honest labelled requests (without findings "
            "`refund-risk promote starter` puts the model in service that the product brings)"
        )
        got = f"{abusive} abusive, {honest} honest of {frame['refund_id'].nunique()} requests"
        raise BadInput([Problem("outcomes", None, "verdict", wanted, got)])
