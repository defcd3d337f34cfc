"""How to learn, and who learns from what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.errors import BadInput, Problem
from risk.facts.units import DAY_MS
from training.learn.promise import CONFIDENCE
from training.learn.split import Period, forward, holdout, last_known, maturity_gap


@dataclass(frozen=True)
class Options:
    """How to learn; the defaults suit two thousand requests and a million.

    `test_share` of the labelled requests, the latest, are kept for the test.
    `smoothing` moves labels off 0 and 1, since some are wrong. The promise holds with `confidence`,
    and `drift` is taken off the share of honest requests it allows: histories grow, and with them
    the scores of the honest in the months after a training. `booster` grows the trees: `lightgbm`,
    or scikit-learn's `histgb`. How many honest requests may be bothered is no option of learning:
    the policy says it (`caps.honest_share`).
    """

    seed: int = 0
    test_share: float = 0.25
    folds: int = 3
    first_fold: float = 0.4
    rounds: int = 250
    smoothing: float = 0.01
    own_lane: float = 2.0
    confidence: float = CONFIDENCE
    drift: float = 0.01
    fewest: int = 5
    jobs: int = 2
    booster: str = "lightgbm"


@dataclass(frozen=True)
class Plan:
    """Who learns from what: the test period, the forward folds before it, and for the served model
    every label that is `known`. Judging waits until labels are matured, learning does not: a label
    that came early is still a label, and the newest schemes are among them."""

    now: int
    gap: int
    test: Period
    folds: tuple[Period, ...]
    known: np.ndarray

    @staticmethod
    def of(frame: pd.DataFrame, options: Options) -> Plan:
        """The plan of a frame as known at its last moment.

        Raises BadInput where no earlier labels could teach what later ones judge.
        """
        now, gap = last_known(frame), maturity_gap(frame)
        test = holdout(frame, options.test_share, gap, now)
        folds = forward(frame, test.cut, gap, options.first_fold, options.folds)
        able = tuple(fold for fold in folds if _teaches(frame, fold))
        if not able or not _teaches(frame, test):
            raise BadInput([_too_short(frame)])
        return Plan(now, gap, test, able, frame["y"].notna().to_numpy())


def _teaches(frame: pd.DataFrame, period: Period) -> bool:
    """Whether both kinds of label can be learned from before the cut, and any judged after it."""
    return (frame.loc[period.learn, "y"] >= 0.5).nunique() == 2 and bool(period.judge.any())


def _too_short(frame: pd.DataFrame) -> Problem:
    asked = frame.loc[frame["y"].notna(), "requested_at"]
    days = (asked.max() - asked.min()) / DAY_MS
    wanted = "findings of abusive and honest requests early enough to judge them by later ones"
    return Problem("outcomes", None, "decided_at", wanted, f"requests of {days:.1f} days")


def check_labels(frame: pd.DataFrame, fewest: int) -> None:
    """Raises BadInput, naming the counts, unless both kinds of label have `fewest` requests."""
    found = frame.loc[frame["y"].notna()].groupby("refund_id")["y"].last()
    abusive, honest = int((found >= 0.5).sum()), int((found < 0.5).sum())
    if min(abusive, honest) < fewest:
        wanted = f"at least {fewest} abusive and {fewest} honest labelled requests"
        got = f"{abusive} abusive, {honest} honest of {frame['refund_id'].nunique()} requests"
        raise BadInput([Problem("outcomes", None, "verdict", wanted, got)])
