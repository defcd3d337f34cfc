"""From the rows of many made worlds to the starter's bundle.

Every world counts alike, its abusive requests as `BALANCE` of all. At that prevalence the log-odds
of the trees hold; the policy's replaces it when the starter is put in service. Calibration,
threshold and metrics are measured on worlds that the trees were not fitted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn.metrics import average_precision_score, roc_auc_score

from risk.features.spec import NO_REASON_FAMILIES, Feature
from risk.model import Bundle, Lane, Trees
from training.learn.boost import TrainingTable, TreeSettings, grow_trees
from training.learn.calibrate import fit_platt
from training.learn.fit import values_by_lane
from training.learn.fit_lane import LANES
from training.learn.selection import REQUEST_STAGE, weight_per_refund
from training.starter.inputs import starter_features

BALANCE = 0.1
"""The prevalence at which the starter's log-odds hold."""
TREES = 100
SHAPE = {
    "num_leaves": 8, "learning_rate": 0.12, "feature_fraction": 0.3,
    "bagging_fraction": 0.8, "bagging_freq": 1,
}  # fmt: skip
FOLDS, SEED = 4, 1
OWN_LANE_WEIGHT = 2.0
METRICS = {"auc": roc_auc_score, "average_precision": average_precision_score}
GRID = np.linspace(-4.0, 6.0, 101)
WORST = 0.9
"""The share of worlds in which no more requests reach a score than the table of reach says."""


def fit_starter(frame: pd.DataFrame) -> Bundle:
    """The starter of the rows of `worlds.rows_of_worlds`; the same rows give the same bytes."""
    features = starter_features()
    weight = weight_per_refund(frame) * balanced(frame)
    lanes, held_out = {}, {}
    for lane in LANES:
        own = [f for f in features if lane == "standard" or f.family in NO_REASON_FAMILIES]
        lanes[lane], held_out[lane] = fit_lane_of_worlds(frame, own, lane, weight)
    log_odds = values_by_lane(frame, held_out)
    used = {f.name: f.hash for f in features}
    return Bundle(used, lanes, {}, describe(frame, log_odds))


def balanced(frame: pd.DataFrame) -> np.ndarray:
    """Weights (n,), mean 1 a world, that make every world's prevalence `BALANCE`."""
    share = frame.groupby("world")["y"].transform("mean").clip(0.001, 0.999).to_numpy()
    positive = (frame["y"] >= 0.5).to_numpy()
    rows = frame.groupby("world")["y"].transform("size").to_numpy()
    alike = len(frame) / frame["world"].nunique() / rows
    return np.asarray(np.where(positive, BALANCE / share, (1 - BALANCE) / (1 - share)) * alike)


def fit_lane_of_worlds(
    frame: pd.DataFrame, features: Sequence[Feature], lane: str, weight: np.ndarray
) -> tuple[Lane, np.ndarray]:
    """The lane fitted on all worlds, and the calibrated log-odds (n,) of every row by trees that
    were fitted without its world."""
    names = tuple(feature.name for feature in features)
    own = (frame["lane"] == lane).to_numpy()
    table = TrainingTable(
        frame[list(names)].to_numpy(np.float64),
        frame["y"].to_numpy(float),
        weight * np.where(own, OWN_LANE_WEIGHT, 1.0),
    )
    settings = TreeSettings([f.monotone for f in features], SHAPE, TREES)
    fold = (frame["world"] % FOLDS).to_numpy()
    raw = np.empty(len(frame))
    for held in range(FOLDS):
        text = grow_trees(table.take(fold != held), settings, [SEED])
        raw[fold == held] = Trees(text, len(names)).raw_scores(table.matrix[fold == held])
    calibration = fit_platt(raw[own], table.y[own], weight[own])
    served = Lane(names, grow_trees(table, settings, [SEED]), calibration)
    return served, logit(calibration.probabilities(raw))


def describe(frame: pd.DataFrame, log_odds: np.ndarray) -> dict[str, Any]:
    """What the starter's card says of it: how it was made, and how it does on worlds unseen."""
    return {
        "experience": "assumed",
        "calibrated": False,
        "trained_until": 0,
        "worlds": int(frame["world"].nunique()),
        "requests": int(frame["refund_id"].nunique()),
        "labelled": 0,
        "balance": BALANCE,
        "reach": reach(frame, log_odds),
        "metrics": held_out_metrics(frame, log_odds),
    }


def reach(frame: pd.DataFrame, log_odds: np.ndarray) -> dict[str, list[float]]:
    """The share of honest, and of abusive, requests whose highest score in their life reaches each
    of `GRID`; at most so many in `WORST` of the worlds."""
    lives = frame.assign(peak=log_odds).groupby("refund_id")[["peak", "world", "y"]].max()
    found: dict[str, list[float]] = {"log_odds": GRID.round(4).tolist()}
    for name, rows in (("honest", lives["y"] < 0.5), ("abusive", lives["y"] >= 0.5)):
        shares = [
            1 - np.searchsorted(np.sort(peaks), GRID) / len(peaks)
            for _, peaks in lives[rows].groupby("world")["peak"]
        ]
        found[name] = np.quantile(shares, WORST, axis=0).round(6).tolist()
    return found


def held_out_metrics(frame: pd.DataFrame, log_odds: np.ndarray) -> dict[str, float]:
    """The mean, and the worst tenth, over worlds, of metrics at request time against the truth."""
    first = frame.assign(score=log_odds)[frame["stage"] == REQUEST_STAGE]
    found: dict[str, float] = {}
    for name, metric in METRICS.items():
        values = [metric(part["y"], part["score"]) for _, part in first.groupby("world")]
        found[name] = round(float(np.mean(values)), 4)
        found[f"{name}_in_the_worst_tenth"] = round(float(np.quantile(values, 0.1)), 4)
    return found
