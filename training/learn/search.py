"""Search for the shape of the trees over forward folds: few small candidates, early stopping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from training.learn.boost import TrainingTable, validation_losses
from training.learn.plan import TrainingOptions
from training.learn.split import TemporalSplit

RANDOMISED = {"extra_trees": True, "feature_fraction": 0.25}
"""One threshold drawn for each feature instead of the best one (Geurts, Ernst & Wehenkel 2006,
"Extremely randomized trees"): less to overfit where labels are few, chosen and partly wrong."""
SHAPES: Mapping[str, Mapping[str, Any]] = {
    "narrow": {"num_leaves": 8, "extra_trees": True, "feature_fraction": 0.1},
    "plain": {"num_leaves": 8, **RANDOMISED},
    "deep": {"num_leaves": 16, "extra_trees": True, "feature_fraction": 0.5},
    "exact": {"num_leaves": 8, "feature_fraction": 0.25},
}
MIN_ROUNDS = 60
MAX_ROWS = 60_000
FEW_ROWS = 400
MANY_ROWS = 20_000


@dataclass(frozen=True)
class TreeShape:
    """The chosen `params`, the number of `rounds` (trees a seed), and each candidate's log-loss."""

    params: Mapping[str, Any]
    rounds: int
    losses: Mapping[str, float]


def search_shape(
    table: TrainingTable,
    folds: Sequence[TemporalSplit],
    monotone: Sequence[int],
    options: TrainingOptions,
) -> TreeShape:
    """The candidate with the lowest log-loss on later rows, averaged over forward folds.

    The number of trees is where that average is lowest (early stopping). A candidate other than the
    first must beat it in every fold, because with few labels differences are noise. With many rows
    the last fold decides alone: it trains on the most, and deep trees need them.
    """
    names = candidate_names(int(folds[-1].train.sum()))
    rng = np.random.default_rng(options.seed)
    pairs = [(_sample(f.train, rng), _sample(f.test, rng)) for f in folds]
    work = [(name, train, test) for name in names for train, test in pairs]
    curves = Parallel(n_jobs=options.jobs, prefer="threads")(
        delayed(validation_losses)(
            *(table.take(train), table.take(test), monotone),
            *(SHAPES[name], options.rounds, options.seed),
        )
        for name, train, test in work
    )
    shaped = np.reshape(curves, (len(names), len(pairs), -1))
    by_name = dict(zip(names, shaped, strict=True))
    best = {name: int(np.argmin(found.mean(axis=0))) for name, found in by_name.items()}
    at_best = {name: by_name[name][:, best[name]] for name in names}
    few = folds[-1].train.sum() < MANY_ROWS
    chosen = _best_in_every_fold(at_best if few else {n: at_best[n][-1:] for n in names}, names)
    losses = {name: float(at_best[name].mean()) for name in names}
    return TreeShape(SHAPES[chosen], max(best[chosen] + 1, MIN_ROUNDS), losses)


def candidate_names(rows: int) -> list[str]:
    """Names of the `SHAPES` to try on so many rows: few features a tree where rows are few, deep
    trees only where they are many. Contributions of small trees come from a look-up table; those of
    deep trees take ten times as long."""
    if rows < FEW_ROWS:
        return ["narrow"]
    return ["plain", "exact", "deep"] if rows >= MANY_ROWS else ["plain", "exact"]


def search_trials(losses: Mapping[str, float]) -> list[tuple[str, Mapping[str, Any], float]]:
    """The candidates that were tried: name, parameters, log-loss on later rows."""
    return [(name, SHAPES[name], loss) for name, loss in losses.items()]


def _sample(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    rows = np.flatnonzero(mask)
    return np.sort(rng.choice(rows, MAX_ROWS, replace=False)) if len(rows) > MAX_ROWS else rows


def _best_in_every_fold(losses: Mapping[str, np.ndarray], names: Sequence[str]) -> str:
    better = [name for name in names if (losses[name] <= losses[names[0]]).all()]
    return min(better, key=lambda name: float(losses[name].mean()))
