"""From a dataset frame to a bundle, and to its twin that has never seen the last requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from risk.errors import BadInput, Problem
from risk.features.spec import NO_REASON_FAMILIES, Feature
from risk.model import Bundle
from training.lanes import LANES, Learned, learn_lane
from training.promise import NEVER, Promise, promise
from training.selection import Selection, per_refund, select
from training.split import DAY_MS, Period, forward, holdout, last_known, maturity_gap

Progress = Callable[[str, int, int], None]
Bars = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From rows of the dataset and their probabilities to the highest threshold under which the
policy would still bother each, all its rules counted; NaN for rows it was not asked to know."""
STEPS = ("selection", "standard", "no_reason", "promise")


@dataclass(frozen=True)
class Options:
    """How to learn; the defaults suit two thousand requests and a million.

    `test_share` of the labelled requests, the latest, are kept for the test. `weighting` is the
    power of the selection weights while learning (0 none, 1 full): labels are chosen by what the
    features show, so weighing adds variance and no truth to the ranking; calibration, promise and
    evaluation always weigh fully.
    `smoothing` moves labels off 0 and 1, since some are wrong. `friction` and `confidence` are what
    the promise keeps, with `drift` taken off the friction first: histories grow, and with them the
    scores of the honest in the months after a training. `booster` grows the trees: `lightgbm`, or
    scikit-learn's `histgb`.
    """

    seed: int = 0
    test_share: float = 0.25
    folds: int = 3
    first_fold: float = 0.4
    rounds: int = 250
    weighting: float = 0.0
    smoothing: float = 0.01
    own_lane: float = 2.0
    friction: float = 0.05
    confidence: float = 0.95
    drift: float = 0.01
    fewest: int = 5
    jobs: int = 2
    booster: str = "lightgbm"


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
    options: Options = Options(),
    progress: Progress | None = None,
    bars: Bars | None = None,
) -> Fitted:
    """Learn both lanes from a dataset frame, one row a (refund, as_of).

    With `bars` the promise counts whom the policy would bother, by the frame's column `row`;
    without, whose probability reaches the threshold. Rows without a label never count as honest:
    they only tell how labels were chosen. Raises BadInput when there are too few labels of either
    kind, with their counts.
    """
    tell = progress or (lambda _what, _done, _total: None)
    check_labels(frame, options.fewest)
    frame = frame.sort_values(["requested_at", "refund_id", "as_of"], ignore_index=True)
    used = informative(frame, features)
    tell(STEPS[0], 0, len(STEPS))
    selection = select(frame, [feature.name for feature in used], options.seed)
    plan = Plan.of(frame, options)
    lanes: dict[str, Learned] = {}
    for at, lane in enumerate(LANES, start=1):
        tell(lane, at, len(STEPS))
        own = [f for f in used if lane == "standard" or f.family in NO_REASON_FAMILIES]
        shape = lanes["standard"].shape if lanes else None
        lanes[lane] = learn_lane(frame, own, lane, selection, plan, options, shape)
    tell(STEPS[3], 3, len(STEPS))
    fitted = assemble(frame, used, lanes, selection, plan, options, bars)
    tell(STEPS[3], len(STEPS), len(STEPS))
    return fitted


@dataclass(frozen=True)
class Plan:
    """Who learns from what: the test period, the forward folds before it, and for the served model
    every label that is `known`. Judging waits until labels are matured, learning does not: a label
    that came early is still a label, and the newest schemes are among them."""

    now: int
    gap: int
    test: Period
    folds: tuple[Period, ...]
    known: np.ndarray

    @staticmethod
    def of(frame: pd.DataFrame, options: Options) -> Plan:
        """The plan of a frame as known at its last moment.

        Raises BadInput where no earlier labels could teach what later ones judge.
        """
        now, gap = last_known(frame), maturity_gap(frame)
        test = holdout(frame, options.test_share, gap, now)
        folds = forward(frame, test.cut, gap, options.first_fold, options.folds)
        able = tuple(fold for fold in folds if _teaches(frame, fold))
        if not able or not _teaches(frame, test):
            raise BadInput([_too_short(frame)])
        return Plan(now, gap, test, able, frame["y"].notna().to_numpy())


def _teaches(frame: pd.DataFrame, period: Period) -> bool:
    """Whether both kinds of label can be learned from before the cut, and any judged after it."""
    return (frame.loc[period.learn, "y"] >= 0.5).nunique() == 2 and bool(period.judge.any())


def _too_short(frame: pd.DataFrame) -> Problem:
    asked = frame.loc[frame["y"].notna(), "requested_at"]
    days = (asked.max() - asked.min()) / DAY_MS
    wanted = "findings of abusive and honest requests early enough to judge them by later ones"
    return Problem("outcomes", None, "decided_at", wanted, f"requests of {days:.1f} days")


def check_labels(frame: pd.DataFrame, fewest: int) -> None:
    """Raises BadInput, naming the counts, unless both kinds of label have `fewest` requests."""
    found = frame.loc[frame["y"].notna()].groupby("refund_id")["y"].last()
    abusive, honest = int((found >= 0.5).sum()), int((found < 0.5).sum())
    if min(abusive, honest) < fewest:
        wanted = f"at least {fewest} abusive and {fewest} honest labelled requests"
        got = f"{abusive} abusive, {honest} honest of {frame['refund_id'].nunique()} requests"
        raise BadInput([Problem("outcomes", None, "verdict", wanted, got)])


def informative(frame: pd.DataFrame, features: Sequence[Feature]) -> list[Feature]:
    """The features that take at least two values here; the rest a model need not ask for."""
    columns = frame[[feature.name for feature in features]]
    counts = columns.nunique(dropna=False)
    return [feature for feature in features if not feature.retired and counts[feature.name] > 1]


def assemble(
    frame: pd.DataFrame,
    used: Sequence[Feature],
    lanes: Mapping[str, Learned],
    selection: Selection,
    plan: Plan,
    options: Options,
    bars: Bars | None = None,
) -> Fitted:
    """Bundle, twin and test rows out of what the lanes learned."""
    hashes = {feature.name: feature.hash for feature in used}
    early = peak_promise(frame, lanes, selection, options, bars, twin=True)
    late = peak_promise(frame, lanes, selection, options, bars, twin=False)
    about = describe(frame, lanes, selection, plan)
    twin_about = {**about, "trained_until": plan.test.cut, "promise": early.to_json()}
    made = {
        "trained_until": plan.now, "promise": late.to_json(), **about,
    }  # fmt: skip
    bundle = Bundle(hashes, {k: v.lane for k, v in lanes.items()}, bar(late), made)
    twin = Bundle(hashes, {k: v.twin for k, v in lanes.items()}, bar(early), twin_about)
    test = frame.loc[plan.test.judge].copy()
    test["probability"] = probabilities(twin, test)
    test["weight"] = (selection.weight * per_refund(frame))[plan.test.judge]
    return Fitted(bundle, twin, test, frame, plan, selection, made)


def bar(made: Promise) -> dict[str, float]:
    """The thresholds a bundle carries; none where none is proven, and the policy's own hold."""
    return {} if made.ask_above >= NEVER else {"ask_above": made.ask_above}


def describe(
    frame: pd.DataFrame, lanes: Mapping[str, Learned], selection: Selection, plan: Plan
) -> dict[str, Any]:
    """What a person wants to know of a training, in plain JSON."""
    return {
        "requests": int(frame["refund_id"].nunique()),
        "labelled": selection.labelled,
        "audited": selection.audited,
        "effective_labels": round(selection.effective, 1),
        "gap_days": round(plan.gap / 86_400_000, 2),
        "test_from": plan.test.cut,
        "lanes": {name: lane.about for name, lane in lanes.items()},
    }


def peak_promise(
    frame: pd.DataFrame, lanes: Mapping[str, Learned], selection: Selection, options: Options,
    bars: Bars | None = None, *, twin: bool,
) -> Promise:  # fmt: skip
    """The promise on honest requests, each by trees that had not learned from its customer."""
    probability = pd.Series(np.nan, index=frame.index)
    for name, lane in lanes.items():
        here = (frame["lane"] == name).to_numpy()
        probability[here] = (lane.twin_outside if twin else lane.outside)[here]
    rows = pd.DataFrame(
        {
            "peak": probability, "weight": selection.weight, "customer_id": frame["customer_id"],
            "requested_at": frame["requested_at"], "refund_id": frame["refund_id"],
        }
    )[probability.notna() & (frame["y"] < 0.5)]  # fmt: skip
    if bars is not None:
        found = bars(frame.loc[rows.index, "row"].to_numpy(), rows["peak"].to_numpy())
        rows = rows.assign(peak=found)[~np.isnan(found)]
    peaks = rows.sort_values("peak").groupby("refund_id", sort=False).last()
    return promise(peaks, options.friction, options.confidence, options.drift)


def probabilities(bundle: Bundle, frame: pd.DataFrame) -> np.ndarray:
    """The bundle's probability (n,) of every row, each by the model of its lane."""
    matrix = frame.reindex(columns=list(bundle.features)).to_numpy(dtype=np.float64)
    found = np.full(len(frame), np.nan)
    for lane in bundle.lanes:
        here = (frame["lane"] == lane).to_numpy()
        found[here] = bundle.probabilities(matrix[here], lane)
    return found
