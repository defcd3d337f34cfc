"""Fitting one lane: the shape of its trees, the served model and its twin, their calibrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from risk.features.spec import Feature
from risk.model import Calibration, Lane
from training.learn.boost import TrainingTable, TreeSettings
from training.learn.calibrate import choose_calibration
from training.learn.calibration_level import CalibrationLevel
from training.learn.cross_fit import cross_fit
from training.learn.plan import TrainingOptions, TrainingPlan
from training.learn.search import TreeShape, search_shape
from training.learn.selection import LabelSelection, weight_per_refund

LANES = ("standard", "no_reason")
MIN_OWN_MINORITY = 150
FEW_ROWS = 5_000


@dataclass(frozen=True)
class TrainingScope:
    """What was known at the time of a training: masks (n,) of the `labelled` rows and of the
    `unlabelled` ones, and the selection of labels until then."""

    labelled: np.ndarray
    unlabelled: np.ndarray
    selection: LabelSelection


@dataclass(frozen=True)
class FittedLane:
    """One fitted lane: the served `lane`, its `twin`, the tree shape, and the out-of-fold
    probabilities (n,) of the rows each was trained on; NaN for other rows."""

    lane: Lane
    twin: Lane
    shape: TreeShape
    out_of_fold: np.ndarray
    twin_out_of_fold: np.ndarray
    about: Mapping[str, Any]


def fit_lane(
    frame: pd.DataFrame,
    features: Sequence[Feature],
    lane: str,
    scopes: tuple[TrainingScope, TrainingScope],
    plan: TrainingPlan,
    options: TrainingOptions,
    shape: TreeShape | None,
) -> FittedLane:
    """Fit a lane on the rows of both lanes, with a higher weight for its own.

    `scopes` are those of the served model and of its twin. `shape` is None where it has to be
    searched for.
    """
    names = tuple(feature.name for feature in features)
    monotone = [feature.monotone for feature in features]
    table = training_table(frame, names, lane, options)
    if shape is None:
        shape = search_shape(table, plan.folds, monotone, options)
    models = []
    for scope in scopes:
        size = int(scope.labelled.sum())
        rounds = boosting_rounds(shape, size)
        settings = TreeSettings(monotone, shape.params, rounds, options.booster)
        fitted = cross_fit(
            table,
            scope.labelled,
            scope.unlabelled,
            frame["customer_id"],
            settings,
            options.cross_folds,
            options.seed,
        )
        scores = fitted.calibration_scores()
        calibration, losses = calibrate_lane(frame, lane, scores, scope.selection)
        level = CalibrationLevel(frame, lane, scope.selection, table.matrix)
        corrected = level.corrected(fitted.text, calibration, scope.labelled, scope.unlabelled)
        details = {
            "rounds": rounds,
            "folds": fitted.folds,
            "calibration": calibration.kind,
            "calibration_losses": losses,
        }
        served = Lane(names, fitted.text, corrected)
        models.append((served, fitted.probabilities(calibration), details))
    (served, out_of_fold, details), (twin, twin_out_of_fold, twin_details) = models
    search = {"shape": dict(shape.params), "search": dict(shape.losses)}
    about = {**search, **details, "twin": twin_details}
    return FittedLane(served, twin, shape, out_of_fold, twin_out_of_fold, about)


def training_table(
    frame: pd.DataFrame, names: Sequence[str], lane: str, options: TrainingOptions
) -> TrainingTable:
    """Features, smoothed labels and weights of all rows; labels of unlabelled rows are NaN."""
    y = frame["y"].to_numpy(dtype=float)
    own = np.where((frame["lane"] == lane).to_numpy(), options.own_lane_weight, 1.0)
    soft = options.label_smoothing + (1 - 2 * options.label_smoothing) * y
    return TrainingTable(
        frame[list(names)].to_numpy(dtype=np.float64), soft, weight_per_refund(frame) * own
    )


def calibrate_lane(
    frame: pd.DataFrame, lane: str, raw: np.ndarray, selection: LabelSelection
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
    return choose_calibration(raw[rows], y[rows], weight, requested_at)


def boosting_rounds(shape: TreeShape, rows: int) -> int:
    """Number of trees for `rows` rows: the best number of the search times the square root of how
    many more rows there are; unchanged where rows are few."""
    if rows < FEW_ROWS:
        return shape.rounds
    return max(shape.rounds, round(shape.rounds * float(np.sqrt(rows / shape.rows))))
