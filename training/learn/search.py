"""Search for the shape of the trees over forward folds: few small candidates, early stopping."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from training.learn.boost import TrainingTable, bin_values, validation_losses
from training.learn.plan import TrainingOptions
from training.learn.split import TemporalSplit
from training.learn.starting_score import StartingScore

RANDOMISED = {"extra_trees": True, "feature_fraction": 0.25}
"""One threshold drawn for each feature instead of the best one (Geurts, Ernst & Wehenkel 2006,
"Extremely randomized trees"): less to overfit where labels are few, chosen and partly wrong."""
SHAPES: Mapping[str, Mapping[str, Any]] = {
    "narrow": {"num_leaves": 8, "extra_trees": True, "feature_fraction": 0.1},
    "plain": {"num_leaves": 8, **RANDOMISED},
    "deep": {"num_leaves": 16, "extra_trees": True, "feature_fraction": 0.5},
    "exact": {"num_leaves": 8, "feature_fraction": 0.25},
}
SHAPE_WORDS = {
    "narrow": "8 leaves, a tenth of the features for each tree, thresholds drawn",
    "plain": "8 leaves, a quarter of the features for each tree, thresholds drawn",
    "deep": "16 leaves, half of the features for each tree, thresholds drawn",
    "exact": "8 leaves, a quarter of the features for each tree, the best thresholds",
}
ALONE = "without the starter"
FEW_FINDINGS = {"min_data_in_leaf": 20, "lambda_l2": 10.0}
"""Trees that few findings are worth, where the starter says the rest."""
MANY_FINDINGS = 1_000
MIN_ROUNDS = 45
MAX_ROWS = 20_000
FEW_ROWS = 400
MANY_ROWS = 20_000
LARGER_STEP = 2.0
"""Where rows are many, steps are so many times as large: as good, with half the trees."""
OTHER_LANE = 0.5
"""The trees of a lane that no shape was searched for, as a share of those of the first lane: what
is found in it is less, and less sure, and bears fewer."""
MANY_OWN_ROWS = 10_000
"""Labelled rows of its own from which on such a lane has the best thresholds, not drawn ones: its
features are fewer, and each says more."""


@dataclass(frozen=True)
class TreeShape:
    """The chosen `params`, the number of trees `rounds` that is best for `rows` rows, the log-loss
    of each candidate on the folds it was tried on, and whether trees are added to the starter."""

    params: Mapping[str, Any]
    rounds: int
    rows: float
    losses: Mapping[str, float]
    on_starter: bool = False

    def for_other_lane(self, own_rows: int) -> TreeShape:
        """The shape and number of trees that the other lane bears with so many labelled rows of its
        own; those added to the starter are few anyway."""
        if self.on_starter:
            return self
        params = self.params
        if own_rows >= MANY_OWN_ROWS:
            params = {**SHAPES["exact"], "learning_rate": params["learning_rate"]}
        rounds = max(MIN_ROUNDS, round(self.rounds * OTHER_LANE))
        return replace(self, params=params, rounds=rounds)


Fold = tuple[np.ndarray, np.ndarray]
"""Positions of the rows to train on, and of those to test on."""


def search_shape(
    table: TrainingTable,
    folds: Sequence[TemporalSplit],
    monotone: Sequence[int],
    options: TrainingOptions,
    start: StartingScore | None = None,
) -> TreeShape:
    """The candidate with the lowest log-loss on later rows, averaged over forward folds.

    The number of trees is where that average is lowest (early stopping). A candidate other than the
    first must beat it in every fold, because few labels are noisy, and is dropped as soon as it is
    behind in one. With many rows only the last fold is tried, for deep trees need them, and steps
    are larger. Without `options.search` the first candidate is taken.
    With `start` trees are added to its score; from `FEW_ROWS` on a candidate is the first shape
    without it, and the starter is left out where that is better in every fold.
    """
    if start is not None and _too_few(table, folds):
        return TreeShape({**SHAPES["narrow"], **FEW_FINDINGS}, 1, 0.0, {}, on_starter=True)
    most = int(folds[-1].train.sum())
    tried = _sampled(folds[-1:] if most >= MANY_ROWS or not options.search else folds, options.seed)
    first, *others = candidate_names(most) if options.search else candidate_names(most)[:1]
    step = {"learning_rate": options.learning_rate * (LARGER_STEP if most >= MANY_ROWS else 1)}
    shapes: dict[str, Mapping[str, Any]] = {n: {**SHAPES[n], **step} for n in (first, *others)}
    used = np.unique(np.concatenate([rows for fold in tried for rows in fold]))
    begun = table
    if start is not None:
        begun = start.under(table, start.line(table, tried[0][0]))
        others = [ALONE, *others] if most >= FEW_ROWS else others
        shapes = _on_starter(shapes, first, most)
    binned = bin_values(begun.take(used))
    plain = bin_values(table.take(used)) if ALONE in others else binned

    def curve(name: str, fold: Fold, rival: np.ndarray | None = None) -> np.ndarray:
        halves = (np.searchsorted(used, fold[0]), np.searchsorted(used, fold[1]))
        values, limits = plain if name == ALONE else binned, (options.rounds, options.seed)
        return validation_losses(values, halves, monotone, shapes[name], *limits, rival)

    in_parallel = Parallel(n_jobs=options.jobs, prefer="threads")
    curves = {first: np.array(in_parallel(delayed(curve)(first, fold) for fold in tried))}
    rivals = in_parallel(delayed(_against)(curve, name, tried, curves[first]) for name in others)
    curves |= {name: losses for name, (losses, _) in zip(others, rivals, strict=True)}
    means = {name: losses.mean(axis=0) for name, losses in curves.items()}
    won = [first, *(name for name, (_, won) in zip(others, rivals, strict=True) if won)]
    chosen = min(won, key=lambda name: float(means[name].min()))
    on_starter = start is not None and chosen != ALONE
    rounds = _tree_count(means[chosen], most, on_starter=on_starter)
    rows = float(np.mean([len(train) for train, _ in tried]))
    losses = {name: float(mean.min()) for name, mean in means.items()}
    return TreeShape(shapes[chosen], rounds, rows, losses, on_starter)


def _on_starter(
    shapes: Mapping[str, Mapping[str, Any]], first: str, rows: int
) -> dict[str, Mapping[str, Any]]:
    """The shapes for trees on the starter's score, and the first of them without it."""
    few = FEW_FINDINGS if rows < MANY_FINDINGS else {}
    return {ALONE: shapes[first], **{name: {**one, **few} for name, one in shapes.items()}}


def _tree_count(losses: np.ndarray, rows: int, *, on_starter: bool) -> int:
    """The number of trees with the least loss: enough of them without the starter, not too many
    with it where rows are few."""
    best = int(np.argmin(losses)) + 1
    if not on_starter:
        return max(best, MIN_ROUNDS)
    return min(best, MIN_ROUNDS) if rows < FEW_ROWS else best


def _too_few(table: TrainingTable, folds: Sequence[TemporalSplit]) -> bool:
    """Whether no fold has both classes to train on: the starter's score is all there is."""
    return not any(len(np.unique(table.y[fold.train] >= 0.5)) == 2 for fold in folds)


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
    """The candidates that were tried: name in words, parameters, log-loss on later rows."""
    return [
        (f"{name}: {SHAPE_WORDS.get(name, 'trees by themselves')}", SHAPES.get(name, {}), loss)
        for name, loss in losses.items()
    ]


def _sampled(folds: Sequence[TemporalSplit], seed: int) -> list[Fold]:
    rng = np.random.default_rng(seed)
    return [(_sample(fold.train, rng), _sample(fold.test, rng)) for fold in folds]


def _sample(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    rows = np.flatnonzero(mask)
    return np.sort(rng.choice(rows, MAX_ROWS, replace=False)) if len(rows) > MAX_ROWS else rows
