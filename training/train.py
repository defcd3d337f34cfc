"""The steps behind the commands: train and register, evaluate, promote, roll back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.figure import Figure

from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.store import History
from risk.model import Bundle
from risk.model.training_run import LedgerEntry, TrainingRun
from risk.policy import Policy
from risk.registry import Registry
from training.cases.dataset import Dataset, dataset_of, features_in_use
from training.cases.dataset_cache import DatasetCache, labelled_cases
from training.facts.arrow_tables import as_known_before
from training.facts.id_notes import notes_of
from training.facts.snapshot import stored_facts
from training.in_service import rival_of
from training.judge import plots
from training.judge.card import default_name, metrics_table, model_card, readable_tags
from training.judge.evaluate import Evaluation, evaluate_bundle, evaluate_fitted, held_out_rows
from training.judge.promise_words import promise_sentences
from training.judge.verdict import against_baselines
from training.learn.fit import FittedModel, fit
from training.learn.plan import TrainingOptions
from training.learn.promise import Promise
from training.learn.search import search_trials
from training.learn.starting_score import StartingModel
from training.progress import REGISTERING, Progress
from training.promote import bundle_at, publisher, run_gate
from training.promote import promote as install
from training.promote import rollback as uninstall
from training.registration import register_or_keep
from training.starter.packaged import packaged


@dataclass(frozen=True)
class TrainingResult:
    """A registered version with its evaluation and training set.

    `promise` is a sentence: the share of honest requests it may bother, and where that is set.
    `notes` are sentences about the ids of the facts.
    """

    version: str
    fitted: FittedModel
    evaluation: Evaluation
    data: Dataset
    promise: str
    notes: Sequence[str] = ()

    def summary(self) -> list[str]:
        """Counts of the training set, the table of metrics and what is promised, as lines."""
        about = self.fitted.about
        head = (
            f"{about['requests']:,} requests, {about['labelled']:,} with a matured label, "
            f"{about['audited']:,} of them by random audit"
        )
        told = promise_sentences(Promise.from_json(about["promise"]))
        beside = against_baselines(self.evaluation)
        return [head, *metrics_table(self.evaluation), *([beside] if beside else []), *told]


def build_dataset(
    history: History,
    policy: Policy,
    progress: Progress,
    as_of: int | None = None,
    cache: DatasetCache | None = None,
) -> Dataset:
    """The training set from all stored facts, or from those known before `as_of` (ms); from the
    cache where it holds the cases of these facts."""
    return _dataset_of_facts(_facts_of(history, as_of), policy, progress, cache)


def _facts_of(history: History, as_of: int | None) -> dict[str, pa.Table]:
    facts = stored_facts(history.bulk_engine())
    return facts if as_of is None else as_known_before(facts, as_of)


def _dataset_of_facts(
    facts: dict[str, pa.Table], policy: Policy, progress: Progress, cache: DatasetCache | None
) -> Dataset:
    return dataset_of(labelled_cases(facts, features_in_use(), progress, cache), policy)


def train(
    history: History,
    registry: Registry,
    policy: Policy,
    options: TrainingOptions,
    progress: Progress,
    friction: float | None = None,
    as_of: int | None = None,
) -> TrainingResult:
    """Train on all stored facts, or as they were known before `as_of` (ms); register the result.

    The model promises to bother at most the policy's `caps.honest_share` of honest requests, or
    `friction` where given. Raises BadInput for too few labels, ValueError for a `friction` outside
    (0, 1).
    """
    promised_share_of(policy, friction)
    cache = DatasetCache.of(registry, history, progress)
    facts = _facts_of(history, as_of)
    notes = notes_of(facts)
    data = _dataset_of_facts(facts, policy, progress, cache)
    tags = {} if as_of is None else {"as_of": iso(as_of)}
    made = train_on(data, registry, options, progress, friction, tags)
    return replace(made, notes=notes)


def train_on(
    data: Dataset,
    registry: Registry,
    options: TrainingOptions,
    progress: Progress,
    friction: float | None = None,
    tags: Mapping[str, str] = MappingProxyType({}),
) -> TrainingResult:
    """Train on a training set under its policy, as `train` does; register the result with `tags`.

    Raises BadInput for too few labels, ValueError for a `friction` outside (0, 1).
    """
    started_at = now_ms()
    share, promise = promised_share_of(data.policy, friction)
    start = starting_model(data) if options.starter else None
    fitted = fit(data.frame, data.features, options, share, progress, data.bars, start)
    evaluation = evaluate_fitted(fitted, data.features)
    fitted = replace(fitted, bundle=_with_metrics(fitted.bundle, evaluation))
    record = TrainingRun(
        bundle=fitted.bundle,
        twin=fitted.twin,
        params={**vars(options), "honest_share": share},
        metrics=evaluation.flat_metrics(),
        tags={
            "data": _data_hash(data.frame),
            "catalogue": _catalogue_hash(data),
            "promise": promise,
            **readable_tags(fitted.about, evaluation),
            **tags,
        },
        plots=_plots(fitted, evaluation, data),
        texts={
            "card.md": model_card(fitted, evaluation, options),
            "segments.csv": evaluation.segments.to_csv(),
        },
        trials=search_trials(fitted.about["lanes"]["standard"]["search"]),
        name=options.name or default_name(fitted.about),
        started_at=started_at,
    )
    progress(REGISTERING, 0, None)
    version = register_or_keep(registry, record)
    progress(REGISTERING, 1, 1)
    learned = replace(data, frame=fitted.frame)
    return TrainingResult(version, fitted, evaluation, learned, promise)


def starting_model(data: Dataset) -> StartingModel | None:
    """The packaged starter at the policy's prevalence; None where the set lacks its features."""
    use, bundle = data.policy.starter, packaged()
    here = {feature.name: feature.hash for feature in data.features}
    if use is None or any(here.get(name) != one for name, one in bundle.features.items()):
        return None
    return StartingModel(bundle, use.prevalence)


def _with_metrics(bundle: Bundle, evaluation: Evaluation) -> Bundle:
    """The bundle that says what its twin measured at request time."""
    metrics = {name: found.value for name, found in evaluation.metrics.items()}
    known = {name: value for name, value in metrics.items() if np.isfinite(value)}
    return replace(bundle, about={**bundle.about, "metrics": known})


def promised_share_of(policy: Policy, friction: float | None) -> tuple[float, str]:
    """The share of honest requests that a model may bother, and a sentence where it is set."""
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
    return plots.evaluation_figures(evaluation, fitted.twin, data.features)


def _data_hash(frame: pd.DataFrame) -> str:
    hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return hashlib.sha256(hashes.tobytes()).hexdigest()


def _catalogue_hash(data: Dataset) -> str:
    return hashlib.sha256("".join(f.hash for f in data.features).encode()).hexdigest()


def evaluate(
    history: History,
    registry: Registry,
    policy: Policy,
    model: str,
    progress: Progress,
) -> Evaluation:
    """The evaluation of a registered model on stored requests its twin was not trained on."""
    twin = bundle_at(registry, model, twin=True)
    cache = DatasetCache.of(registry, history, progress)
    data = build_dataset(history, policy, progress, cache=cache)
    return evaluate_bundle(twin, held_out_rows(data.frame, data.features, [twin]))


def promote(
    history: History,
    registry: Registry,
    policy: Policy,
    version: str,
    override: str,
    progress: Progress,
    weaker_promise: str = "",
) -> LedgerEntry:
    """Promote a version through the gate and publish it to the store.

    `override` is the reason to promote it although the gate refuses, `weaker_promise` the reason
    why it may promise less than the champion. Raises ModelRefused with the gate's reasons.
    """
    version, rival = registry.version_of(version), rival_of(registry, history, override)
    cache = DatasetCache.of(registry, history, progress)
    data = build_dataset(history, policy, progress, cache=cache)
    frame, features, bars = data.frame, data.features, data.bars
    result = run_gate(registry, version, frame, features, bars, weaker_promise, rival)
    return install(registry, version, result, publisher(history), now_ms(), override)


def rollback(history: History, registry: Registry, why: str) -> LedgerEntry:
    """Make the previous champion champion again, for the reason `why`."""
    return uninstall(registry, publisher(history), now_ms(), why)
