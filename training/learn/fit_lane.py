"""Learning one lane: the shape of its trees, its twin, the served model, their calibrations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from risk.features.spec import Feature
from risk.model import Calibration, Lane, Trees
from training.learn.boost import Table, grow
from training.learn.calibrate import choose
from training.learn.calibration_level import CalibrationLevel
from training.learn.plan import Options, Plan
from training.learn.search import Shape, search
from training.learn.selection import Selection, weight_per_refund

LANES = ("standard", "no_reason")
OWN_RARER = 150
FEW = 5_000
SEEDS = {20_000: 3, 60_000: 2}
PARTS = 4


@dataclass(frozen=True)
class LaneTwin:
    """What a model could know when it learned: the rows (n,) it may `learn` from, the `rest` that
    nobody had looked into by then, and how labels had been chosen until then."""

    learn: np.ndarray
    rest: np.ndarray
    selection: Selection


@dataclass(frozen=True)
class FittedLane:
    """One lane: the served `lane`, its `twin`, the shape found, and probabilities (n,) of the rows
    each learned from, `outside` and `twin_outside`, by trees that had not learned from them; NaN
    for the others."""

    lane: Lane
    twin: Lane
    shape: Shape
    outside: np.ndarray
    twin_outside: np.ndarray
    about: Mapping[str, Any]


def learn_lane(
    frame: pd.DataFrame,
    features: Sequence[Feature],
    lane: str,
    pasts: tuple[LaneTwin, LaneTwin],
    plan: Plan,
    options: Options,
    shape: Shape | None,
) -> FittedLane:
    """Learn from the rows of both lanes, those of this one weighing more.

    `pasts` are those of the served model and of its twin. `shape` is given where another lane has
    found it already.
    """
    names = tuple(feature.name for feature in features)
    monotone = [feature.monotone for feature in features]
    table = learning_table(frame, names, lane, options)
    if shape is None:
        shape = search(table, plan.folds, monotone, options)
    made = []
    for past in pasts:
        size = int(past.learn.sum())
        rounds, seeds = boosting_rounds(shape.rounds, size, plan), bagging_seeds(size, options.seed)
        grown = partial(grow, monotone=monotone, shape=shape.settings, rounds=rounds, seeds=seeds,
                        booster=options.booster)  # fmt: skip
        raw = cross_fitted_scores(table, past.learn, frame["customer_id"], grown)
        calibration, losses = calibrate(frame, lane, raw, past.selection)
        text = grown(table.take(past.learn))
        level = CalibrationLevel(frame, lane, past.selection, table.matrix)
        served = Lane(names, text, level.of(text, calibration, past.learn, past.rest))
        told = {"rounds": rounds, "seeds": len(seeds), "calibration": calibration.kind,
                "calibration_losses": losses}  # fmt: skip
        made.append((served, _judged(calibration, raw), told))
    (served, outside, told), (twin, twin_outside, twin_told) = made
    about = {"shape": dict(shape.settings), "search": dict(shape.losses), **told, "twin": twin_told}
    return FittedLane(served, twin, shape, outside, twin_outside, about)


def cross_fitted_scores(
    table: Table, rows: np.ndarray, customers: pd.Series, grown: Callable[[Table], str]
) -> np.ndarray:
    """Raw log-odds (n,) of `rows` (mask) by trees of the same make that learned from the rows of
    other customers only; NaN elsewhere.

    Trees of earlier periods would do as well were they not grown on so much fewer rows: the flatter
    their scores, the flatter the calibration, and the most suspicious are told too low.
    """
    part = pd.util.hash_array(customers.to_numpy(dtype=object)) % PARTS
    raw = np.full(len(rows), np.nan)
    for one in range(PARTS):
        here = rows & (part == one)
        trees = Trees(grown(table.take(rows & (part != one))), table.matrix.shape[1])
        raw[here] = trees.raw_scores(table.matrix[here])
    return raw


def _judged(made: Calibration, raw: np.ndarray) -> np.ndarray:
    """Probabilities (n,) of raw log-odds, NaN where there are none."""
    found = np.full(len(raw), np.nan)
    seen = np.isfinite(raw)
    found[seen] = made.probabilities(raw[seen])
    return found


def learning_table(frame: pd.DataFrame, names: Sequence[str], lane: str, options: Options) -> Table:
    """Features, smoothed labels and weights of all rows; unlabelled rows keep NaN labels."""
    y = frame["y"].to_numpy(dtype=float)
    own = np.where((frame["lane"] == lane).to_numpy(), options.own_lane, 1.0)
    soft = options.smoothing + (1 - 2 * options.smoothing) * y
    return Table(
        frame[list(names)].to_numpy(dtype=np.float64), soft, weight_per_refund(frame) * own
    )


def calibrate(
    frame: pd.DataFrame, lane: str, raw: np.ndarray, selection: Selection
) -> tuple[Calibration, dict[str, float]]:
    """The lane's calibration, on its own rows where enough are of the rarer kind, else on all: how
    far its trees are too flat can be told from either lane's rows, and where labels are few that is
    most of the error. What sets the lanes apart is their level, which is found afterwards."""
    seen = np.isfinite(raw)
    y = frame["y"].to_numpy(dtype=float)
    own = seen & (frame["lane"] == lane).to_numpy()
    rows = own if min((y[own] >= 0.5).sum(), (y[own] < 0.5).sum()) >= OWN_RARER else seen
    weight = weight_per_refund(frame)[rows] * selection.weight[rows]
    asked = frame["requested_at"].to_numpy()[rows]
    return choose(raw[rows], y[rows], weight, asked)


def boosting_rounds(rounds: int, rows: int, plan: Plan) -> int:
    """More trees than were best in the folds, for more rows to learn from: by the square root;
    no more where there are few, for there they only learn noise."""
    folds = [fold.learn.sum() for fold in plan.folds]
    return rounds if rows < FEW else round(rounds * float(np.sqrt(rows / np.mean(folds))))


def bagging_seeds(rows: int, seed: int) -> list[int]:
    """More seeds where there is less data: averaging them steadies what few labels teach (Breiman
    1996, "Bagging predictors"; here rows, features and thresholds are drawn for every tree)."""
    count = next((seeds for size, seeds in SEEDS.items() if rows < size), 1)
    return [seed + at for at in range(count)]
