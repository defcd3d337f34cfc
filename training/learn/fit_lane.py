"""Fitting one lane: the shape of its trees, the served model and its twin, their calibrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from risk.features.spec import Feature
from risk.features.word_weights import FEATURE
from risk.model import Calibration, Lane
from training.learn.boost import TrainingTable, TreeSettings
from training.learn.calibrate import choose_calibration
from training.learn.calibration_level import CalibrationLevel
from training.learn.cross_fit import cross_fit
from training.learn.feature_matrix import FeatureMatrix
from training.learn.plan import TrainingOptions
from training.learn.search import TreeShape
from training.learn.selection import LabelSelection, requests_stood_for, weight_per_refund
from training.learn.starting_score import StartingModel, StartingScore
from training.progress import Meter

LANES = ("standard", "no_reason")
MIN_OWN_MINORITY = 150
FEW_ROWS = 5_000
ENOUGH_ROWS = 30_000
"""Labelled rows from which on a lane learns from its own, and others only fill up to so many."""
GROWING = 300
"""Units of work to grow the trees of a lane and of its twin."""


@dataclass(frozen=True)
class TrainingScope:
    """What was known at the time of a training: masks (n,) of the `labelled` rows and of the
    `unlabelled` ones, and the selection of labels until then."""

    labelled: np.ndarray
    unlabelled: np.ndarray
    selection: LabelSelection

    def within(self, rows: np.ndarray) -> TrainingScope:
        """What was known of some rows (mask, n)."""
        return replace(self, labelled=self.labelled & rows, unlabelled=self.unlabelled & rows)


@dataclass(frozen=True)
class FittedLane:
    """One fitted lane: the served `lane`, its `twin`, and the out-of-fold probabilities (n,) of
    the rows each was trained on; NaN for other rows."""

    lane: Lane
    twin: Lane
    out_of_fold: np.ndarray
    twin_out_of_fold: np.ndarray
    about: Mapping[str, Any]


@dataclass(frozen=True)
class LaneTable:
    """What a lane learns from: its features by name, their constraints, and the table of all rows
    of both lanes, with a higher weight for its own."""

    lane: str
    names: tuple[str, ...]
    monotone: tuple[int, ...]
    table: TrainingTable
    start: StartingScore | None = None

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        values: FeatureMatrix,
        features: Sequence[Feature],
        lane: str,
        options: TrainingOptions,
        begin: StartingModel | None = None,
    ) -> LaneTable:
        """The table of a lane from a dataset frame and the values of its features."""
        names = tuple(feature.name for feature in features)
        monotone = tuple(feature.monotone or int(feature.name == FEATURE) for feature in features)
        table = training_table(frame, values, names, lane, options)
        start = begin.scores(lane, names, table) if begin and _can_add(options) else None
        return cls(lane, names, monotone, table, start)


def _can_add(options: TrainingOptions) -> bool:
    """Whether the booster can add trees to a score."""
    return options.booster == "lightgbm"


def fit_lane(
    frame: pd.DataFrame,
    data: LaneTable,
    scopes: tuple[TrainingScope, TrainingScope],
    shape: TreeShape,
    options: TrainingOptions,
    meter: Meter,
) -> FittedLane:
    """Fit a lane: trees grown for the served model and its twin, and calibrations.

    `scopes` are those of the served model and of its twin, `shape` is what was found for the first
    lane. Growing takes `GROWING` units of `meter`, half of them for each.
    """
    taught = rows_for_lane(frame, data.lane, scopes[0].labelled)
    (served, out_of_fold, details), (twin, twin_out_of_fold, twin_details) = (
        _fit_scope(frame, data, scope.within(taught), shape, options, meter) for scope in scopes
    )
    on_starter = data.start is not None and shape.on_starter
    search = {"on_starter": on_starter, "search": dict(shape.losses)}
    about = {**search, **details, "twin": twin_details}
    return FittedLane(served, twin, out_of_fold, twin_out_of_fold, about)


def _fit_scope(
    frame: pd.DataFrame,
    data: LaneTable,
    scope: TrainingScope,
    shape: TreeShape,
    options: TrainingOptions,
    meter: Meter,
) -> tuple[Lane, np.ndarray, dict[str, Any]]:
    """The lane of one scope, its out-of-fold probabilities (n,), and what to say about it."""
    table, folds = data.table, options.cross_folds
    if data.lane != LANES[0]:
        shape = shape.for_other_lane(own_rows(frame, data.lane, scope.labelled))
    start = data.start if shape.on_starter else None
    line = None if start is None else start.line(table, scope.labelled)
    begun = table if start is None or line is None else start.under(table, line)
    rounds = boosting_rounds(shape, int(scope.labelled.sum()))
    step = meter.part(GROWING / 2, rounds * folds)
    settings = TreeSettings(data.monotone, shape.params, rounds, options.booster, step)
    customers = frame["customer_id"]
    fitted = cross_fit(
        begun, scope.labelled, scope.unlabelled, customers, settings, folds, options.seed
    )
    toward = None if start is None or line is None else start.level - line.intercept
    scores = fitted.calibration_scores()
    calibration, losses = calibrate_lane(frame, data.lane, scores, scope.selection, toward)
    text = fitted.text if start is None or line is None else start.added(fitted.text, line)
    level = CalibrationLevel(frame, data.lane, scope.selection, table)
    corrected = level.corrected(text, calibration, scope.labelled, scope.unlabelled)
    details = {
        "shape": dict(shape.params),
        "rounds": rounds,
        "folds": fitted.folds,
        "starter": 0.0 if line is None else round(line.slope, 4),
        "calibration": calibration.kind,
        "calibration_losses": losses,
    }
    return Lane(data.names, text, corrected), fitted.probabilities(calibration), details


def own_rows(frame: pd.DataFrame, lane: str, labelled: np.ndarray) -> int:
    """How many of the rows `labelled` (mask, n) are a lane's own."""
    return int((labelled & (frame["lane"] == lane).to_numpy()).sum())


def rows_for_lane(frame: pd.DataFrame, lane: str, labelled: np.ndarray) -> np.ndarray:
    """Mask (n,) of the rows that a lane learns from: all, unless more than `ENOUGH_ROWS` are
    `labelled`; then its own, and of the other lane the requests, drawn by their ids, that make so
    many with them."""
    own = (frame["lane"] == lane).to_numpy()
    others = int((labelled & ~own).sum())
    room = ENOUGH_ROWS - int((labelled & own).sum())
    if room >= others:
        return np.ones(len(frame), dtype=bool)
    codes = pd.util.hash_array(frame["refund_id"].to_numpy(dtype=object))
    drawn: np.ndarray = own | (codes < max(room, 0) / others * 2.0**64)
    return drawn


def training_table(
    frame: pd.DataFrame,
    values: FeatureMatrix,
    names: Sequence[str],
    lane: str,
    options: TrainingOptions,
) -> TrainingTable:
    """Features, smoothed labels and weights of all rows; labels of unlabelled rows are NaN."""
    y = frame["y"].to_numpy(dtype=float)
    own = np.where((frame["lane"] == lane).to_numpy(), options.own_lane_weight, 1.0)
    soft = options.label_smoothing + (1 - 2 * options.label_smoothing) * y
    weight = weight_per_refund(frame) * requests_stood_for(frame) * own
    return TrainingTable(values.matrix, soft, weight, columns=values.columns(names))


def calibrate_lane(
    frame: pd.DataFrame,
    lane: str,
    raw: np.ndarray,
    selection: LabelSelection,
    toward: float | None = None,
) -> tuple[Calibration, dict[str, float]]:
    """The lane's calibration and the log-loss of each method, weighted by inverse propensity.

    Fitted on the lane's own rows where the rarer class has enough, else on all rows: the slope is
    much the same in both lanes, and their different levels are corrected afterwards
    (`CalibrationLevel`).
    """
    known = np.isfinite(raw)
    y = frame["y"].to_numpy(dtype=float)
    own = known & (frame["lane"] == lane).to_numpy()
    rows = own if min((y[own] >= 0.5).sum(), (y[own] < 0.5).sum()) >= MIN_OWN_MINORITY else known
    weight = weight_per_refund(frame)[rows] * selection.weight[rows]
    requested_at = frame["requested_at"].to_numpy()[rows]
    return choose_calibration(raw[rows], y[rows], weight, requested_at, toward)


def boosting_rounds(shape: TreeShape, rows: int) -> int:
    """Number of trees for `rows` rows: the best number of the search times the square root of how
    many more rows there are; unchanged where rows are few."""
    if rows < FEW_ROWS:
        return shape.rounds
    return max(shape.rounds, round(shape.rounds * float(np.sqrt(rows / shape.rows))))
