"""Baselines: simpler models, trained and evaluated on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.special import expit
from sklearn.ensemble import IsolationForest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import QuantileTransformer, StandardScaler

from risk.features.spec import Feature
from risk.model import Trees
from training.learn.boost import TrainingTable, TreeSettings, grow_trees

Scorer = Callable[[np.ndarray], np.ndarray]
UNUSUAL_QUANTILE = 0.95
ROUNDS = 120
MAX_ROWS = 100_000


def rule_set(table: TrainingTable, features: Sequence[Feature]) -> Scorer:
    """A scorecard: one point for each monotone feature beyond the 95th percentile of honest
    requests, in the direction that raises the risk."""
    honest = table.matrix[table.y < 0.5]
    signs = np.array([feature.monotone for feature in features], dtype=float)
    with np.errstate(all="ignore"):
        known = np.where(np.isfinite(honest).any(axis=0), 1.0, 0.0)
        filled = np.where(np.isfinite(honest), honest, np.nan)
        filled[:, known == 0] = 0.0
        limit = np.nanquantile(filled * signs, UNUSUAL_QUANTILE, axis=0)

    def scores(matrix: np.ndarray) -> np.ndarray:
        points = ((matrix * signs > limit) & (signs != 0)).sum(axis=1)
        probability: np.ndarray = 1 / (1 + np.exp(3.0 - points))
        return probability

    return scores


def logistic(table: TrainingTable, _features: Sequence[Feature]) -> Scorer:
    """Ridge logistic regression on quantile-transformed features and missing-value indicators."""
    model: Pipeline = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        QuantileTransformer(n_quantiles=min(100, len(table.y)), output_distribution="uniform"),
        StandardScaler(),
        LogisticRegression(C=0.02, max_iter=300),
    )
    model.fit(table.matrix, table.y >= 0.5, logisticregression__sample_weight=table.weight)
    return lambda matrix: np.asarray(model.predict_proba(matrix)[:, 1])


def isolation_forest(table: TrainingTable, _features: Sequence[Feature]) -> Scorer:
    """Isolation forest, which uses no labels (Liu, Ting & Zhou 2008, "Isolation forest")."""
    model: Pipeline = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True),
        IsolationForest(n_estimators=100, random_state=0),
    ).fit(table.matrix)
    return lambda matrix: 1 / (1 + np.exp(10.0 * np.asarray(model.decision_function(matrix))))


def hist_gradient_boosting(table: TrainingTable, features: Sequence[Feature]) -> Scorer:
    """scikit-learn's histogram gradient boosting, same size and same monotone constraints."""
    signs = [feature.monotone for feature in features]
    text = grow_trees(table, TreeSettings(signs, {}, ROUNDS, "histgb"), [0])
    return lambda matrix: expit(Trees(text, len(signs)).raw_scores(matrix))


BASELINES: Mapping[str, Callable[[TrainingTable, Sequence[Feature]], Scorer]] = {
    "rule_set": rule_set,
    "logistic_regression": logistic,
    "isolation_forest": isolation_forest,
    "hist_gradient_boosting": hist_gradient_boosting,
}


def baseline_scores(
    train: TrainingTable, test: np.ndarray, features: Sequence[Feature], seed: int = 0
) -> dict[str, np.ndarray]:
    """Scores (m,) of the rows `test` (m, k) by each baseline, trained on `train` (on a sample of it
    where it is large)."""
    rows = np.random.default_rng(seed).permutation(len(train.y))[:MAX_ROWS]
    sample = train.take(np.sort(rows))
    return {name: make(sample, features)(test) for name, make in BASELINES.items()}
