"""From a dataset frame to a bundle, and to its twin: a model fitted alike without the test
period."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS
from risk.features.spec import NO_REASON_FAMILIES, Feature
from risk.features.word_weights import FEATURE
from risk.model import EXPECTED, OF_GROUP, PROVEN, Bundle
from risk.model.pyfunc import frame_probabilities
from training.learn.feature_matrix import FeatureMatrix, feature_values, varying
from training.learn.fit_lane import (
    GROWING,
    LANES,
    FittedLane,
    LaneTable,
    TrainingScope,
    fit_lane,
)
from training.learn.lives import InterventionThresholds
from training.learn.plan import TrainingOptions, TrainingPlan, check_labels
from training.learn.promise import Promise
from training.learn.risk_control import RiskControl, control_risk
from training.learn.sampling import sample_requests
from training.learn.search import TreeShape, search_shape
from training.learn.selection import LabelSelection, propensity_weights
from training.learn.starting_score import StartingModel
from training.learn.used_features import with_used_features
from training.learn.words import LearnedWords, learn_words
from training.progress import LEARNING, Meter, Progress

ORDER = ["requested_at", "refund_id", "as_of"]
SELECTION, SEARCH, PROMISE = 140, 70, 140
"""Units of work of the other steps, against `GROWING` of a lane: about a thousand in all."""


@dataclass(frozen=True)
class FittedModel:
    """The result of a training.

    `bundle` was trained on all labelled rows and is served. `twin` was made the same way from rows
    before the test period, so its scores on `test` are out of sample. `test` holds the labelled
    rows of the test period with `probability` (the twin's) and `weight`; `frame` is the dataset in
    the row order of the masks of `plan`.
    """

    bundle: Bundle
    twin: Bundle
    test: pd.DataFrame
    frame: pd.DataFrame
    plan: TrainingPlan
    selection: LabelSelection
    about: Mapping[str, Any] = field(default_factory=dict)


def fit(
    frame: pd.DataFrame,
    features: Sequence[Feature],
    options: TrainingOptions,
    honest_share: float,
    progress: Progress | None = None,
    thresholds: InterventionThresholds | None = None,
    start: StartingModel | None = None,
) -> FittedModel:
    """Fit both lanes on a dataset frame, one row a (refund, as_of), and prove the promise.

    The promise allows `honest_share` of honest requests to be bothered: with `thresholds`, those
    the policy would bother (by the frame's column `row`); without, those whose probability reaches
    the threshold. Unlabelled rows never count as honest: they only show how labels were selected.
    With `start` trees are added to its score, and one label of either class is enough.
    Raises BadInput with the counts when there are too few labels of either class.
    """
    check_labels(frame, options.min_labels if start is None else 1)
    frame = sample_requests(frame, options.most_labelled)
    frame, values = sorted_frame(frame, [feature.name for feature in features])
    used = informative_features(frame, features, () if start is None else start.bundle.features)
    work = SELECTION + SEARCH + len(LANES) * GROWING + PROMISE
    meter = Meter(progress, LEARNING, work)
    plan = TrainingPlan.from_frame(frame, options, start)
    scopes = training_scopes(frame, features, plan, options)
    meter.add(SELECTION * 0.7)
    words = learn_words(frame, plan)
    meter.add(SELECTION * 0.3)
    content = [f for f in features if f.name == FEATURE and words is not None]
    values = values if words is None else values.learned(FEATURE, words.values)
    lanes = _fit_lanes(frame, values, [*used, *content], scopes, plan, options, meter)
    control = _told(
        partial(control_risk, options=options, honest_share=honest_share, thresholds=thresholds),
        meter.part(PROMISE, steps=2),
    )
    fitted = assemble(frame, [*used, *content], lanes, scopes, plan, control, words)
    meter.add(work)
    return fitted


def _told(control: RiskControl, step: Callable[[], None]) -> RiskControl:
    """The same, which says of each promise that it is made."""

    def prove(
        frame: pd.DataFrame, out_of_fold: np.ndarray, bundle: Bundle, scope: TrainingScope
    ) -> Promise:
        made = control(frame, out_of_fold, bundle, scope)
        step()
        return made

    return prove


def sorted_frame(frame: pd.DataFrame, names: list[str]) -> tuple[pd.DataFrame, FeatureMatrix]:
    """The rows of a dataset frame by request and moment, in the order of time, and the values of
    its features `names`, which the frame shows."""
    order = frame[ORDER].reset_index(drop=True).sort_values(ORDER).index.to_numpy()
    values = FeatureMatrix.of(frame, names, order)
    others = frame.drop(columns=names).iloc[order].reset_index(drop=True)
    return pd.concat([others, values.frame()], axis=1), values


def _fit_lanes(
    frame: pd.DataFrame,
    values: FeatureMatrix,
    used: Sequence[Feature],
    scopes: tuple[TrainingScope, TrainingScope],
    plan: TrainingPlan,
    options: TrainingOptions,
    meter: Meter,
) -> dict[str, FittedLane]:
    """Every lane, with trees of the shape that is best for the first."""
    lanes: dict[str, FittedLane] = {}
    shape: TreeShape | None = None
    for lane in LANES:
        own = [f for f in used if lane == "standard" or f.family in NO_REASON_FAMILIES]
        data = LaneTable.of(frame, values, own, lane, options, plan.start)
        if shape is None:
            shape = search_shape(data.table, plan.folds, data.monotone, options, data.start)
            meter.add(SEARCH)
        lanes[lane] = fit_lane(frame, data, scopes, shape, options, meter)
    return lanes


def training_scopes(
    frame: pd.DataFrame, features: Sequence[Feature], plan: TrainingPlan, options: TrainingOptions
) -> tuple[TrainingScope, TrainingScope]:
    """The rows and weights for the served model and for its twin, which uses nothing known after
    its cut: neither labels nor the selection of who got one."""
    names, cut = selection_columns(frame, features), plan.holdout.cut
    old = (frame["as_of"] < cut).to_numpy()
    if plan.by_customer:
        old = old & ~plan.holdout.test
    now = TrainingScope(
        plan.labelled, ~plan.labelled, propensity_weights(frame, names, options.seed)
    )
    then = propensity_weights(frame, names, options.seed, cut)
    return now, TrainingScope(plan.holdout.train, old & ~plan.holdout.train, then)


def selection_columns(frame: pd.DataFrame, features: Sequence[Feature]) -> list[str]:
    """The columns from which it is estimated who gets a label: the same wherever a model is fitted
    or judged, so that equal rows have equal weights."""
    return [feature.name for feature in informative_features(frame, features)]


def informative_features(
    frame: pd.DataFrame, features: Sequence[Feature], kept: Collection[str] = ()
) -> list[Feature]:
    """The features in use that take at least two values in the frame, and those `kept` anyway;
    what texts say is learned apart."""
    varies = varying(feature_values(frame, [f.name for f in features]))
    own = [(f, v) for f, v in zip(features, varies, strict=True) if f.name != FEATURE]
    return [f for f, varied in own if f.name in kept or (not f.retired and varied)]


def assemble(
    frame: pd.DataFrame,
    used: Sequence[Feature],
    lanes: Mapping[str, FittedLane],
    scopes: tuple[TrainingScope, TrainingScope],
    plan: TrainingPlan,
    control: RiskControl,
    words: LearnedWords | None = None,
) -> FittedModel:
    """Bundle, twin and test rows from the fitted lanes; `control` proves both promises."""
    hashes, (now, then) = {feature.name: feature.hash for feature in used}, scopes
    # Exclusive, as the cut of the twin: what was known at `plan.now` has been learned from.
    about = {"trained_until": plan.now + 1, **describe(frame, lanes, now.selection, plan)}
    weights = (None, None) if words is None else (words.served, words.twin)
    about["words"] = 0 if words is None else len(words.served.of)
    served = Bundle(hashes, {k: v.lane for k, v in lanes.items()}, {}, about, weights[0])
    bundle = with_used_features(served)
    past = {**about, "trained_until": plan.holdout.cut, "by_customer": plan.by_customer}
    twin = Bundle(hashes, {k: v.twin for k, v in lanes.items()}, {}, past, weights[1])
    out_of_fold = values_by_lane(frame, {name: lane.out_of_fold for name, lane in lanes.items()})
    twin_out_of_fold = values_by_lane(
        frame, {name: lane.twin_out_of_fold for name, lane in lanes.items()}
    )
    bundle = with_promise(bundle, control(frame, out_of_fold, bundle, now))
    twin = with_promise(twin, control(frame, twin_out_of_fold, twin, then))
    test = frame.loc[plan.holdout.test].copy()
    test["probability"] = frame_probabilities(twin, test)
    test["weight"] = now.selection.weight[plan.holdout.test]
    return FittedModel(bundle, twin, test, frame, plan, now.selection, bundle.about)


def values_by_lane(frame: pd.DataFrame, by_lane: Mapping[str, np.ndarray]) -> np.ndarray:
    """The value (n,) that each row's own lane gives it; NaN for rows of other lanes."""
    found = np.full(len(frame), np.nan)
    for lane, values in by_lane.items():
        here = (frame["lane"] == lane).to_numpy()
        found[here] = values[here]
    return found


def with_promise(bundle: Bundle, promise: Promise) -> Bundle:
    """The bundle with its promise and thresholds: proven (so is all above), expected, of groups."""
    thresholds = {f"{OF_GROUP}{name}": at for name, at in promise.of_group.items()}
    thresholds |= {PROVEN: max(promise.ask_above, promise.asked_from)} if promise.proven else {}
    if promise.expected_above is not None:
        thresholds[EXPECTED] = promise.expected_above
    about = {**bundle.about, "promise": promise.to_json()}
    return replace(bundle, thresholds=thresholds, about=about)


def describe(
    frame: pd.DataFrame,
    lanes: Mapping[str, FittedLane],
    selection: LabelSelection,
    plan: TrainingPlan,
) -> dict[str, Any]:
    """Counts and settings of a training for the model card, as plain JSON."""
    mixed = any(lane.about["on_starter"] for lane in lanes.values())
    return {
        "experience": "mixed" if mixed else "own",
        "calibrated": True,
        "by_customer": plan.by_customer,
        "requests": int(frame["refund_id"].nunique()),
        "labelled": selection.labelled,
        "audited": selection.audited,
        "effective_labels": round(selection.effective_sample_size, 1),
        "gap_days": round(plan.maturity_gap / DAY_MS, 2),
        "test_from": plan.holdout.cut,
        "lanes": {name: lane.about for name, lane in lanes.items()},
    }
