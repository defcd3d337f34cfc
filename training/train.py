"""Training as one step: dataset, fit, judge, log, register; and moving the champion."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import pandas as pd
from matplotlib.figure import Figure

from risk.features.catalog import catalogue
from risk.history.connect import now_ms
from risk.history.store import History
from risk.policy import Policy
from risk.registry import LedgerEntry, Registry, TrainingRun
from training.cases.dataset import Dataset, build
from training.facts.snapshot import stored_facts
from training.judge import plots
from training.judge.card import card, table
from training.judge.evaluate import Evaluation, held_out_rows, judge, judge_fitted
from training.learn.fit import FittedModel, fit
from training.learn.plan import TrainingOptions
from training.learn.search import search_trials
from training.progress import Progress
from training.promote import bundle_at, publisher, run_gate
from training.promote import promote as install
from training.promote import rollback as uninstall


@dataclass(frozen=True)
class Trained:
    """A registered version with how it was judged, and the dataset it learned from.

    `promise` says in words how many honest requests it may bother, and who set that.
    """

    version: str
    fitted: FittedModel
    evaluation: Evaluation
    data: Dataset
    promise: str

    def summary(self) -> list[str]:
        """Counts of the training set, and the table of metrics."""
        about = self.fitted.about
        head = (
            f"{about['requests']:,} requests, {about['labelled']:,} with a matured label, "
            f"{about['audited']:,} of them by random audit"
        )
        return [head, *table(self.evaluation)]


def dataset(history: History, policy: Policy, progress: Progress) -> Dataset:
    """The training set of everything stored."""
    features = [feature for feature in catalogue() if not feature.retired]
    return build(stored_facts(history.engine), features, policy, progress)


def train(
    history: History,
    registry: Registry,
    policy: Policy,
    options: TrainingOptions,
    progress: Progress,
    friction: float | None = None,
) -> Trained:
    """Learn from everything stored and register the result.

    The model promises to bother at most the policy's `caps.honest_share` of honest requests, or
    `friction` where it is given. Raises BadInput for too few labels, ValueError for a `friction`
    outside (0, 1).
    """
    share, promise = promised(policy, friction)
    data = dataset(history, policy, progress)
    fitted = fit(data.frame, data.features, options, share, progress, data.bars)
    evaluation = judge_fitted(fitted, data.features)
    record = TrainingRun(
        bundle=fitted.bundle,
        twin=fitted.twin,
        params={**vars(options), "honest_share": share},
        metrics=evaluation.flat(),
        tags={
            "data": _data_hash(data.frame),
            "catalogue": _catalogue_hash(data),
            "promise": promise,
        },
        plots=_plots(fitted, evaluation, data),
        texts={
            "card.md": card(fitted, evaluation, options),
            "segments.csv": evaluation.segments.to_csv(),
        },
        trials=search_trials(fitted.about["lanes"]["standard"]["search"]),
    )
    run = registry.log_run(record)
    learned = replace(data, frame=fitted.frame)
    return Trained(registry.register(run), fitted, evaluation, learned, promise)


def promised(policy: Policy, friction: float | None) -> tuple[float, str]:
    """The share of honest requests that a training may bother, and in words who set it."""
    allowed = policy.caps.honest_share
    if friction is None:
        return allowed, f"at most {allowed:.1%} of honest requests bothered, as the policy allows"
    if not 0.0 < friction < 1.0:
        raise ValueError(f"friction: a share above 0 and below 1, not {friction:g}")
    return friction, (
        f"at most {friction:.1%} of honest requests bothered, by --friction "
        f"instead of the policy's {allowed:.1%}"
    )


def _plots(fitted: FittedModel, evaluation: Evaluation, data: Dataset) -> dict[str, Figure]:
    families = {feature.name: feature.family for feature in data.features}
    return plots.figures(evaluation, fitted.twin, families)


def _data_hash(frame: pd.DataFrame) -> str:
    hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return hashlib.sha256(hashes.tobytes()).hexdigest()


def _catalogue_hash(data: Dataset) -> str:
    return hashlib.sha256("".join(f.hash for f in data.features).encode()).hexdigest()


def evaluate(
    history: History, registry: Registry, policy: Policy, model: str, progress: Progress
) -> list[str]:
    """The metrics of a registered model on the stored requests its twin has not learned from."""
    twin = bundle_at(registry, model, twin=True)
    data = dataset(history, policy, progress)
    since = int(twin.about["trained_until"])
    evaluation = judge(twin, held_out_rows(data.frame, [f.name for f in data.features], since))
    registry.log_metrics(model, evaluation.flat())
    head = f"{len(evaluation.rows):,} labelled rows asked since the model's training"
    return [head, *table(evaluation)]


def promote(
    history: History,
    registry: Registry,
    policy: Policy,
    version: str,
    override: str,
    progress: Progress,
    weaker_promise: str = "",
) -> LedgerEntry:
    """Put a version through the gate and in service.

    `override` is why it is promoted although the gate refuses, `weaker_promise` why it may promise
    honest customers less than the champion does. Raises ModelRefused with the gate's reasons.
    """
    data = dataset(history, policy, progress)
    result = run_gate(registry, version, data.frame, data.features, data.bars, weaker_promise)
    return install(registry, version, result, publisher(history), now_ms(), override)


def rollback(history: History, registry: Registry, why: str) -> LedgerEntry:
    """Put the champion before this one back in service."""
    return uninstall(registry, publisher(history), now_ms(), why)
