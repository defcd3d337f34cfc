"""Gradient-boosted trees: grown on parts of a table and averaged into one LightGBM model text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from risk.features.scratch import taken
from training.learn.histgb import grow_histgb

MAX_THREADS = 2
MIN_ROWS_FOR_THREADS = 50_000
PATIENCE = 40
HEAD_START = 40


@dataclass(frozen=True)
class TrainingTable:
    """Training data: features `matrix` (n, k), soft labels `y` (n,) in [0, 1], `weight` (n,).

    Trees are added to the log-odds `offset` (n,); None: to a constant. LightGBM only. Where only
    some `columns` of a matrix are the features, take rows before trees are grown on them.
    """

    matrix: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    offset: np.ndarray | None = None
    columns: np.ndarray | None = None

    @property
    def width(self) -> int:
        """The number of features."""
        return self.matrix.shape[1] if self.columns is None else len(self.columns)

    def take(self, rows: np.ndarray) -> TrainingTable:
        """The rows selected by a boolean mask or by positions."""
        offset = None if self.offset is None else self.offset[rows]
        return TrainingTable(self.values(rows), self.y[rows], self.weight[rows], offset)

    def values(self, rows: np.ndarray) -> np.ndarray:
        """The features of some rows (mask or positions)."""
        return taken(self.matrix, rows, self.columns)

    def dataset(self, **settings: Any) -> lgb.Dataset:
        """As LightGBM's."""
        return lgb.Dataset(
            self.matrix, self.y, weight=self.weight, init_score=self.offset, **settings
        )


def no_step() -> None:
    """The step of trees whose growth nobody watches."""


@dataclass(frozen=True)
class TreeSettings:
    """How trees are grown: the sign of each feature's constraint `monotone` (k,), LightGBM's
    parameters `shape`, the number of trees `rounds`, and the `booster`, `lightgbm` or `histgb`.
    `step` is called after each tree, from the thread that grows it."""

    monotone: Sequence[int]
    shape: Mapping[str, Any]
    rounds: int
    booster: str = "lightgbm"
    step: Callable[[], None] = no_step


PartGrower = Callable[[np.ndarray, int], str]
"""From positions of rows (sorted) and a seed to LightGBM's model text."""

DEFAULT_SHAPE = {"learning_rate": 0.1, "num_leaves": 8, "feature_fraction": 0.25}
"""The shape of trees for which nothing else is set, of either booster."""
BINNING = {"max_bin": 255, "min_data_in_bin": 1, "feature_pre_filter": False, "verbosity": -1}


def lightgbm_params(
    shape: Mapping[str, Any], monotone: Sequence[int], rows: int, seed: int
) -> dict[str, Any]:
    """LightGBM's parameters: small trees, shrinkage, monotone constraints; `shape` overrides them.

    The objective is cross-entropy because it takes soft labels (label smoothing: Müller, Kornblith
    & Hinton 2019, "When does label smoothing help?"). The minimum leaf size grows with `rows`.
    """
    return {
        "objective": "cross_entropy", "metric": "cross_entropy",
        "lambda_l2": 0.1, "min_data_in_leaf": int(np.clip(rows // 1000, 5, 50)),
        "min_sum_hessian_in_leaf": 0.01, "monotone_constraints": list(monotone),
        "monotone_constraints_method": "intermediate", "deterministic": True,
        "force_col_wise": True, "num_threads": thread_count(rows), "seed": seed, **BINNING,
        **DEFAULT_SHAPE, **shape,
    }  # fmt: skip


def thread_count(rows: int) -> int:
    """Number of threads for growing trees: one where rows are too few for a second to pay off."""
    return MAX_THREADS if rows > MIN_ROWS_FOR_THREADS else 1


def grow_parts(
    table: TrainingTable, settings: TreeSettings, parts: Sequence[np.ndarray], seed: int
) -> list[str]:
    """LightGBM's model text of the trees grown on each of `parts` (positions of rows, sorted).

    The values of the features are put into bins once, for all parts. The parts have seeds of their
    own, from `seed` on, and are grown in parallel where one of them leaves threads free.
    """
    grow = BOOSTERS[settings.booster](table, settings)
    at_once = MAX_THREADS // thread_count(max(len(part) for part in parts))
    return list(
        Parallel(n_jobs=at_once, prefer="threads")(
            delayed(grow)(part, seed + at) for at, part in enumerate(parts)
        )
    )


def grow_trees(table: TrainingTable, settings: TreeSettings, seeds: Sequence[int]) -> str:
    """LightGBM's model text of `settings.rounds` trees a seed on all rows of a table; its log-odds
    are the mean over seeds."""
    grow, everything = BOOSTERS[settings.booster](table, settings), np.arange(len(table.y))
    return average_models([grow(everything, seed) for seed in seeds])


def bin_values(table: TrainingTable) -> lgb.Dataset:
    """The table with the values of its features in bins, for trees on any of its rows."""
    return table.dataset(params=BINNING).construct()


def _lightgbm(table: TrainingTable, settings: TreeSettings) -> PartGrower:
    binned = bin_values(table)

    def grow(part: np.ndarray, seed: int) -> str:
        params = lightgbm_params(settings.shape, settings.monotone, len(part), seed)
        data = binned.subset(part.tolist(), params=BINNING)
        watch = [lambda _: settings.step()]
        return str(lgb.train(params, data, settings.rounds, callbacks=watch).model_to_string())

    return grow


def _histgb(table: TrainingTable, settings: TreeSettings) -> PartGrower:
    def grow(part: np.ndarray, seed: int) -> str:
        rows = table.take(part)
        with threadpool_limits(thread_count(len(part))):
            text = grow_histgb(
                rows.matrix, rows.y, rows.weight,
                settings.monotone, {**DEFAULT_SHAPE, **settings.shape}, settings.rounds, seed,
            )  # fmt: skip
        for _ in range(settings.rounds):
            settings.step()
        return text

    return grow


BOOSTERS: Mapping[str, Callable[[TrainingTable, TreeSettings], PartGrower]] = {
    "lightgbm": _lightgbm,
    "histgb": _histgb,
}


def validation_losses(
    binned: lgb.Dataset,
    fold: tuple[np.ndarray, np.ndarray],
    monotone: Sequence[int],
    shape: Mapping[str, Any],
    rounds: int,
    seed: int,
    rival: np.ndarray | None = None,
) -> np.ndarray:
    """Weighted log-loss after each of `rounds` trees, (rounds,), grown on the first rows of `fold`
    and measured on the others (positions, sorted).

    It ends, and stays at its last value, when `PATIENCE` trees have brought nothing better, or when
    after `HEAD_START` trees or more the best is no better than that of `rival` (rounds,) so far.
    """
    train, test = (binned.subset(rows.tolist(), params=BINNING) for rows in fold)
    booster = lgb.Booster(lightgbm_params(shape, monotone, len(fold[0]), seed), train)
    booster.add_valid(test, "later")
    losses: list[float] = []
    while len(losses) < rounds:
        booster.update()
        losses.append(booster.eval_valid()[0][2])
        best, trees = int(np.argmin(losses)), len(losses)
        behind = rival is not None and trees >= HEAD_START and losses[best] >= min(rival[:trees])
        if behind or trees - best > PATIENCE:
            break
    return np.pad(losses, (0, rounds - len(losses)), mode="edge")


def average_models(texts: Sequence[str]) -> str:
    """One LightGBM model text whose log-odds are the mean of those of `texts`."""
    if len(texts) == 1:
        return texts[0]
    return _with_trees(
        texts[0], [tree for text in texts for tree in _scaled_trees(text, 1.0 / len(texts))]
    )


def sum_models(text: str, other: str, scale: float, columns: Sequence[int], constant: float) -> str:
    """One model text whose log-odds are those of `text` plus `scale` times those of `other` plus a
    constant; column i of `other` is column `columns[i]` of `text`."""
    first, *rest = (on_columns(tree, columns) for tree in _scaled_trees(other, scale))
    shifted = _mapped(first, "leaf_value", lambda value: repr(float(value) + constant))
    return _with_trees(text, [shifted, *rest, *_scaled_trees(text, 1.0)])


def _with_trees(text: str, trees: Sequence[str]) -> str:
    """The model text with these trees in place of its own."""
    head, _, rest = text.partition("\nTree=0\n")
    tail = rest.partition("\nend of trees")[2]
    header = "\n".join(line for line in head.split("\n") if not line.startswith("tree_sizes="))
    numbered = [f"Tree={at}\n{tree}" for at, tree in enumerate(trees)]
    return f"{header}\n\n" + "\n\n\n".join(numbered) + "\n\n\nend of trees" + tail


def _scaled_trees(text: str, scale: float) -> list[str]:
    """The trees of a model text without their numbers, leaf values multiplied by `scale`."""
    body = text.partition("\nTree=0\n")[2].partition("\nend of trees")[0]
    blocks = body.strip("\n").split("\n\n\n")
    trees = [block.partition("\n")[2] if at else block for at, block in enumerate(blocks)]
    return [_mapped(one, "leaf_value", lambda value: repr(float(value) * scale)) for one in trees]


def on_columns(block: str, columns: Sequence[int]) -> str:
    """One or more trees whose column i becomes `columns[i]`."""
    return _mapped(block, "split_feature", lambda feature: str(columns[int(feature)]))


def _mapped(block: str, field: str, change: Callable[[str], str]) -> str:
    """A tree with every value of one of its fields changed."""
    lines = block.split("\n")
    for at, line in enumerate(lines):
        if line.startswith(f"{field}="):
            values = line.removeprefix(f"{field}=").split()
            lines[at] = f"{field}=" + " ".join(map(change, values))
    return "\n".join(lines)
