"""From a dataset frame to a bundle, and to its twin that has never seen the last requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from risk.facts.units import DAY_MS
from risk.features.spec import NO_REASON_FAMILIES, Feature
from risk.model import Bundle
from risk.model.pyfunc import frame_probabilities
from training.learn.fit_lane import LANES, FittedLane, LaneTwin, learn_lane
from training.learn.plan import Options, Plan, check_labels
from training.learn.promise import NEVER, Promise
from training.learn.risk_control import Bars, Control, control_risk
from training.learn.selection import Selection, propensity_weights
from training.progress import Progress

STEPS = ("selection", "standard", "no_reason", "promise")


@dataclass(frozen=True)
class Fitted:
    """What a training makes.

    `bundle` learned from everything labelled and is what gets served; `twin` was made in the same
    way from requests before the test only, so that judging it on `test` is fair. `test` holds the
    labelled rows of the test period with `probability` (the twin's) and `weight`; `frame` is the
    dataset in the order `plan` speaks of.
    """

    bundle: Bundle
    twin: Bundle
    test: pd.DataFrame
    frame: pd.DataFrame
    plan: Plan
    selection: Selection
    about: Mapping[str, Any] = field(default_factory=dict)


def fit(
    frame: pd.DataFrame,
    features: Sequence[Feature],
    options: Options,
    honest_share: float,
    progress: Progress | None = None,
    bars: Bars | None = None,
) -> Fitted:
    """Learn both lanes from a dataset frame, one row a (refund, as_of).

    The promise allows `honest_share` of honest requests to be bothered. With `bars` it counts those
    that the policy would bother, by the frame's column `row`; without, those whose probability
    reaches the threshold. Rows without a label never count as honest: they only tell how labels
    were chosen. Raises BadInput when there are too few labels of either kind, with their counts.
    """
    tell = progress or (lambda _what, _done, _total: None)
    check_labels(frame, options.fewest)
    frame = frame.sort_values(["requested_at", "refund_id", "as_of"], ignore_index=True)
    used = informative(frame, features)
    tell(STEPS[0], 0, len(STEPS))
    plan = Plan.of(frame, options)
    pasts = past_of(frame, used, plan, options)
    lanes: dict[str, FittedLane] = {}
    for at, lane in enumerate(LANES, start=1):
        tell(lane, at, len(STEPS))
        own = [f for f in used if lane == "standard" or f.family in NO_REASON_FAMILIES]
        shape = lanes["standard"].shape if lanes else None
        lanes[lane] = learn_lane(frame, own, lane, pasts, plan, options, shape)
    tell(STEPS[3], 3, len(STEPS))
    control = partial(control_risk, options=options, honest_share=honest_share, bars=bars)
    fitted = assemble(frame, used, lanes, pasts, plan, control)
    tell(STEPS[3], len(STEPS), len(STEPS))
    return fitted


def past_of(
    frame: pd.DataFrame, used: Sequence[Feature], plan: Plan, options: Options
) -> tuple[LaneTwin, LaneTwin]:
    """What the served model may know, and what its twin may: nothing from after its cut, neither
    labels nor who was chosen to get one."""
    names, cut = [feature.name for feature in used], plan.test.cut
    old = (frame["as_of"] < cut).to_numpy()
    now = LaneTwin(plan.known, ~plan.known, propensity_weights(frame, names, options.seed))
    then = propensity_weights(frame, names, options.seed, cut)
    return now, LaneTwin(plan.test.learn, old & ~plan.test.learn, then)


def informative(frame: pd.DataFrame, features: Sequence[Feature]) -> list[Feature]:
    """The features that take at least two values here; the rest a model need not ask for."""
    columns = frame[[feature.name for feature in features]]
    counts = columns.nunique(dropna=False)
    return [feature for feature in features if not feature.retired and counts[feature.name] > 1]


def assemble(
    frame: pd.DataFrame,
    used: Sequence[Feature],
    lanes: Mapping[str, FittedLane],
    pasts: tuple[LaneTwin, LaneTwin],
    plan: Plan,
    control: Control,
) -> Fitted:
    """Bundle, twin and test rows out of what the lanes learned; `control` proves their promises."""
    hashes, (now, then) = {feature.name: feature.hash for feature in used}, pasts
    about = {"trained_until": plan.now, **describe(frame, lanes, now.selection, plan)}
    bundle = Bundle(hashes, {k: v.lane for k, v in lanes.items()}, {}, about)
    twin = Bundle(hashes, {k: v.twin for k, v in lanes.items()}, {}, about)
    twin = replace(twin, about={**about, "trained_until": plan.test.cut})
    outside = by_lane(frame, {name: lane.outside for name, lane in lanes.items()})
    twin_outside = by_lane(frame, {name: lane.twin_outside for name, lane in lanes.items()})
    bundle = with_promise(bundle, control(frame, outside, bundle, now))
    twin = with_promise(twin, control(frame, twin_outside, twin, then))
    test = frame.loc[plan.test.judge].copy()
    test["probability"] = frame_probabilities(twin, test)
    test["weight"] = now.selection.weight[plan.test.judge]
    return Fitted(bundle, twin, test, frame, plan, now.selection, bundle.about)


def by_lane(frame: pd.DataFrame, told: Mapping[str, np.ndarray]) -> np.ndarray:
    """What each row's own lane told of it (n,)."""
    found = np.full(len(frame), np.nan)
    for lane, values in told.items():
        here = (frame["lane"] == lane).to_numpy()
        found[here] = values[here]
    return found


def with_promise(bundle: Bundle, made: Promise) -> Bundle:
    """The bundle with its promise, and the threshold it carries; none where none is proven, and the
    policy's own holds."""
    bar = {} if made.ask_above >= NEVER else {"ask_above": made.ask_above}
    return replace(bundle, thresholds=bar, about={**bundle.about, "promise": made.to_json()})


def describe(
    frame: pd.DataFrame, lanes: Mapping[str, FittedLane], selection: Selection, plan: Plan
) -> dict[str, Any]:
    """What a person wants to know of a training, in plain JSON."""
    return {
        "requests": int(frame["refund_id"].nunique()),
        "labelled": selection.labelled,
        "audited": selection.audited,
        "effective_labels": round(selection.effective_sample_size, 1),
        "gap_days": round(plan.gap / DAY_MS, 2),
        "test_from": plan.test.cut,
        "lanes": {name: lane.about for name, lane in lanes.items()},
    }
