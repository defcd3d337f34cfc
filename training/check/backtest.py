"""What another policy would have done with the stored requests, in money and in people bothered.

Every request is decided again as of its own moment with the probability of the champion's twin.
Costs, savings and friction are of labelled requests, weighted; tiers and queues are of all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from risk.decisions.case import audit_draw
from risk.decisions.case_rows import REQUESTS
from risk.decisions.champion import thresholds_of
from risk.decisions.many_cases import read_many
from risk.decisions.policy_features import POLICY_FEATURES
from risk.features.backfill import offline
from risk.features.catalog import catalogue
from risk.history.store import History
from risk.model import Bundle
from risk.model.pyfunc import probabilities_by_lane
from risk.policy import Policy, Situation, Thresholds, decide, lane
from training.cases.dataset import LabelledCases, context, features_in_use, requests_since
from training.cases.dataset_cache import DatasetCache
from training.cases.labels import labels
from training.check.price_answer import priced
from training.check.staffing import USUAL, Staff, queue
from training.facts.snapshot import stored_facts
from training.judge.metrics import ConfidenceInterval, interval_around
from training.learn.promise import Promise
from training.learn.selection import propensity_weights
from training.progress import FEATURES, Progress, sub_progress

DRAWS = 200
SEGMENTS = ("lane", "type", "reason_code", "channel")


@dataclass(frozen=True, slots=True)
class BacktestCases:
    """Stored requests ready to be decided under any policy, as of their own moments.

    `cases` are situations without a probability; `by_lane` holds each lane's probabilities (n,);
    `frame` has y (NaN unlabelled), weight, customer_id and what segments are made of. `at_floor`:
    the policy's own floor held the threshold when it was proven.
    """

    cases: Sequence[Situation]
    by_lane: Mapping[str, np.ndarray]
    frame: pd.DataFrame
    thresholds: Thresholds | None
    at_floor: bool = False


def prepare(
    history: History,
    bundle: Bundle,
    since: int,
    progress: Progress | None = None,
    cache: DatasetCache | None = None,
) -> BacktestCases:
    """The stored requests made at or after `since` (ms), from the cache where it holds them."""
    found = _stored_cases(history, bundle, since, progress, cache)
    spine = requests_since(found.cases.spine, since)
    frame = context(spine).merge(found.known, on="refund_id", how="left")
    matrix = found.cases.matrix[spine["row_id"].to_numpy()]
    values = pd.DataFrame(matrix, columns=[f.name for f in found.cases.features])
    frame["selected_by"] = frame["selected_by"].fillna("unknown")
    fresh = [name for name in bundle.features if name not in frame]
    weight = propensity_weights(pd.concat([frame, values[fresh]], axis=1), fresh).weight
    by_lane = probabilities_by_lane(bundle, values.assign(words=frame["words"]))
    cases = replace(found.cases, draw=lambda refund: audit_draw(refund, history.audit_key))
    situations = [one for _, one in cases.situations(spine)]
    made, frame = Promise.from_bundle(bundle), frame.assign(weight=weight)
    at_floor = made is not None and made.at_floor
    return BacktestCases(situations, by_lane, frame, thresholds_of(bundle), at_floor)


def _stored_cases(
    history: History,
    bundle: Bundle,
    since: int,
    progress: Progress | None,
    cache: DatasetCache | None,
) -> LabelledCases:
    """The cases of these requests, cached ones with those of others and more features."""
    facts, wanted = stored_facts(history.bulk_engine()), {*bundle.features, *POLICY_FEATURES}
    cached = cache.find(facts, features_in_use()) if cache else None
    if cached and wanted <= {feature.name for feature in cached.cases.features}:
        return cached
    features = [feature for feature in catalogue() if feature.name in wanted]
    moments = f"SELECT m.* FROM ({REQUESTS}) m WHERE m.as_of >= {int(since)}"
    with offline(facts) as db:
        known = labels(db)
        cases = read_many(db, moments, features, progress=sub_progress(progress, FEATURES))
    return LabelledCases(cases, known)


def run(policy: Policy, backtest: BacktestCases, prices: Policy | None = None) -> pd.DataFrame:
    """Decide everything under a policy: one row a request, with what its answer costs at its own
    prices or at those of another policy."""
    rows: list[dict[str, Any]] = []
    truth = backtest.frame["y"].to_numpy()
    for i, blank in enumerate(backtest.cases):
        in_lane = lane(policy, blank)
        case = replace(blank, probability=float(backtest.by_lane[in_lane][i]))
        ruling = decide(policy, case, backtest.thresholds)
        answer = priced(ruling.chosen, policy, prices or policy)
        rows.append(
            {
                "tier": ruling.tier,
                "lane": in_lane,
                "why": ruling.why.id,
                "cost": answer.cost(ruling.money.own_exposure, abusive=bool(truth[i] >= 0.5)),
                "exposure": ruling.money.own_exposure,
                "stopped": ruling.chosen.stopped * ruling.money.own_exposure,
                "bothered": float(ruling.bothers),
                "waits": float(ruling.waits),
                "requested_at": case.requested_at,
                "respond_by": ruling.respond_by,
            }
        )
    kept = backtest.frame[["y", "weight", "customer_id", "type", "reason_code", "channel"]]
    return pd.concat([kept.reset_index(drop=True), pd.DataFrame(rows)], axis=1)


def summary(found: pd.DataFrame, staff: Staff = USUAL, draws: int = DRAWS) -> dict[str, Any]:
    """The numbers a policy is judged by; intervals are bootstrapped over customers."""
    hours, misses, busiest = queue(found[found["tier"] == "platform_intervention"], staff)
    return {
        "requests": len(found),
        "labelled": int(found["y"].notna().sum()),
        "tiers": {tier: int(n) for tier, n in found["tier"].value_counts().items()},
        **{name: measure(found, name, draws) for name in MEASURES},
        "queue_per_hour": hours,
        "queue_busiest_hour": busiest,
        "deadlines_missed": misses,
    }  # fmt: skip


def against(
    found: pd.DataFrame, base: pd.DataFrame, draws: int = DRAWS
) -> dict[str, ConfidenceInterval]:
    """How the measures of one run differ from those of another over the same requests, with
    intervals from the same customers drawn for both."""
    differences = {}
    for name, (chosen, part, whole) in MEASURES.items():
        new, old = (_drawn(chosen(rows), part, whole, draws) for rows in (found, base))
        differences[name] = interval_around(new[0] - old[0], new[1] - old[1])
    return differences


def _honest(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["y"] < 0.5]


def _abusive(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["y"] >= 0.5]


def _labelled(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["y"].notna()]


MEASURES: Mapping[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str, str]] = {
    "honest_bothered": (_honest, "bothered", "one"),
    "honest_waiting": (_honest, "waits", "one"),
    "saved_share": (_abusive, "stopped", "exposure"),
    "cost_a_request": (_labelled, "cost", "one"),
}
"""Of which rows, the sum of what over the sum of what; `one` means of the weights themselves."""

SHARES = ("honest_bothered", "honest_waiting", "saved_share")


def measure(found: pd.DataFrame, name: str, draws: int = DRAWS) -> ConfidenceInterval:
    """One of `MEASURES` of a run."""
    chosen, part, whole = MEASURES[name]
    return interval(chosen(found), part, whole, draws)


def interval(rows: pd.DataFrame, part: str, whole: str, draws: int = DRAWS) -> ConfidenceInterval:
    """Weighted sum of `part` over weighted sum of `whole` (`one`: of the weights), 95 %."""
    return interval_around(*_drawn(rows, part, whole, draws))


def _drawn(rows: pd.DataFrame, part: str, whole: str, draws: int) -> tuple[float, np.ndarray]:
    """The share, and what it is in `draws` samples of whole customers."""
    if rows.empty:
        return float("nan"), np.full(draws, np.nan)
    weight = rows["weight"].to_numpy()
    below = weight if whole == "one" else weight * rows[whole].to_numpy()
    sums = pd.DataFrame({"above": weight * rows[part].to_numpy(), "below": below})
    by_customer = sums.groupby(rows["customer_id"].to_numpy()).sum().to_numpy()
    rng = np.random.default_rng(0)
    even = np.full(len(by_customer), 1 / len(by_customer))
    drawn = rng.multinomial(len(by_customer), even, draws) @ by_customer
    total = by_customer.sum(axis=0)
    shares = drawn[:, 0] / np.maximum(drawn[:, 1], 1e-12)
    return float(total[0] / max(total[1], 1e-12)), shares


def by_segment(found: pd.DataFrame, smallest: int = 30) -> pd.DataFrame:
    """Honest people bothered and money saved by lane, type, reason and channel."""
    rows = [
        {
            "segment": f"{column}={value}",
            "labelled": len(part),
            **{name: measure(part, name, draws=1).value for name in SHARES},
        }
        for column in SEGMENTS
        for value, part in _labelled(found).groupby(column)
        if len(part) >= smallest
    ]
    return pd.DataFrame(rows)
