"""Whether the promise to honest customers holds month by month, and the threshold that keeps it.

Counted as it was promised: over a request's whole life, on the final tier after all rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from risk.decisions import challenger_answers
from risk.decisions.challenger_answers import MadeDecision
from risk.decisions.champion import Models
from risk.decisions.log import situation_of
from risk.errors import RefundRiskError
from risk.facts.units import DAY_MS
from risk.history.monitor_reports import Estimate
from risk.history.store import History
from risk.model import Bundle
from risk.policy import Policy, bar
from training.cases.dataset import Dataset
from training.learn.promise import (
    NO_THRESHOLD,
    Promise,
    cluster_effective_size,
    customer_and_week_clusters,
    fixed_sequence_test,
)
from training.learn.split import latest_past
from training.monitor.agreement import clopper_pearson

RECENT_DAYS = 90
FEWEST = 50
MONTHS = 12
DECIDED, ANSWERED = "as decided", "as the champion would have answered"
COLUMNS = ["refund_id", "customer_id", "requested_at", "weight", "bothered", "peak"]


@dataclass(frozen=True, slots=True)
class Friction:
    """Honest requests bothered: by `months` (month, honest, bothered, low, high) and in the last
    90 days, `recent` of `honest` requests.

    `promised` is the share that may be bothered, `ask_above` the threshold in force, `tighter` the
    one that would keep the promise where it is not kept.
    """

    source: str
    promised: float
    months: pd.DataFrame
    recent: Estimate
    honest: int
    ask_above: float
    tighter: float | None

    @property
    def broken(self) -> bool:
        """Whether surely more are bothered than was promised."""
        return bool(self.recent.low > self.promised)


def friction(
    history: History,
    champion: Bundle,
    rows: pd.DataFrame,
    data: Dataset,
    since: int,
    policy: Policy,
) -> Friction:
    """Friction by the decisions made since a moment (ms), where 50 of them were on honest requests,
    else by what the champion would have answered.

    `rows` are the dataset's with `weight`, `matured` and a fair `probability`. They are held to the
    champion's promise, and one that promises nothing to what the policy in force allows.
    """
    in_force = champion.thresholds.get("ask_above", 0.0)
    known = rows[(rows["y"] < 0.5) & rows["matured"]]
    found, source = as_decided(history, known, since), DECIDED
    if len(found) < FEWEST:
        found, source = as_answered(known, data, in_force), ANSWERED
    made = Promise.from_bundle(champion)
    promised = made.share if made else policy.caps.honest_share
    until = latest_past(found["requested_at"])
    recent = found[found["requested_at"].between(until - RECENT_DAYS * DAY_MS + 1, until)]
    share = bothered(recent)
    tighter = tighten(recent, promised, in_force) if share.value > promised else None
    return Friction(source, promised, by_month(found), share, len(recent), in_force, tighter)


def as_decided(history: History, known: pd.DataFrame, since: int) -> pd.DataFrame:
    """One row an honest request: whether it was ever bothered, and its highest threshold."""
    about = known.drop_duplicates("refund_id").set_index("refund_id")
    lives: dict[str, tuple[bool, float]] = {}
    models = Models(history)
    with history.read() as connection:
        for made in _about(challenger_answers.made_since(connection, since), about.index):
            was, peak = lives.get(made.refund_id, (False, 0.0))
            peak = max(peak, _bar(models, made))
            lives[made.refund_id] = (was or made.tier != "approve", peak)
    rows = about.loc[list(lives)].reset_index()
    flags = pd.DataFrame(list(lives.values()), columns=["bothered", "peak"])
    return pd.concat([rows, flags], axis=1)[COLUMNS]


def _about(every: Iterator[MadeDecision], wanted: pd.Index) -> Iterator[MadeDecision]:
    names = set(wanted)
    return (made for made in every if made.refund_id in names)


def _bar(models: Models, made: MadeDecision) -> float:
    """The highest threshold under which it would have been bothered; its own answer where the
    policy is not kept."""
    try:
        policy = models.policy(made.policy_version)
    except RefundRiskError:
        return float(made.tier != "approve")
    return bar(policy, situation_of(made.situation), made.probability)


def as_answered(known: pd.DataFrame, data: Dataset, ask_above: float) -> pd.DataFrame:
    """The same by the champion's fair probabilities under the policy in force."""
    rows = known[known["probability"].notna()]
    peak = data.bars(rows["row"].to_numpy(), rows["probability"].to_numpy())
    rows = rows.assign(peak=peak)[~np.isnan(peak)]
    lives = rows.sort_values("peak").groupby("refund_id", sort=False).tail(1)
    reached = (lives["peak"] >= ask_above) & (lives["peak"] > 0)
    answered: pd.DataFrame = lives.assign(bothered=reached)[COLUMNS].reset_index(drop=True)
    return answered


def by_month(lives: pd.DataFrame) -> pd.DataFrame:
    """`month`, `honest` requests, share `bothered` with `low` and `high` (95 %)."""
    month = pd.to_datetime(lives["requested_at"], unit="ms").dt.strftime("%Y-%m")
    found = [
        {"month": name, "honest": len(part), "bothered": one.value, "low": one.low,
         "high": one.high}
        for name, part in lives.groupby(month)
        for one in [bothered(part)]
    ]  # fmt: skip
    columns = ["month", "honest", "bothered", "low", "high"]
    return pd.DataFrame(found, columns=columns).tail(MONTHS)


def bothered(lives: pd.DataFrame) -> Estimate:
    """The weighted share ever bothered; its interval counts what the requests are worth in
    independent ones (see `training.learn.promise`)."""
    if lives.empty:
        return Estimate(*clopper_pearson(0, 0))
    flag = lives["bothered"].to_numpy(dtype=float)
    weight = lives["weight"].to_numpy(dtype=float)
    mean = float(np.average(flag, weights=weight))
    worth = cluster_effective_size(flag, weight, customer_and_week_clusters(lives))
    return Estimate(*clopper_pearson(mean * worth, worth))


def tighten(lives: pd.DataFrame, promised: float, ask_above: float) -> float | None:
    """The threshold above `ask_above`, the one in force, that keeps the promise on these requests.

    Proven where there are enough of them, else the lowest that would have kept it; None where no
    threshold would, because rules alone bother more.
    """
    proven = fixed_sequence_test(lives, promised).ask_above
    if proven >= NO_THRESHOLD:
        proven = _lowest_kept(lives, promised)
    return None if proven >= NO_THRESHOLD else max(proven, float(np.nextafter(ask_above, 1.0)))


def _lowest_kept(lives: pd.DataFrame, promised: float) -> float:
    """The lowest threshold that would have kept the promise on these requests, without proof."""
    ranked = lives.sort_values("peak", ascending=False)
    weight = ranked["weight"].to_numpy(dtype=float)
    over = ranked["peak"].to_numpy(dtype=float)[np.cumsum(weight) / weight.sum() > promised]
    return float(np.nextafter(over[0], 1.0)) if len(over) else 0.0


def tightened(champion: Bundle, to: float, why: Mapping[str, float]) -> Bundle:
    """The same model with a higher threshold: fewer are bothered, nobody more."""
    return replace(
        champion,
        thresholds={**champion.thresholds, "ask_above": to},
        about={**champion.about, "tightened": dict(why)},
    )
