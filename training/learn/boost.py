"""Gradient-boosted trees: grown with several seeds and averaged into one LightGBM model text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from training.learn.histgb import grow_histgb

MAX_THREADS = 2
MIN_ROWS_FOR_THREADS = 50_000


@dataclass(frozen=True)
class TrainingTable:
    """Training data: features `matrix` (n, k), soft labels `y` (n,) in [0, 1], `weight` (n,)."""

    matrix: np.ndarray
    y: np.ndarray
    weight: np.ndarray

    def take(self, rows: np.ndarray) -> TrainingTable:
        """The rows selected by a boolean mask or by positions."""
        return TrainingTable(self.matrix[rows], self.y[rows], self.weight[rows])


TreeGrower = Callable[[TrainingTable, Sequence[int], Mapping[str, Any], int, int], str]


def lightgbm_params(
    shape: Mapping[str, Any], monotone: Sequence[int], rows: int, seed: int
) -> dict[str, Any]:
    """LightGBM's parameters: small trees, shrinkage, monotone constraints; `shape` overrides them.

    The objective is cross-entropy because it takes soft labels (label smoothing: Müller, Kornblith
    & Hinton 2019, "When does label smoothing help?"). The minimum leaf size grows with `rows`.
    """
    return {
        "objective": "cross_entropy", "metric": "cross_entropy", "learning_rate": 0.05,
        "num_leaves": 8, "feature_fraction": 0.25, "bagging_fraction": 0.8, "bagging_freq": 1,
        "lambda_l2": 0.1, "min_data_in_leaf": int(np.clip(rows // 1000, 5, 50)),
        "min_sum_hessian_in_leaf": 0.01, "max_bin": 255, "min_data_in_bin": 1,
        "monotone_constraints": list(monotone), "monotone_constraints_method": "intermediate",
        "feature_pre_filter": False, "deterministic": True, "force_col_wise": True,
        "num_threads": thread_count(rows), "verbosity": -1, "seed": seed, **shape,
    }  # fmt: skip


def thread_count(rows: int) -> int:
    """Number of threads for growing trees: one where rows are too few for a second to pay off."""
    return MAX_THREADS if rows > MIN_ROWS_FOR_THREADS else 1


def grow_trees(
    table: TrainingTable,
    monotone: Sequence[int],
    shape: Mapping[str, Any],
    rounds: int,
    seeds: Sequence[int],
    booster: str = "lightgbm",
) -> str:
    """LightGBM's model text of `rounds` trees a seed; its log-odds are the mean over seeds.

    `monotone` (k,) holds the sign of each feature's constraint, `booster` is `lightgbm` or
    `histgb`. Seeds run in parallel where one of them leaves threads free.
    """
    at_once = MAX_THREADS // thread_count(len(table.y))
    texts = Parallel(n_jobs=at_once, prefer="threads")(
        delayed(BOOSTERS[booster])(table, monotone, shape, rounds, seed) for seed in seeds
    )
    return average_models(texts)


def _lightgbm(
    table: TrainingTable, monotone: Sequence[int], shape: Mapping[str, Any], rounds: int, seed: int
) -> str:
    train_data = lgb.Dataset(table.matrix, table.y, weight=table.weight)
    chosen = lightgbm_params(shape, monotone, len(table.y), seed)
    return str(lgb.train(chosen, train_data, rounds).model_to_string())


def _histgb(
    table: TrainingTable, monotone: Sequence[int], shape: Mapping[str, Any], rounds: int, seed: int
) -> str:
    with threadpool_limits(thread_count(len(table.y))):
        return grow_histgb(table.matrix, table.y, table.weight, monotone, shape, rounds, seed)


BOOSTERS: Mapping[str, TreeGrower] = {"lightgbm": _lightgbm, "histgb": _histgb}


def validation_losses(
    train: TrainingTable,
    valid: TrainingTable,
    monotone: Sequence[int],
    shape: Mapping[str, Any],
    rounds: int,
    seed: int,
) -> np.ndarray:
    """Weighted log-loss on `judge` after each of `rounds` trees, (rounds,)."""
    train_data = lgb.Dataset(train.matrix, train.y, weight=train.weight)
    valid_data = lgb.Dataset(valid.matrix, valid.y, weight=valid.weight, reference=train_data)
    recorded: dict[str, dict[str, list[float]]] = {}
    lgb.train(
        lightgbm_params(shape, monotone, len(train.y), seed),
        train_data,
        rounds,
        valid_sets=[valid_data],
        callbacks=[lgb.record_evaluation(recorded)],
    )
    return np.asarray(next(iter(recorded["valid_0"].values())))


def average_models(texts: Sequence[str]) -> str:
    """One LightGBM model text whose log-odds are the mean of those of `texts`."""
    if len(texts) == 1:
        return texts[0]
    head, _, rest = texts[0].partition("\nTree=0\n")
    tail = rest.partition("\nend of trees")[2]
    header = "\n".join(line for line in head.split("\n") if not line.startswith("tree_sizes="))
    trees = [tree for text in texts for tree in _scaled_trees(text, 1.0 / len(texts))]
    numbered = [f"Tree={at}\n{tree}" for at, tree in enumerate(trees)]
    return f"{header}\n\n" + "\n\n\n".join(numbered) + "\n\n\nend of trees" + tail


def _scaled_trees(text: str, scale: float) -> list[str]:
    """The trees of a model text without their numbers, leaf values multiplied by `scale`."""
    body = text.partition("\nTree=0\n")[2].partition("\nend of trees")[0]
    blocks = body.strip("\n").split("\n\n\n")
    return [
        _scaled_leaves(block.partition("\n")[2] if at else block, scale)
        for at, block in enumerate(blocks)
    ]


def _scaled_leaves(block: str, scale: float) -> str:
    lines = block.split("\n")
    for at, line in enumerate(lines):
        if line.startswith("leaf_value="):
            values = line.removeprefix("leaf_value=").split()
            lines[at] = "leaf_value=" + " ".join(repr(float(value) * scale) for value in values)
    return "\n".join(lines)
