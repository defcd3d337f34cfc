"""What words weigh, learned from findings, and what they say of each row out of fold.

Trees must not learn from what was fitted on their own labels: the value of a row comes from
findings known before its block of time began, as it does when the model is in service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.stats import mannwhitneyu
from sklearn.linear_model import LogisticRegression

from risk.features.word_weights import DIGITS, FEATURE, UNIT, WORDS, WordWeights
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

    def put_in(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with the values as the feature that trees read."""
        return frame.assign(**{FEATURE: self.values})


def learn_words(frame: pd.DataFrame, plan: TrainingPlan) -> LearnedWords | None:
    """What words weigh by the labelled rows of a plan; None where they tell nothing for sure, or
    the history is too young to be cut in blocks."""
    if plan.by_customer or WORDS not in frame:
        return None
    twin = fit_words(frame, plan.holdout.train)
    if twin is None:
        return None
    values = words_out_of_fold(frame, plan.labelled)
    served = fit_words(frame, plan.labelled) if _tell(frame, values, plan.labelled) else None
    return None if served is None else LearnedWords(served, twin, values)


def fit_words(frame: pd.DataFrame, rows: np.ndarray) -> WordWeights | None:
    """Weights by logistic regression with a penalty, from the requests among `rows` (mask, n); None
    where these are too few."""
    found = frame.loc[
        rows & frame[WORDS].notna().to_numpy(), [WORDS, "y", "customer_id", "refund_id"]
    ]
    found = found.drop_duplicates("refund_id", keep="last")
    y = (found["y"] >= 0.5).to_numpy()
    if min(y.sum(), (~y).sum()) < FEWEST:
        return None
    matrix, names = _matrix(found[WORDS].tolist(), found["customer_id"])
    if not names:
        return None
    fitted = LogisticRegression(C=STRENGTH, max_iter=300).fit(matrix, y)
    weights = np.rint(UNIT * fitted.coef_[0]).astype(int).tolist()
    return WordWeights({name: w for name, w in zip(names, weights, strict=True) if w})


def words_out_of_fold(frame: pd.DataFrame, labelled: np.ndarray) -> np.ndarray:
    """The value (n,) of every row by weights from labels known before its block of time; 0 where
    those are too few, NaN without words."""
    asked = frame["requested_at"].to_numpy()
    edges = np.quantile(asked[labelled], np.linspace(0, 1, BLOCKS + 1)[1:-1])
    block = np.searchsorted(edges, asked, side="right")
    values = np.where(frame[WORDS].notna(), 0.0, np.nan)
    for number, start in enumerate(edges, start=1):
        known = labelled & (frame["label_known_at"] < start).to_numpy()
        weights, here = fit_words(frame, known), block == number
        if weights is not None:
            values[here] = weights.values(frame.loc[here, WORDS].tolist())
    return values


def _matrix(texts: Sequence[str], customers: pd.Series) -> tuple[csr_matrix, list[str]]:
    """Texts by the buckets that enough customers used, each row of length 1, and their names."""
    parts = [[text[at : at + DIGITS] for at in range(0, len(text), DIGITS)] for text in texts]
    lengths = np.array([len(part) for part in parts])
    used = pd.DataFrame({
        "row": np.repeat(np.arange(len(parts)), lengths),
        "bucket": [bucket for part in parts for bucket in part],
        "by": np.repeat(customers.to_numpy(), lengths),
    })  # fmt: skip
    shared = used.groupby("bucket")["by"].nunique()
    names = shared.index[shared >= SHARED_BY].tolist()
    used["column"] = used["bucket"].map({name: at for at, name in enumerate(names)})
    used = used.dropna(subset="column")
    row = used["row"].to_numpy()
    entries = (1 / np.sqrt(lengths[row]), (row, used["column"].to_numpy(int)))
    return csr_matrix(entries, shape=(len(parts), len(names))), names


def _tell(frame: pd.DataFrame, values: np.ndarray, labelled: np.ndarray) -> bool:
    """Whether the values of abusive requests are higher than those of honest ones, for sure."""
    first = ~frame.duplicated("refund_id").to_numpy()
    rows = labelled & first & (np.nan_to_num(values) != 0)
    abusive = (frame["y"] >= 0.5).to_numpy()
    one, other = values[rows & abusive], values[rows & ~abusive]
    if min(len(one), len(other)) < FEWEST:
        return False
    return bool(mannwhitneyu(one, other, alternative="greater").pvalue < SURE)
