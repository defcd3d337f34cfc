"""From a training to the champion and back, through a real MLflow on SQLite."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest

from risk.errors import ModelRefused, NotFound, Unavailable
from risk.model import Bundle
from risk.model.training_run import LedgerEntry, TrainingRun
from risk.registry import Registry
from tests.shops import empty_registry
from tests.training.learning_frames import FEATURES, marketplace
from training.judge.evaluate import evaluate_fitted
from training.judge.gate_result import GateCheck, GateResult
from training.judge.plots import evaluation_figures
from training.learn.fit import FittedModel, fit
from training.learn.plan import TrainingOptions
from training.promote import (
    bundle_at,
    challenge,
    champion_history,
    champion_version,
    promote,
    rollback,
    run_gate,
    twin_of,
)

pytestmark = pytest.mark.whole

GOOD = GateResult((GateCheck("money", True, "no worse"),))
BAD = GateResult((GateCheck("money", False, "-0.2 against the champion"),))


@cache
def world() -> pd.DataFrame:
    frame = marketplace(4_000, 1)
    return frame.assign(reason_code="damaged", type="refund_only", channel="live", merchant_id="m")


@cache
def fitted(without: int = 0, share: float = 0.05) -> FittedModel:
    return fit(world(), FEATURES[without:], TrainingOptions(rounds=60), share)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return empty_registry(tmp_path_factory, tmp_path_factory.mktemp("ledger"))


@pytest.fixture(scope="module")
def versions(registry: Registry) -> tuple[str, str]:
    """A good version, logged with all there is, and one that lacks its best features."""
    made = fitted()
    found = evaluate_fitted(made, FEATURES)
    record = TrainingRun(
        made.bundle, made.twin, {"seed": 0}, found.flat_metrics(), {"data": "abc"},
        evaluation_figures(found, made.twin, FEATURES), {"card.md": "# card"},
        [("plain", {"num_leaves": 8}, 0.3)],
    )  # fmt: skip
    worse = fitted(2)
    first = registry.register(registry.log_run(record), "the first")
    return first, registry.register(registry.log_run(TrainingRun(worse.bundle, worse.twin)))


class Store:
    """Remembers what was published, as the product's store would."""

    def __init__(self) -> None:
        self.published: list[tuple[str, str]] = []

    def publish(self, folder: Path, version: str, why: str) -> None:
        assert why
        self.published.append((version, Bundle.load(folder).digest))


def test_a_run_keeps_what_an_analyst_looks_for(
    registry: Registry, versions: tuple[str, str]
) -> None:
    run_id = registry.run_of(versions[0])
    mlflow.set_tracking_uri(registry.uri)
    run = mlflow.get_run(run_id)
    assert run.data.params["seed"] == "0"
    assert run.data.tags["data"] == "abc"
    assert {"auc", "interval/auc_low", "logistic_regression/auc"} <= set(run.data.metrics)
    files = mlflow.artifacts.list_artifacts(run_id=run_id, artifact_path="plots")
    names = {"importance", "precision_recall", "reliability", "scores", "tier_mix"}
    assert {Path(file.path).stem for file in files} == names
    nested = mlflow.search_runs(
        experiment_names=[registry.name],
        filter_string=f"tags.mlflow.parentRunId = '{run_id}'",
    )
    assert list(nested["metrics.log_loss"]) == [0.3]


def test_it_loads_with_plain_mlflow(registry: Registry, versions: tuple[str, str]) -> None:
    registry.set_alias("champion", versions[0])
    loaded = mlflow.pyfunc.load_model("models:/refund-risk@champion")
    bundle = fitted().bundle
    rows = world()[list(bundle.features)].head(50)
    wanted = bundle.probabilities(rows.to_numpy(float), "standard")
    np.testing.assert_array_equal(loaded.predict(rows), wanted)
    with_lane = world()[[*bundle.features, "lane"]].head(50)
    told = loaded.predict(with_lane)
    no_reason = (with_lane["lane"] == "no_reason").to_numpy()
    wanted[no_reason] = bundle.probabilities(rows.to_numpy(float)[no_reason], "no_reason")
    np.testing.assert_array_equal(told, wanted)
    kinds = {spec.name: spec.type.name for spec in loaded.metadata.signature.inputs}
    assert {kinds[name] for name in bundle.features} == {"double"}
    registry.drop_alias("champion")


def test_nothing_in_the_artifacts_is_a_pickle(
    registry: Registry, versions: tuple[str, str]
) -> None:
    assert registry.artifacts is not None
    files = [path for path in registry.artifacts.rglob("*") if path.is_file()]
    assert any(path.name == "bundle.json" for path in files)
    assert not [path for path in files if path.suffix in (".pkl", ".pickle", ".joblib")]


def test_bundles_and_twins_come_back_as_they_were(
    registry: Registry, versions: tuple[str, str]
) -> None:
    assert bundle_at(registry, versions[0]).digest == fitted().bundle.digest
    assert bundle_at(registry, versions[0], twin=True).digest == fitted().twin.digest
    with pytest.raises(NotFound, match="refund-risk@challenger"):
        registry.version_of("challenger")


@pytest.mark.parametrize("twin", [False, True], ids=["bundle", "twin"])
def test_what_was_changed_in_the_artifact_store_is_refused(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, twin: bool
) -> None:
    """Its digest made anew, so that the file alone says nothing."""
    made = fitted()
    own = empty_registry(tmp_path_factory, tmp_path)
    version = own.register(own.log_run(TrainingRun(made.bundle, made.twin)))
    changed = replace(made.bundle, about={**made.bundle.about, "note": "nobody is asked"})
    files = [path for path in tmp_path.rglob("bundle.json") if ("twin" in path.parts) == twin]
    for path in files:
        path.write_bytes(changed.to_bytes())
    with pytest.raises(ModelRefused, match=f"version {version} .* changed in the artifact store"):
        bundle_at(own, version, twin=twin)
    with pytest.raises(ModelRefused, match="changed in the artifact store"):
        challenge(own, version, Store().publish, 1, "a test")
    if not twin:
        with pytest.raises(ModelRefused, match=changed.digest[:12]):
            promote(own, version, GOOD, Store().publish, 1)
        assert champion_version(own) == ""


@pytest.mark.parametrize("twin", [False, True], ids=["bundle", "twin"])
def test_what_is_too_large_is_not_fetched(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, twin: bool
) -> None:
    """A file of holes beside the bundle, as large as a disk."""
    made = fitted()
    own = empty_registry(tmp_path_factory, tmp_path)
    version = own.register(own.log_run(TrainingRun(made.bundle, made.twin)))
    (beside,) = [path for path in tmp_path.rglob("bundle.json") if ("twin" in path.parts) == twin]
    with (beside.parent / "more.bin").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(ModelRefused, match=r"1,099,\d+,\d+,\d+ bytes or more"):
        bundle_at(own, version, twin=twin)


def test_the_life_of_two_champions(registry: Registry, versions: tuple[str, str]) -> None:
    first, second = versions
    store = Store()
    assert champion_version(registry) == ""
    verdict = run_gate(registry, first, world(), FEATURES)
    assert verdict.allowed, verdict.refusals
    promote(registry, first, verdict, store.publish, at=1)

    refused = run_gate(registry, second, world(), FEATURES)
    assert refused.refusals
    with pytest.raises(ModelRefused, match=f"the gate refuses version {second}: ") as stays:
        promote(registry, second, refused, store.publish, at=2)
    assert all(reason in str(stays.value) for reason in refused.refusals)
    assert champion_version(registry) == first
    with pytest.raises(ModelRefused):
        promote(registry, second, refused, store.publish, at=2, override="  ")

    promote(registry, second, refused, store.publish, at=3, override="two features are going")
    assert champion_version(registry) == second
    back = rollback(registry, store.publish, at=4, why="it was a mistake")
    assert (back.version, back.previous) == (first, second)
    assert champion_version(registry) == first
    with pytest.raises(NotFound, match="no earlier champion"):
        rollback(registry, store.publish, at=5)

    assert [version for version, _ in store.published] == [first, second, first]
    assert store.published[0][1] == fitted().bundle.digest
    told = [(line.action, line.version, line.why) for line in registry.ledger()]
    assert told[1:] == [
        ("promote", second, "overridden: two features are going"),
        ("rollback", first, "it was a mistake"),
    ]


def test_a_weaker_promise_than_the_champions_needs_a_reason(
    registry: Registry, versions: tuple[str, str]
) -> None:
    """Each is held to the promise that its own bundle carries."""
    first = versions[0]
    store = Store()
    assert champion_version(registry) == first
    made = fitted(share=0.1)
    version = registry.register(registry.log_run(TrainingRun(made.bundle, made.twin)))
    result = run_gate(registry, version, world(), FEATURES)
    assert "promised share" in {check.name for check in result.checks if not check.passed}
    with pytest.raises(ModelRefused, match=r"at most 10\.0% of honest"):
        promote(registry, version, result, store.publish, at=20)
    told = run_gate(registry, version, world(), FEATURES, weaker_promise="more may be asked")
    assert all(check.passed for check in told.checks if check.name == "promised share")
    assert "promised at most 10.0%" in next(
        check.why for check in told.checks if check.name == "promise"
    )


def test_a_challenger_is_tried_until_it_is_champion(
    registry: Registry, versions: tuple[str, str]
) -> None:
    first, second = versions
    store = Store()
    assert champion_version(registry) == first
    entry = challenge(registry, second, store.publish, at=6, why="looks good")
    assert (entry.version, entry.previous) == (second, "")
    assert registry.version_of("challenger") == second
    assert champion_version(registry) == first
    assert store.published[-1][0] == second
    with pytest.raises(ModelRefused, match="cannot challenge itself"):
        challenge(registry, "champion", store.publish, at=7, why="why not")
    promote(registry, second, GOOD, store.publish, at=8)
    with pytest.raises(NotFound):
        registry.version_of("challenger")
    back = rollback(registry, store.publish, at=9)
    assert (back.version, back.previous) == (first, second)


def test_only_promotions_and_rollbacks_make_a_succession() -> None:
    told = [("promote", "1"), ("challenge", "2"), ("tighten", "1"), ("promote", "2"),
            ("challenge", "3"), ("tighten", "2"), ("rollback", "1")]  # fmt: skip
    ledger = [LedgerEntry(at, action, version, "", "") for at, (action, version) in enumerate(told)]
    assert champion_history(ledger[:-1]) == ["1", "2"]
    assert champion_history(ledger) == ["1"]


def test_a_twin_that_is_not_there_is_none(registry: Registry, versions: tuple[str, str]) -> None:
    found = twin_of(registry, versions[0])
    assert found is not None
    assert found.digest == fitted().twin.digest
    assert twin_of(registry, "99") is None


def test_a_ledger_that_does_not_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    gone = Registry("http://user:password@127.0.0.1:9")
    with pytest.raises(Unavailable, match=r"MLflow at http://127\.0\.0\.1:9: ") as said:
        gone.version_of("champion")
    assert "\n" not in str(said.value)
    assert "password" not in str(said.value)
    assert twin_of(gone, "1") is None


def test_a_failed_publication_leaves_the_champion(
    registry: Registry, versions: tuple[str, str]
) -> None:
    def broken(folder: Path, version: str, why: str) -> None:
        raise OSError("disk full")

    before, lines = champion_version(registry), len(registry.ledger())
    with pytest.raises(OSError, match="disk full"):
        promote(registry, versions[1], GOOD, broken, at=9)
    assert champion_version(registry) == before
    assert len(registry.ledger()) == lines
    with pytest.raises(NotFound):
        promote(registry, "99", GOOD, broken, at=9)
    with pytest.raises(ModelRefused, match=r"-0\.2 against"):
        promote(registry, versions[1], BAD, broken, at=9)
