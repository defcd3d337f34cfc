"""Growing boosted trees: one dataset, several seeds, averaged into one LightGBM text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from training.learn.histgb import grow_histgb

THREADS = 2
WORTH_THREADS = 50_000


@dataclass(frozen=True)
class Table:
    """What trees learn from: `matrix` (n, k), soft labels `y` (n,) in [0, 1], `weight` (n,)."""

    matrix: np.ndarray
    y: np.ndarray
    weight: np.ndarray

    def take(self, rows: np.ndarray) -> Table:
        """The rows of a mask or of positions."""
        return Table(self.matrix[rows], self.y[rows], self.weight[rows])


Grower = Callable[[Table, Sequence[int], Mapping[str, Any], int, int], str]


def settings(
    shape: Mapping[str, Any], monotone: Sequence[int], rows: int, seed: int
) -> dict[str, Any]:
    """LightGBM's settings: small, shrunken, monotone trees.

    Cross-entropy rather than binary, for it takes soft labels (Müller, Kornblith & Hinton 2019,
    "When does label smoothing help?"); the smallest leaf grows with the data.
    """
    return {
        "objective": "cross_entropy", "metric": "cross_entropy", "learning_rate": 0.05,
        "num_leaves": 8, "feature_fraction": 0.25, "bagging_fraction": 0.8, "bagging_freq": 1,
        "lambda_l2": 0.1, "min_data_in_leaf": int(np.clip(rows // 1000, 5, 50)),
        "min_sum_hessian_in_leaf": 0.01, "max_bin": 255, "min_data_in_bin": 1,
        "monotone_constraints": list(monotone), "monotone_constraints_method": "intermediate",
        "feature_pre_filter": False, "deterministic": True, "force_col_wise": True,
        "num_threads": threads(rows), "verbosity": -1, "seed": seed, **shape,
    }  # fmt: skip


def threads(rows: int) -> int:
    """How many threads to grow trees with: few rows are done before a second one has begun."""
    return THREADS if rows > WORTH_THREADS else 1


def grow(
    table: Table,
    monotone: Sequence[int],
    shape: Mapping[str, Any],
    rounds: int,
    seeds: Sequence[int],
    booster: str = "lightgbm",
) -> str:
    """The text of `rounds` trees for each seed, averaged: log-odds are the mean over seeds.

    `booster` names who grows them, `lightgbm` or `histgb`. Seeds grow side by side where one of
    them leaves threads free.
    """
    at_once = THREADS // threads(len(table.y))
    texts = Parallel(n_jobs=at_once, prefer="threads")(
        delayed(BOOSTERS[booster])(table, monotone, shape, rounds, seed) for seed in seeds
    )
    return average(texts)


def _lightgbm(
    table: Table, monotone: Sequence[int], shape: Mapping[str, Any], rounds: int, seed: int
) -> str:
    data = lgb.Dataset(table.matrix, table.y, weight=table.weight)
    chosen = settings(shape, monotone, len(table.y), seed)
    return str(lgb.train(chosen, data, rounds).model_to_string())


def _histgb(
    table: Table, monotone: Sequence[int], shape: Mapping[str, Any], rounds: int, seed: int
) -> str:
    with threadpool_limits(threads(len(table.y))):
        return grow_histgb(table.matrix, table.y, table.weight, monotone, shape, rounds, seed)


BOOSTERS: Mapping[str, Grower] = {"lightgbm": _lightgbm, "histgb": _histgb}


def curve(
    learn: Table, judge: Table, monotone: Sequence[int], shape: Mapping[str, Any], rounds: int,
    seed: int,
) -> np.ndarray:  # fmt: skip
    """Weighted log-loss on `judge` after each of `rounds` trees, (rounds,)."""
    data = lgb.Dataset(learn.matrix, learn.y, weight=learn.weight)
    later = lgb.Dataset(judge.matrix, judge.y, weight=judge.weight, reference=data)
    seen: dict[str, dict[str, list[float]]] = {}
    lgb.train(
        settings(shape, monotone, len(learn.y), seed), data, rounds, valid_sets=[later],
        callbacks=[lgb.record_evaluation(seen)],
    )  # fmt: skip
    return np.asarray(next(iter(seen["valid_0"].values())))


def average(texts: Sequence[str]) -> str:
    """One LightGBM text whose log-odds are the mean of those of `texts`."""
    if len(texts) == 1:
        return texts[0]
    head, _, rest = texts[0].partition("\nTree=0\n")
    tail = rest.partition("\nend of trees")[2]
    header = "\n".join(line for line in head.split("\n") if not line.startswith("tree_sizes="))
    trees = [tree for text in texts for tree in _trees(text, 1.0 / len(texts))]
    numbered = [f"Tree={at}\n{tree}" for at, tree in enumerate(trees)]
    return f"{header}\n\n" + "\n\n\n".join(numbered) + "\n\n\nend of trees" + tail


def _trees(text: str, scale: float) -> list[str]:
    """The trees of a model's text without their numbers, leaves multiplied by `scale`."""
    body = text.partition("\nTree=0\n")[2].partition("\nend of trees")[0]
    blocks = body.strip("\n").split("\n\n\n")
    return [
        _scaled(block.partition("\n")[2] if at else block, scale) for at, block in enumerate(blocks)
    ]


def _scaled(block: str, scale: float) -> str:
    lines = block.split("\n")
    for at, line in enumerate(lines):
        if line.startswith("leaf_value="):
            values = line.removeprefix("leaf_value=").split()
            lines[at] = "leaf_value=" + " ".join(repr(float(value) * scale) for value in values)
    return "\n".join(lines)
