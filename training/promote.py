"""Promotion of a version to champion through the gate, rollback, and the challenger."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from risk.errors import ModelRefused, NotFound, Unavailable
from risk.features.spec import Feature
from risk.history import published_models
from risk.history.published_models import Published
from risk.history.store import History
from risk.model import Bundle
from risk.model.training_run import LedgerEntry
from risk.registry import CHALLENGER, CHAMPION, Registry
from training.judge.evaluate import Evaluation, evaluate_bundle, held_out_rows
from training.judge.gate import gate, passed_without_champion
from training.judge.gate_result import GateResult
from training.judge.label_sources import check_label_sources
from training.learn.lives import InterventionThresholds

Publish = Callable[[Path, str, str], None]
"""Publishes a bundle's folder as a version, with a reason, to the running workers."""

PROMOTE, ROLLBACK, CHALLENGE, TIGHTEN = "promote", "rollback", "challenge", "tighten"


def run_gate(
    registry: Registry,
    version: str,
    frame: pd.DataFrame,
    features: Sequence[Feature],
    thresholds: InterventionThresholds | None = None,
    weaker_promise: str = "",
    rival: str | None = None,
) -> GateResult:
    """The gate's checks of `version` against the champion, both represented by their twins; `rival`
    is the version in service (None: the one with the alias; empty: there is none).

    A twin was trained like the served model, without its latest requests; both are evaluated on the
    labelled rows of `frame` that neither was trained on. `features` are those that exist. Each is
    held to its own promise; `weaker_promise` is the reason why this one may promise less than the
    champion.
    """
    available = {feature.name: feature.hash for feature in features}
    wanted = bundle_at(registry, version).features
    twins = [bundle_at(registry, version, twin=True)]
    rival = champion_version(registry) if rival is None else rival
    if rival:
        twins.append(bundle_at(registry, rival, twin=True))
    rows = held_out_rows(frame, features, twins)
    found = [with_thresholds(evaluate_bundle(twin, rows), thresholds) for twin in twins]
    old = found[1] if len(found) > 1 else None
    sources = check_label_sources(frame)
    return gate(
        found[0],
        old,
        available=available,
        features=wanted,
        weaker_promise=weaker_promise.strip(),
        extra_checks=[sources if old else passed_without_champion(sources)],
    )


def with_thresholds(found: Evaluation, thresholds: InterventionThresholds | None) -> Evaluation:
    """The evaluation with the policy's bars on each row."""
    if thresholds is None:
        return found
    bars = thresholds(found.rows["row"].to_numpy(), found.rows["probability"].to_numpy())
    return replace(found, rows=found.rows.join(bars.set_index(found.rows.index)))


def bundle_at(registry: Registry, version: str, *, twin: bool = False) -> Bundle:
    """The bundle of a version or alias, or its twin."""
    with tempfile.TemporaryDirectory() as folder:
        fetch = registry.twin_of if twin else registry.bundle_of
        return Bundle.load(fetch(version, Path(folder)))


def twin_of(registry: Registry, version: str) -> Bundle | None:
    """The twin of a version; None where the registry does not hold it or is unavailable."""
    try:
        return bundle_at(registry, version, twin=True)
    except (NotFound, Unavailable):
        return None


def promote(
    registry: Registry,
    version: str,
    result: GateResult,
    publish: Publish,
    at: int,
    override: str = "",
) -> LedgerEntry:
    """Make `version` champion if the gate allows it, or if `override` gives a reason.

    The bundle is published before the alias moves, so a failure leaves the old champion everywhere.
    `at` is the time (ms). Raises ModelRefused with the gate's reasons, NotFound.
    """
    version = registry.version_of(version)
    if not result.allowed and not override.strip():
        raise ModelRefused(f"the gate refuses version {version}: {'; '.join(result.refusals)}")
    why = "\n".join(result.lines())
    if not result.allowed:
        why = f"overridden: {override.strip()}"
    return _install(
        registry,
        LedgerEntry(at, PROMOTE, version, champion_version(registry), why),
        publish,
        result,
    )


def rollback(registry: Registry, publish: Publish, at: int, why: str = "") -> LedgerEntry:
    """Make the previous champion champion again. Raises NotFound where there was none."""
    reigns = champion_history(registry.ledger())
    if len(reigns) < 2:
        raise NotFound("there is no earlier champion to go back to")
    entry = LedgerEntry(at, ROLLBACK, reigns[-2], reigns[-1], why or "rolled back")
    return _install(registry, entry, publish, GateResult(()))


def challenge(registry: Registry, version: str, publish: Publish, at: int, why: str) -> LedgerEntry:
    """Make `version` challenger: it scores what the champion decided, without effect.

    Raises NotFound for an unknown version, ModelRefused for the champion itself and for one whose
    bundle or twin, by which it will be judged, is not what was registered.
    """
    version = registry.version_of(version)
    if version == champion_version(registry):
        raise ModelRefused(f"version {version} is the champion: it cannot challenge itself")
    bundle_at(registry, version, twin=True)
    entry = LedgerEntry(at, CHALLENGE, version, version_with_alias(registry, CHALLENGER), why)
    with tempfile.TemporaryDirectory() as folder:
        publish(registry.bundle_of(version, Path(folder)), version, why)
    registry.set_alias(CHALLENGER, version)
    registry.add_to_ledger(entry, {})
    return entry


def tightened_entry(published: Published) -> LedgerEntry:
    """The ledger entry of a champion whose threshold was raised because its promise was broken."""
    version = published.version
    return LedgerEntry(published.published_at, TIGHTEN, version, version, published.why)


def champion_version(registry: Registry) -> str:
    """The champion's version; empty where there is none."""
    return version_with_alias(registry, CHAMPION)


def version_with_alias(registry: Registry, alias: str) -> str:
    """The version with an alias; empty where there is none."""
    try:
        return registry.version_of(alias)
    except NotFound:
        return ""


def publisher(history: History, role: str = CHAMPION) -> Publish:
    """A function that publishes bundles in a role to the store, which running workers read."""

    def publish(folder: Path, version: str, why: str) -> None:
        bundle = Bundle.load(folder)
        with history.write() as write:
            published_models.publish(write, role, version, bundle, why)

    return publish


def champion_history(ledger: Sequence[LedgerEntry]) -> list[str]:
    """The versions that were champion, in order; a rollback removes the last one.

    >>> entries = [LedgerEntry(1, PROMOTE, "1", "", ""), LedgerEntry(2, PROMOTE, "2", "1", "")]
    >>> champion_history(entries)
    ['1', '2']
    >>> champion_history([*entries, LedgerEntry(3, ROLLBACK, "1", "2", "")])
    ['1']
    """
    reigns: list[str] = []
    for entry in ledger:
        if entry.action == ROLLBACK:
            reigns = reigns[:-1]
        elif entry.action == PROMOTE and (not reigns or reigns[-1] != entry.version):
            reigns.append(entry.version)
    return reigns


def _install(
    registry: Registry, entry: LedgerEntry, publish: Publish, result: GateResult
) -> LedgerEntry:
    with tempfile.TemporaryDirectory() as folder:
        publish(registry.bundle_of(entry.version, Path(folder)), entry.version, entry.why)
    registry.set_alias(CHAMPION, entry.version)
    if version_with_alias(registry, CHALLENGER) == entry.version:
        registry.drop_alias(CHALLENGER)
    registry.add_to_ledger(entry, result.to_json())
    return entry
