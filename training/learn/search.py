"""Search for the shape of the trees over forward folds: few small candidates, early stopping."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from training.learn.boost import TrainingTable, bin_values, validation_losses
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
MIN_ROUNDS = 45
MAX_ROWS = 20_000
FEW_ROWS = 400
MANY_ROWS = 20_000


@dataclass(frozen=True)
class TreeShape:
    """The chosen `params`, the number of trees `rounds` that is best for `rows` rows, and the
    log-loss of each candidate on the folds it was tried on."""

    params: Mapping[str, Any]
    rounds: int
    rows: float
    losses: Mapping[str, float]


Fold = tuple[np.ndarray, np.ndarray]
"""Positions of the rows to train on, and of those to test on."""


def search_shape(
    table: TrainingTable,
    folds: Sequence[TemporalSplit],
    monotone: Sequence[int],
    options: TrainingOptions,
) -> TreeShape:
    """The candidate with the lowest log-loss on later rows, averaged over forward folds.

    The number of trees is where that average is lowest (early stopping). A candidate other than the
    first must beat it in every fold, because with few labels differences are noise, and is dropped
    at the first fold that it loses, as soon as it is behind there. With many rows only the last
    fold is tried: it trains on the most, and deep trees need them. Without `options.search` the
    first candidate is taken. The values of the features are put into bins once.
    """
    most = int(folds[-1].train.sum())
    tried = _sampled(folds[-1:] if most >= MANY_ROWS or not options.search else folds, options.seed)
    first, *others = candidate_names(most) if options.search else candidate_names(most)[:1]
    step = {"learning_rate": options.learning_rate}
    shapes = {name: {**SHAPES[name], **step} for name in (first, *others)}
    used = np.unique(np.concatenate([rows for fold in tried for rows in fold]))
    binned = bin_values(table.take(used))

    def curve(name: str, fold: Fold, rival: np.ndarray | None = None) -> np.ndarray:
        train, test = (np.searchsorted(used, rows) for rows in fold)
        return validation_losses(
            binned, (train, test), monotone, shapes[name], options.rounds, options.seed, rival
        )

    in_parallel = Parallel(n_jobs=options.jobs, prefer="threads")
    curves = {first: np.array(in_parallel(delayed(curve)(first, fold) for fold in tried))}
    rivals = in_parallel(delayed(_against)(curve, name, tried, curves[first]) for name in others)
    curves |= {name: losses for name, (losses, _) in zip(others, rivals, strict=True)}
    means = {name: losses.mean(axis=0) for name, losses in curves.items()}
    won = [first, *(name for name, (_, won) in zip(others, rivals, strict=True) if won)]
    chosen = min(won, key=lambda name: float(means[name].min()))
    rounds = max(int(np.argmin(means[chosen])) + 1, MIN_ROUNDS)
    rows = float(np.mean([len(train) for train, _ in tried]))
    losses = {name: float(mean.min()) for name, mean in means.items()}
    return TreeShape(shapes[chosen], rounds, rows, losses)


def _against(
    curve: Callable[[str, Fold, np.ndarray], np.ndarray],
    name: str,
    folds: Sequence[Fold],
    rival: np.ndarray,
) -> tuple[np.ndarray, bool]:
    """Losses (folds tried, rounds) of a candidate, the last fold first, and whether its best beats
    that of the losses `rival` (folds, rounds) in every fold; the first fold lost is the last."""
    found: list[np.ndarray] = []
    for fold, against in zip(reversed(folds), rival[::-1], strict=True):
        found.append(curve(name, fold, against))
        if found[-1].min() > against.min():
            return np.array(found), False
    return np.array(found), True


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


def _sampled(folds: Sequence[TemporalSplit], seed: int) -> list[Fold]:
    rng = np.random.default_rng(seed)
    return [(_sample(fold.train, rng), _sample(fold.test, rng)) for fold in folds]


def _sample(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    rows = np.flatnonzero(mask)
    return np.sort(rng.choice(rows, MAX_ROWS, replace=False)) if len(rows) > MAX_ROWS else rows
