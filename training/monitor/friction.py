"""Whether the promise to honest customers holds month by month, and the threshold that keeps it.

Counted as it was promised: over a request's whole life, on the final tier after all rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from risk.decisions import challenger_answers
from risk.decisions.challenger_answers import MadeDecision
from risk.decisions.champion import Models, thresholds_of
from risk.decisions.log import situation_of
from risk.errors import RefundRiskError
from risk.facts.units import DAY_MS
from risk.history.monitor_reports import Estimate
from risk.history.store import History
from risk.model import EXPECTED, PROVEN, Bundle
from risk.policy import Policy, ask_floor, bar
from training.cases.dataset import Dataset
from training.learn.lives import group_floors, held_to, reached, request_lives, waiting
from training.learn.promise import (
    NO_THRESHOLD,
    Promise,
    fixed_sequence_test,
)
from training.learn.split import latest_past
from training.monitor.group_shares import GroupShare, bothered, group_shares

RECENT_DAYS = 90
FEWEST = 50
MONTHS = 12
MONTH_MS = 30 * DAY_MS
NOTHING = Estimate(float("nan"), 0.0, 1.0)
DECIDED, ANSWERED = "as decided", "as the champion would have answered"
COLUMNS = [
    "refund_id",
    "customer_id",
    "requested_at",
    "weight",
    "bothered",
    "waits",
    "peak",
    "rule",
]


@dataclass(frozen=True, slots=True)
class Friction:
    """Honest requests bothered: by `months` (month, honest, bothered, low, high) and in the last
    90 days, `recent` of `honest` requests; of these the share `waiting` only for shop or courier.

    `by_rules` is the part of `recent` that rules bother whatever the threshold, `by_rule` how many
    requests each. `promised` is the share that may be bothered, `ask_above` the threshold in force,
    `tighter` the one that would keep the promise where it is not kept. `reaching` is the share of
    the requests of the last 30 days, those found abusive left out, whose probability reaches the
    threshold: no finding has to be waited for. The promise allows for `allowed` of them. Their
    score alone bothers `by_score` of the honest, and so of `groups` with thresholds of their own.
    """

    source: str
    promised: float
    months: pd.DataFrame
    recent: Estimate
    waiting: float
    honest: int
    ask_above: float
    tighter: float | None
    by_rules: float = 0.0
    by_rule: Mapping[str, int] = field(default_factory=dict)
    reaching: Estimate = NOTHING
    allowed: float = 1.0
    by_score: float = 0.0
    groups: Mapping[str, GroupShare] = field(default_factory=dict)

    @property
    def shifted(self) -> bool:
        """Whether surely more requests reach the threshold than the promise allows for."""
        return bool(self.reaching.low > self.allowed)

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
    in_force = ask_floor(policy, thresholds_of(champion))
    rows = rows.assign(floor=group_floors(champion.of_group, rows))
    known = rows[(rows["y"] < 0.5) & rows["matured"]]
    found, source = as_decided(history, known, since, champion.of_group), DECIDED
    if len(found) < FEWEST:
        found, source = as_answered(known, data, in_force), ANSWERED
    made = Promise.from_bundle(champion)
    promised = made.share if made else policy.caps.honest_share
    until = latest_past(found["requested_at"])
    recent = found[found["requested_at"].between(until - RECENT_DAYS * DAY_MS + 1, until)]
    share = bothered(recent)
    tighter = tighten(recent, promised, in_force) if share.value > promised else None
    always = recent.assign(bothered=(recent["peak"] >= NO_THRESHOLD) & recent["bothered"])
    by_rules = bothered(always)
    named = always["rule"][always["bothered"]].value_counts()
    return Friction(
        source,
        promised,
        by_month(found),
        share,
        bothered(recent, "waits").value,
        len(recent),
        in_force,
        tighter,
        by_rules=by_rules.value,
        by_rule={str(rule): int(n) for rule, n in named.items()},
        reaching=reaching(rows, in_force),
        allowed=made.above * made.growth if made and made.above else 1.0,
        by_score=share.value - by_rules.value,
        groups=group_shares(recent, known),
    )


def reaching(rows: pd.DataFrame, ask_above: float) -> Estimate:
    """The share of the requests of the last 30 days whose probability reaches the threshold, those
    found abusive left out."""
    first = rows[(rows["stage"] == "request") & rows["probability"].notna() & ~(rows["y"] >= 0.5)]
    first = first[first["requested_at"] > latest_past(rows["requested_at"]) - MONTH_MS]
    reach = first["probability"] >= np.maximum(ask_above, first["floor"])
    return bothered(first.assign(bothered=reach, weight=1.0))


def as_decided(
    history: History, known: pd.DataFrame, since: int, of_group: Mapping[str, float]
) -> pd.DataFrame:
    """One row an honest request: whether it was ever bothered, or only waited, and its highest
    threshold, where those of groups are given."""
    about = known.drop_duplicates("refund_id").set_index("refund_id")
    of_request: dict[str, tuple[bool, bool, float, str | None]] = {}
    models = Models(history)
    with history.read() as connection:
        for made in _about(challenger_answers.made_since(connection, since), about.index):
            was, held, peak, rule = of_request.get(made.refund_id, (False, False, 0.0, None))
            (at, rule_here), held = _bar(models, made, of_group), held or made.tier != "approve"
            peak, rule = max(peak, at), rule or rule_here
            of_request[made.refund_id] = (was or made.bothers, held, peak, rule)
    rows = about.loc[list(of_request)].reset_index()
    flags = pd.DataFrame(list(of_request.values()), columns=["bothered", "held", "peak", "rule"])
    flags["waits"] = flags["held"] & ~flags["bothered"]
    return pd.concat([rows, flags], axis=1)[COLUMNS]


def _about(every: Iterator[MadeDecision], wanted: pd.Index) -> Iterator[MadeDecision]:
    names = set(wanted)
    return (made for made in every if made.refund_id in names)


def _bar(
    models: Models, made: MadeDecision, of_group: Mapping[str, float]
) -> tuple[float, str | None]:
    """Its bar under its own policy, by its own answer where that is not kept, and the rule."""
    try:
        policy = models.policy(made.policy_version)
    except RefundRiskError:
        return float(made.bothers), None
    case = situation_of(made.situation)
    at, _, rule = bar(policy, case, made.probability)
    below = at < max((of_group.get(name, 0.0) for name in case.groups), default=0.0)
    return (0.0 if below and at < NO_THRESHOLD else at), rule


def as_answered(known: pd.DataFrame, data: Dataset, ask_above: float) -> pd.DataFrame:
    """The same by the champion's fair probabilities under the policy in force."""
    rows = known[known["probability"].notna()]
    bars = data.bars(rows["row"].to_numpy(), rows["probability"].to_numpy())
    found = request_lives(rows, held_to(bars, rows["floor"].to_numpy()))
    flags = {"bothered": reached(found["peak"], ask_above), "waits": waiting(found, ask_above)}
    answered: pd.DataFrame = found.assign(**flags)[COLUMNS].reset_index(drop=True)
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


def tighten(lives: pd.DataFrame, promised: float, ask_above: float) -> float | None:
    """The threshold above `ask_above`, the one in force, that keeps the promise on these requests.

    Proven where there are enough of them, else the lowest that would have kept it; None where no
    threshold would, because rules alone bother more.
    """
    made = fixed_sequence_test(lives, promised)
    if made.broken:
        return None
    proven = made.ask_above if made.proven else _lowest_kept(lives, promised)
    return None if proven >= NO_THRESHOLD else max(proven, float(np.nextafter(ask_above, 1.0)))


def _lowest_kept(lives: pd.DataFrame, promised: float) -> float:
    """The lowest threshold that would have kept the promise on these requests, without proof."""
    ranked = lives.sort_values("peak", ascending=False)
    weight = ranked["weight"].to_numpy(dtype=float)
    over = ranked["peak"].to_numpy(dtype=float)[np.cumsum(weight) / weight.sum() > promised]
    return float(np.nextafter(over[0], 1.0)) if len(over) else 0.0


def tightened(champion: Bundle, to: float, why: Mapping[str, float]) -> Bundle:
    """The same model with a higher threshold: fewer are bothered, nobody more."""
    kept = {name: at for name, at in champion.thresholds.items() if name != EXPECTED}
    return replace(
        champion,
        thresholds={**kept, PROVEN: to},
        about={**champion.about, "tightened": dict(why)},
    )
