"""Time-ordered splits that never look ahead: neither at a row nor at a label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

MATURE_SHARE = 0.9
LARGEST_GAP = 0.12


@dataclass(frozen=True)
class Period:
    """What a model trained at `cut` may learn from, and the rows it is then judged on.

    `learn` and `judge` are boolean masks over the frame's rows.
    """

    cut: int
    learn: np.ndarray
    judge: np.ndarray


def maturity_gap(frame: pd.DataFrame) -> int:
    """How long after a request nine labels in ten are known, in milliseconds.

    At most an eighth of the time the frame spans, so that a young shop can learn at all.
    """
    known = frame["y"].notna() & frame["label_known_at"].notna()
    if not known.any():
        return 0
    asked = frame.loc[known, "requested_at"]
    delay = (frame.loc[known, "label_known_at"] - asked).quantile(MATURE_SHARE)
    span = frame["requested_at"].max() - frame["requested_at"].min()
    return int(max(0.0, min(delay, LARGEST_GAP * span)))


def last_known(frame: pd.DataFrame) -> int:
    """The latest moment anything in the frame became known, in milliseconds."""
    return int(np.nanmax([frame["as_of"].max(), frame["label_known_at"].max()]))


def matured(frame: pd.DataFrame, now: int, gap: int) -> np.ndarray:
    """Rows whose request is old enough at `now` for its label to be in, if it ever will be."""
    return (frame["requested_at"] <= now - gap).to_numpy()


def period(frame: pd.DataFrame, cut: int, end: int, gap: int, now: int) -> Period:
    """Learn from what happened and was labelled before `cut`; judge on matured requests of
    [cut, end).

    A label that came after the cut does not exist yet for learning: the row is left out.
    """
    asked, label_known = frame["requested_at"], frame["label_known_at"]
    learn = (frame["as_of"] < cut) & (label_known < cut)
    judge = (asked >= cut) & (asked < end) & (asked <= now - gap)
    judge &= label_known <= now
    labelled = frame["y"].notna()
    return Period(cut, (learn & labelled).to_numpy(), (judge & labelled).to_numpy())


def holdout(frame: pd.DataFrame, share: float, gap: int, now: int) -> Period:
    """The last `share` of the labelled, matured requests as the test, everything known before it
    as the training."""
    usable = frame["y"].notna().to_numpy() & matured(frame, now, gap)
    asked = frame.loc[usable].drop_duplicates("refund_id")["requested_at"]
    cut = int(asked.quantile(1 - share))
    return period(frame, cut, int(asked.max()) + 1, gap, now)


def forward(
    frame: pd.DataFrame, before: int, gap: int, first: float = 0.4, folds: int = 3
) -> Iterator[Period]:
    """Periods in time order over the requests asked before `before`: each learns from all earlier.

    The first cut leaves a share `first` of the labelled requests for learning.
    """
    usable = frame["y"].notna() & (frame["requested_at"] < before - gap)
    usable &= frame["label_known_at"] < before
    asked = frame.loc[usable].drop_duplicates("refund_id")["requested_at"]
    shares = np.linspace(first, 1.0, folds + 1)
    cuts = [int(cut) for cut in asked.quantile(shares)] if len(asked) else []
    for start, end in pairwise(cuts):
        last = end + 1 if end == cuts[-1] else end
        yield period(frame, start, last, gap, before)
