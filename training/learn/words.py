"""What words weigh, learned from findings, and what they say of each row out of fold.

Trees must not learn from what was fitted on their own labels: the value of a row comes from
findings known before its block of time began, as it does when the model is in service.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.stats import mannwhitneyu
from sklearn.linear_model import LogisticRegression

from risk.features.ranges import spread
from risk.features.word_weights import DIGITS, UNIT, WORDS, WordWeights, buckets_of
from training.learn.plan import TrainingPlan

FEWEST = 30
"""Findings of either class with words below which no weights are fitted."""

SHARED_BY = 5
"""Customers that must have used a bucket: what one person writes has no weight."""

BLOCKS = 8
STRENGTH = 1.0
"""The inverse of the penalty on weights."""

SURE = 0.01
"""Words are left out where they might seem to tell as much by a chance greater than this."""


@dataclass(frozen=True)
class LearnedWords:
    """Weights of the served model and of its twin, and the `values` (n,) of a frame's rows."""

    served: WordWeights
    twin: WordWeights
    values: np.ndarray


@dataclass(frozen=True)
class TextBuckets:
    """The buckets of the texts of some rows of a frame: those of row `rows[i]` (sorted) are
    `sizes[i]` numbers of `buckets`, before the place `ends[i]`."""

    rows: NDArray[np.intp]
    buckets: NDArray[np.uint16]
    sizes: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, frame: pd.DataFrame, rows: np.ndarray) -> TextBuckets:
        """Those of some rows (mask, n)."""
        places = np.flatnonzero(rows)
        buckets, sizes = buckets_of(frame[WORDS].iloc[places].tolist())
        return cls(places, buckets, sizes, np.cumsum(sizes))

    def matrix(self, rows: NDArray[np.intp], customers: pd.Series) -> tuple[csr_matrix, list[str]]:
        """Texts of `rows` (m,) by the buckets that enough of their customers used, each text of
        length 1, and the names of these buckets."""
        at = np.searchsorted(self.rows, rows)
        sizes = self.sizes[at]
        row, place = spread(self.ends[at] - sizes, self.ends[at])
        buckets, by = (
            self.buckets[place].astype(np.int64),
            pd.factorize(customers, use_na_sentinel=False)[0],
        )
        pairs = np.unique(buckets * len(rows) + by[row])
        used = np.bincount(pairs // max(len(rows), 1), minlength=16**DIGITS)
        shared = np.flatnonzero(used >= SHARED_BY)
        column = np.full(16**DIGITS, -1)
        column[shared] = np.arange(len(shared))
        kept = column[buckets] >= 0
        row, columns = row[kept], column[buckets[kept]]
        entries = (1 / np.sqrt(sizes[row]), (row, columns))
        names = [f"{bucket:0{DIGITS}x}" for bucket in shared]
        return csr_matrix(entries, shape=(len(rows), len(names))), names


def learn_words(frame: pd.DataFrame, plan: TrainingPlan) -> LearnedWords | None:
    """What words weigh by the labelled rows of a plan; None where they tell nothing for sure, or
    the history is too young to be cut in blocks."""
    if plan.by_customer or WORDS not in frame:
        return None
    texts = TextBuckets.of(frame, plan.labelled)
    twin = fit_words(frame, plan.holdout.train, texts)
    if twin is None:
        return None
    values = words_out_of_fold(frame, plan.labelled, texts)
    told = _tell(frame, values, plan.labelled)
    served = fit_words(frame, plan.labelled, texts) if told else None
    return None if served is None else LearnedWords(served, twin, values)


def fit_words(frame: pd.DataFrame, rows: np.ndarray, texts: TextBuckets) -> WordWeights | None:
    """Weights by logistic regression with a penalty, from the requests among `rows` (mask, n), all
    of them among those of `texts`; None where these are too few."""
    known = np.flatnonzero(rows & frame[WORDS].notna().to_numpy())
    known = known[~frame["refund_id"].iloc[known].duplicated(keep="last").to_numpy()]
    found = frame[["y", "customer_id"]].iloc[known]
    y = (found["y"] >= 0.5).to_numpy()
    if min(y.sum(), (~y).sum()) < FEWEST:
        return None
    matrix, names = texts.matrix(known, found["customer_id"])
    if not names:
        return None
    fitted = LogisticRegression(C=STRENGTH, max_iter=300).fit(matrix, y)
    weights = np.rint(UNIT * fitted.coef_[0]).astype(int).tolist()
    return WordWeights({name: w for name, w in zip(names, weights, strict=True) if w})


def words_out_of_fold(
    frame: pd.DataFrame, labelled: np.ndarray, texts: TextBuckets | None = None
) -> np.ndarray:
    """The value (n,) of every row by weights from labels known before its block of time; 0 where
    those are too few, NaN without words."""
    texts = texts or TextBuckets.of(frame, labelled)
    asked = frame["requested_at"].to_numpy()
    edges = np.quantile(asked[labelled], np.linspace(0, 1, BLOCKS + 1)[1:-1])
    block = np.searchsorted(edges, asked, side="right")
    values = np.where(frame[WORDS].notna(), 0.0, np.nan)
    for number, start in enumerate(edges, start=1):
        known = labelled & (frame["label_known_at"] < start).to_numpy()
        weights, here = fit_words(frame, known, texts), block == number
        if weights is not None:
            values[here] = weights.values(frame[WORDS][here].tolist())
    return values


def _tell(frame: pd.DataFrame, values: np.ndarray, labelled: np.ndarray) -> bool:
    """Whether the values of abusive requests are higher than those of honest ones, for sure."""
    first = ~frame.duplicated("refund_id").to_numpy()
    rows = labelled & first & (np.nan_to_num(values) != 0)
    abusive = (frame["y"] >= 0.5).to_numpy()
    one, other = values[rows & abusive], values[rows & ~abusive]
    if min(len(one), len(other)) < FEWEST:
        return False
    return bool(mannwhitneyu(one, other, alternative="greater").pvalue < SURE)
