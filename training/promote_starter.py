"""The packaged starter, put in service under a policy: prevalence, threshold, registration."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from risk.features.catalog import catalogue
from risk.history.connection.connect import now_ms
from risk.history.store import History
from risk.model import OF_GROUP, PROVEN, Bundle
from risk.model.pyfunc import frame_probabilities
from risk.model.training_run import LedgerEntry, TrainingRun
from risk.policy import Policy
from risk.policy.sections import StarterUse
from risk.policy.thresholds import NEVER
from risk.registry import Registry
from training.cases.dataset import Dataset
from training.cases.dataset_cache import DatasetCache
from training.in_service import rival_of
from training.judge.gate import check_features
from training.judge.gate_result import GateCheck, GateResult
from training.learn.expected_share import NotFoundAbusive, group_thresholds
from training.learn.lives import groups_in
from training.learn.used_features import with_used_features
from training.progress import Progress
from training.promote import bundle_at, promote, publisher, run_gate
from training.starter.packaged import packaged
from training.starter.starter_card import starter_card
from training.train import build_dataset

STARTER = "starter"
"""What `promote` calls it, in place of a version."""
ASSUMED = "assumed"
"""The experience of a model without findings of a shop."""
FEWEST_REQUESTS = 500
"""So many requests of its own tell a store how many of them reach a score."""


def in_service(starter: Bundle, use: StarterUse) -> Bundle:
    """The starter at the policy's prevalence, asking in at most the policy's share of requests.

    Another prevalence shifts all log-odds alike (Saerens, Latinne & Decaestecker 2002, "Adjusting
    the outputs of a classifier to new a priori probabilities"). It calls nobody by itself.
    """
    about = {name: value for name, value in starter.about.items() if name != "reach"}
    shift = float(logit(use.prevalence) - logit(about["balance"]))
    lanes = {
        name: replace(
            lane,
            calibration=replace(
                lane.calibration, logit=tuple(at + shift for at in lane.calibration.logit)
            ),
        )
        for name, lane in starter.lanes.items()
    }
    ask_above = float(expit(ask_log_odds(starter, use) + shift))
    about |= {"starter": starter.digest, "prevalence": use.prevalence, "ask_share": use.ask_share}
    return Bundle(starter.features, lanes, {"ask_above": ask_above, "person_above": NEVER}, about)


def ask_log_odds(starter: Bundle, use: StarterUse) -> float:
    """The lowest log-odds of the table of reach that at most `ask_share` of requests reach at the
    policy's prevalence; beyond all of them where even the highest are reached by more."""
    table = {name: np.asarray(values) for name, values in starter.about["reach"].items()}
    reached = use.prevalence * table["abusive"] + (1 - use.prevalence) * table["honest"]
    kept = table["log_odds"][reached <= use.ask_share]
    return float(kept[0]) if len(kept) else float(table["log_odds"][-1] + 1)


def held_to_requests(bundle: Bundle, frame: pd.DataFrame) -> Bundle:
    """The starter with a threshold that at most its share of the requests in a dataset's frame
    reach, and those of groups, where there are enough of them; never a lower one."""
    peaks = frame_probabilities(bundle, frame)
    lives = pd.Series(peaks).groupby(frame["refund_id"].to_numpy()).max().to_numpy()
    if len(lives) < FEWEST_REQUESTS:
        return bundle
    allowed = int(len(lives) * bundle.about["ask_share"])
    bar = float(np.nextafter(np.sort(lives)[::-1][allowed], 1.0))
    ask_above = max(bundle.thresholds["ask_above"], bar)
    own = group_thresholds(_as_made(frame, peaks), ask_above)
    of_group = {f"{OF_GROUP}{name}": at for name, at in own.items()}
    return replace(bundle, thresholds={**bundle.thresholds, PROVEN: ask_above, **of_group})


def _as_made(frame: pd.DataFrame, probability: np.ndarray) -> NotFoundAbusive:
    """All requests as they were made, honest with the chance that their probability leaves."""
    made = (frame["stage"] == "request").to_numpy()
    at, chance = frame["requested_at"].to_numpy()[made], probability[made]
    return NotFoundAbusive(at, chance, 1.0 - chance, groups_in(frame[made]))


def promote_starter(
    history: History,
    registry: Registry,
    policy: Policy,
    progress: Progress,
    override: str = "",
    weaker_promise: str = "",
) -> LedgerEntry:
    """Register the starter, fitted to policy and store, and put it in service.

    Without a champion no finding is needed; a champion it must pass the gate against, like any
    version. Raises ModelRefused with the gate's reasons.
    """
    if policy.starter is None:
        raise ValueError("the policy has no section [starter]")
    data = build_dataset(
        history, policy, progress, cache=DatasetCache.of(registry, history, progress)
    )
    starter = held_to_requests(in_service(packaged(), policy.starter), data.frame)
    bundle = with_used_features(starter)
    version = registry.version_of_digest(bundle.digest) or register(registry, bundle)
    rival = rival_of(registry, history, override)
    result = _checked(registry, version, bundle, data, weaker_promise, rival)
    return promote(registry, version, result, publisher(history), now_ms(), override)


def register(registry: Registry, bundle: Bundle) -> str:
    """Log a starter with its card and register it; returns the version."""
    return registry.register(log_starter(registry, bundle), "the starter: made from assumptions")


def log_starter(registry: Registry, bundle: Bundle) -> str:
    """Log a starter, its metrics and its card as a run; returns the run's id."""
    about = bundle.about
    counts = {name: about[name] for name in ("worlds", "requests", "balance")}
    record = TrainingRun(
        bundle=bundle,
        twin=bundle,
        params=counts,
        metrics=about["metrics"],
        tags={"experience": about["experience"]},
        texts={"card.md": starter_card(bundle)},
    )
    return registry.log_run(record)


def _checked(
    registry: Registry, version: str, bundle: Bundle, data: Dataset, weaker_promise: str, rival: str
) -> GateResult:
    """The gate against a champion that learned from findings; none against another starter."""
    if rival and not _is_assumed(bundle_at(registry, rival)):
        gated = (data.frame, data.features, data.bars, weaker_promise)
        return run_gate(registry, version, *gated, rival)
    known = {feature.name: feature.hash for feature in catalogue()}
    made = "made from assumptions, no real customers; no champion that learned from findings"
    return GateResult((check_features(bundle.features, known), GateCheck(STARTER, True, made)))


def _is_assumed(bundle: Bundle) -> bool:
    return bundle.about.get("experience") == ASSUMED
