"""One gradient boosting without tuning, one tuned as the product tunes, and how well they rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score

from risk.model import Trees
from tests.bench.real_shop.rows import JUDGE, LATE, LEARN, between, milliseconds
from training.judge.metrics import ConfidenceInterval, bootstrap_by_customer
from training.learn.boost import TrainingTable, TreeSettings, grow_trees
from training.learn.plan import TrainingOptions
from training.learn.search import search_shape
from training.learn.split import split_at

CUTS = ("2011-05-01", "2011-06-01", "2011-07-01", "2011-08-01")
"""Where the folds of the tuning begin and end; each learns only from what was known by then."""
TUNING = TrainingOptions(jobs=1)
SEEDS = (1, 2, 3)
UNKNOWN = -1.0
MEASURES = {"AUC": roc_auc_score, "AP": average_precision_score}


def untuned(columns: pd.DataFrame, invoice: pd.DataFrame) -> np.ndarray:
    """scikit-learn's GradientBoostingClassifier as it comes; the unknown is -1. Scores (n,)."""
    rows = columns.fillna(UNKNOWN).to_numpy()
    learn = between(invoice, LEARN)
    model = GradientBoostingClassifier(random_state=0)
    model.fit(rows[learn], invoice["y"].to_numpy()[learn])
    return np.asarray(model.predict_proba(rows)[:, 1])


def tuned(columns: pd.DataFrame, invoice: pd.DataFrame, monotone: Sequence[int]) -> np.ndarray:
    """The product's trees: shape and number searched forward in time, averaged over seeds."""
    table = TrainingTable(columns.to_numpy(), invoice["y"].to_numpy(), np.ones(len(invoice)))
    at = milliseconds(invoice["placed_at"])
    frame = pd.DataFrame({"as_of": at, "requested_at": at, "label_known_at": at + LATE})
    frame = frame.assign(y=invoice["y"], refund_id=invoice["order_id"])
    cuts = milliseconds(pd.Series(pd.to_datetime(list(CUTS), utc=True)))
    folds = [
        split_at(frame, cut, end, LATE, int(cuts[-1]) + LATE)
        for cut, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)
    ]
    shape = search_shape(table, folds, monotone, TUNING)
    learn = table.take(between(invoice, LEARN))
    text = grow_trees(learn, TreeSettings(monotone, shape.params, shape.rounds), SEEDS)
    return Trees(text, columns.shape[1]).raw_scores(table.matrix)


def judged(
    scores: Mapping[str, np.ndarray], invoice: pd.DataFrame, against: str, draws: int
) -> dict[tuple[str, str], tuple[ConfidenceInterval, ConfidenceInterval]]:
    """By name and measure: the value, and its advantage over `against`, on the same draws of
    customers."""
    rows = np.flatnonzero(between(invoice, JUDGE))
    y = invoice["y"].to_numpy()[rows]
    drawn = bootstrap_by_customer(invoice["customer_id"].to_numpy()[rows], draws)
    found = {}
    for measure, rank in MEASURES.items():
        every = {
            name: np.array([rank(y[some], s[rows][some]) for some in (np.arange(len(y)), *drawn)])
            for name, s in scores.items()
        }
        for name, values in every.items():
            found[name, measure] = _interval(values), _interval(values - every[against])
    return found


def _interval(values: np.ndarray) -> ConfidenceInterval:
    """The first value, with the middle 95 % of the others."""
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return ConfidenceInterval(float(values[0]), float(low), float(high))
