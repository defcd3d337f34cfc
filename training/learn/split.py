"""Temporal splits without look-ahead: neither at a row nor at a label that was not known yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from risk.history.connection.connect import now_ms

MATURE_SHARE = 0.9
MAX_GAP = 0.12


@dataclass(frozen=True)
class TemporalSplit:
    """Boolean masks (n,): the rows a model is trained on at `cut` (ms), `train`, and those it is
    tested on, `test`."""

    cut: int
    train: np.ndarray
    test: np.ndarray


def maturity_gap(frame: pd.DataFrame) -> int:
    """Delay (ms) within which nine labels in ten become known after the request.

    At most `MAX_GAP` of the time the frame spans, so that a new shop can be trained on at all.
    """
    known = frame["y"].notna() & frame["label_known_at"].notna()
    if not known.any():
        return 0
    requested_at = frame.loc[known, "requested_at"]
    delay = (frame.loc[known, "label_known_at"] - requested_at).quantile(MATURE_SHARE)
    span = frame["requested_at"].max() - frame["requested_at"].min()
    return int(max(0.0, min(delay, MAX_GAP * span)))


def last_known_at(frame: pd.DataFrame) -> int:
    """The latest moment (ms), by this machine's clock past, at which anything became known."""
    return latest_past(pd.concat([frame["as_of"], frame["label_known_at"]]))


def latest_past(times: pd.Series) -> int:
    """The latest of some times (ms) that is past; the present where none is.

    A time of a fact that lies ahead of this machine's clock is never taken for the present.
    """
    now = now_ms()
    past = times[times <= now]
    return int(past.max()) if len(past) else now


def matured_rows(frame: pd.DataFrame, now: int, gap: int) -> np.ndarray:
    """Mask (n,) of the rows whose request is at least `gap` (ms) old at `now` (ms)."""
    return (frame["requested_at"] <= now - gap).to_numpy()


CUSTOMER_FOLDS = 4


def fold_of_customers(customers: pd.Series) -> np.ndarray:
    """The fold (n,), 0 to `CUSTOMER_FOLDS` - 1, of each row by its customer; 0 is tested on."""
    codes = pd.util.hash_array(customers.to_numpy(dtype=object), hash_key="test by customer")
    return np.asarray(codes % CUSTOMER_FOLDS)


def customer_folds(frame: pd.DataFrame, now: int) -> list[TemporalSplit]:
    """Splits of the labelled rows by customer, all as known at `now` (ms): the first is the test,
    the others lie within its training rows."""
    fold, labelled = fold_of_customers(frame["customer_id"]), frame["y"].notna().to_numpy()
    rest = labelled & (fold != 0)
    parts = [TemporalSplit(now + 1, rest, labelled & (fold == 0))]
    for one in range(1, CUSTOMER_FOLDS):
        parts.append(TemporalSplit(now + 1, rest & (fold != one), rest & (fold == one)))
    return parts


def split_at(frame: pd.DataFrame, cut: int, end: int, gap: int, now: int) -> TemporalSplit:
    """Train on rows that happened and were labelled before `cut` (ms), test on matured requests of
    [cut, end). A label that came after the cut is not known yet: its row is left out.

    >>> frame = pd.DataFrame({"requested_at": [10, 20, 40], "as_of": [10, 20, 40],
    ...                       "label_known_at": [15, 35, 45], "y": [1.0, 0.0, 0.0]})
    >>> found = split_at(frame, cut=30, end=50, gap=5, now=50)
    >>> found.train.tolist(), found.test.tolist()
    ([True, False, False], [False, False, True])
    """
    requested_at, label_known = frame["requested_at"], frame["label_known_at"]
    train = (frame["as_of"] < cut) & (label_known < cut)
    test = (requested_at >= cut) & (requested_at < end) & (requested_at <= now - gap)
    test &= label_known <= now
    labelled = frame["y"].notna()
    return TemporalSplit(cut, (train & labelled).to_numpy(), (test & labelled).to_numpy())


def _request_times(frame: pd.DataFrame, rows: np.ndarray | pd.Series) -> pd.Series:
    """When each request among some rows (mask, n) was made (ms)."""
    found = frame.loc[rows, ["refund_id", "requested_at"]]
    return found.drop_duplicates("refund_id")["requested_at"]


def holdout_split(frame: pd.DataFrame, share: float, gap: int, now: int) -> TemporalSplit:
    """Test on the last `share` of the labelled, matured requests; train on what came before."""
    usable = frame["y"].notna().to_numpy() & matured_rows(frame, now, gap)
    requested_at = _request_times(frame, usable)
    if requested_at.empty:
        return split_at(frame, now + 1, now + 1, gap, now)
    cut = int(requested_at.quantile(1 - share))
    return split_at(frame, cut, int(requested_at.max()) + 1, gap, now)


def forward_folds(
    frame: pd.DataFrame, before: int, gap: int, first: float = 0.4, folds: int = 3
) -> Iterator[TemporalSplit]:
    """Forward-chaining splits over the requests made before `before` (ms), in time order, each
    training on all earlier ones (Tashman 2000, "Out-of-sample tests of forecasting accuracy",
    rolling origin). The first trains on a share `first` of the labelled requests.
    """
    usable = frame["y"].notna() & (frame["requested_at"] < before - gap)
    usable &= frame["label_known_at"] < before
    requested_at = _request_times(frame, usable)
    shares = np.linspace(first, 1.0, folds + 1)
    cuts = [int(cut) for cut in requested_at.quantile(shares)] if len(requested_at) else []
    for start, end in pairwise(cuts):
        last = end + 1 if end == cuts[-1] else end
        yield split_at(frame, start, last, gap, before)
