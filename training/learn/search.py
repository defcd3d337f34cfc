"""Time-ordered search for the shape of the trees: few, small candidates, the simplest good one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from training.learn.boost import Table, curve
from training.learn.plan import Options
from training.learn.split import Period

LOOSE = {"extra_trees": True, "feature_fraction": 0.25}
"""One threshold drawn for each feature instead of the best one (Geurts, Ernst & Wehenkel 2006,
"Extremely randomized trees"): less to overfit where labels are few, chosen and partly wrong."""
SHAPES: Mapping[str, Mapping[str, Any]] = {
    "narrow": {"num_leaves": 8, "extra_trees": True, "feature_fraction": 0.1},
    "plain": {"num_leaves": 8, **LOOSE},
    "deep": {"num_leaves": 16, "extra_trees": True, "feature_fraction": 0.5},
    "exact": {"num_leaves": 8, "feature_fraction": 0.25},
}
LEAST_ROUNDS = 60
SAMPLE = 60_000
FEWEST = 400
MANY = 20_000


@dataclass(frozen=True)
class Shape:
    """The chosen settings, the number of trees a seed, and every candidate's later log-loss."""

    settings: Mapping[str, Any]
    rounds: int
    losses: Mapping[str, float]


def search(
    table: Table, folds: Sequence[Period], monotone: Sequence[int], options: Options
) -> Shape:
    """The candidate with the least log-loss on later rows, averaged over forward folds.

    The number of trees is where that average is lowest (early stopping). A candidate other than the
    first must beat it in every fold: with few labels the differences are noise. Where there are
    many the last fold alone decides, which learned from the most: deep trees need them.
    """
    names = candidates(int(folds[-1].learn.sum()))
    rng = np.random.default_rng(options.seed)
    pairs = [(_sample(f.learn, rng), _sample(f.judge, rng)) for f in folds]
    work = [(name, learn, judge) for name in names for learn, judge in pairs]
    curves = Parallel(n_jobs=options.jobs, prefer="threads")(
        delayed(curve)(
            *(table.take(learn), table.take(judge), monotone),
            *(SHAPES[name], options.rounds, options.seed),
        )
        for name, learn, judge in work
    )
    shaped = np.reshape(curves, (len(names), len(pairs), -1))
    by_name = dict(zip(names, shaped, strict=True))
    best = {name: int(np.argmin(found.mean(axis=0))) for name, found in by_name.items()}
    at_best = {name: by_name[name][:, best[name]] for name in names}
    few = folds[-1].learn.sum() < MANY
    chosen = _steadily_best(at_best if few else {n: at_best[n][-1:] for n in names}, names)
    losses = {name: float(at_best[name].mean()) for name in names}
    return Shape(SHAPES[chosen], max(best[chosen] + 1, LEAST_ROUNDS), losses)


def candidates(rows: int) -> list[str]:
    """The shapes worth trying on so many rows: one that looks at few features at a time where they
    are few, no deep trees before they are many. Small trees are explained by look-up, deep ones ten
    times slower."""
    if rows < FEWEST:
        return ["narrow"]
    return ["plain", "exact", "deep"] if rows >= MANY else ["plain", "exact"]


def trials(losses: Mapping[str, float]) -> list[tuple[str, Mapping[str, Any], float]]:
    """The candidates that were tried, as a ledger keeps them: name, settings, later log-loss."""
    return [(name, SHAPES[name], loss) for name, loss in losses.items()]


def _sample(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    rows = np.flatnonzero(mask)
    return np.sort(rng.choice(rows, SAMPLE, replace=False)) if len(rows) > SAMPLE else rows


def _steadily_best(losses: Mapping[str, np.ndarray], names: Sequence[str]) -> str:
    better = [name for name in names if (losses[name] <= losses[names[0]]).all()]
    return min(better, key=lambda name: float(losses[name].mean()))
