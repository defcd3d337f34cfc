"""From stored facts to a registered version in service, and what an analyst reads of it."""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest

from risk.decisions.champion import Models
from risk.errors import BadInput, NotFound
from risk.history.store import History
from risk.policy import load, vary
from tests.shops import SMALL, Shop, empty_registry, quiet
from training.judge.card import metrics_table, model_card
from training.judge.verdict import RIVALS
from training.promote import run_gate
from training.train import TrainingResult, evaluate, promised_share_of, rollback, train

pytestmark = pytest.mark.whole


def test_the_champion_in_the_store_is_the_version_in_the_ledger(shop: Shop) -> None:
    version = shop.trained.version
    assert shop.registry.version_of("champion") == version
    champion = Models(shop.history).champion()
    assert champion.published.version == version
    assert champion.bundle.digest == shop.trained.fitted.bundle.digest
    assert shop.registry.ledger()[0].version == version


def test_the_run_keeps_what_it_was_made_of(shop: Shop, tmp_path: Path) -> None:
    mlflow = import_module("mlflow")
    mlflow.set_tracking_uri(shop.registry.uri)
    run = mlflow.get_run(shop.registry.run_of("champion"))
    assert {field.name for field in fields(SMALL)} <= set(run.data.params)
    assert len(run.data.tags["data"]) == len(run.data.tags["catalogue"]) == 64
    assert {"auc", "interval/auc_low", "interval/auc_high"} <= set(run.data.metrics)
    text = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/card.md")
    assert text == model_card(shop.trained.fitted, shop.trained.evaluation, SMALL)


def test_every_candidate_of_the_search_is_a_run_within_the_run(shop: Shop) -> None:
    mlflow = import_module("mlflow")
    mlflow.set_tracking_uri(shop.registry.uri)
    parent = mlflow.get_run(shop.registry.run_of("champion")).info
    nested = mlflow.search_runs(
        [parent.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.run_id}'",
        output_format="list",
    )  # fmt: skip
    tried = {run.info.run_name.split(":")[0]: run.data.metrics["log_loss"] for run in nested}
    assert tried == shop.trained.fitted.about["lanes"]["standard"]["search"]


def test_the_summary_names_counts_and_every_metric_with_its_interval(shop: Shop) -> None:
    head, names, *lines = shop.trained.summary()
    assert head.startswith("800 requests")
    assert "refund-risk" in names
    shown = {line.split()[0]: line for line in lines}
    for name, one in shop.trained.evaluation.metrics.items():
        if name in shown:
            assert f"{one.value:.3f} ({one.low:.3f} to {one.high:.3f})" in shown[name]
    assert {"auc", "average_precision", "brier", "money_at_5"} <= set(shown)
    assert set(shop.trained.evaluation.baselines) == set(RIVALS)
    for rival in ("set of rules", "logistic regression", "isolation forest", "gradient boosting"):
        assert rival in names


def test_the_twin_was_judged_on_what_it_had_not_seen(shop: Shop) -> None:
    fitted = shop.trained.fitted
    assert (fitted.test["requested_at"] >= fitted.twin.about["trained_until"]).all()
    assert fitted.bundle.about["trained_until"] > fitted.twin.about["trained_until"]


def test_evaluating_again_says_what_training_said(shop: Shop) -> None:
    found = evaluate(shop.history, shop.registry, load(None), "champion", quiet)
    lines = metrics_table(found)
    assert len(found.rows) > 0
    auc = shop.trained.evaluation.metrics["auc"]
    told = next(line for line in lines if line.startswith("auc "))
    assert float(told.split()[1]) == pytest.approx(auc.value, abs=0.0005)
    assert metrics_table(shop.trained.evaluation)[0].startswith(" ")


def share_of(made: TrainingResult) -> float:
    about = made.fitted.bundle.about
    assert about["promise"]["share"] == made.fitted.twin.about["promise"]["share"]
    return float(about["promise"]["share"])


def test_the_promise_is_that_of_the_policy(shop: Shop) -> None:
    """Changing the policy is enough; an option overrides it and says so; the gate sees which."""
    strict = vary(load(None), {"caps.honest_share": 0.01})
    told = "at most 1.0% of honest requests bothered, as the policy allows"
    assert promised_share_of(strict, None) == (0.01, told)
    made = shop.trained
    assert share_of(made) == load(None).caps.honest_share == 0.05
    assert made.promise == "at most 5.0% of honest requests bothered, as the policy allows"
    other = train(shop.history, shop.registry, strict, SMALL, quiet, friction=0.2)
    assert share_of(other) == 0.2
    assert "20.0%" in other.promise
    assert "instead of the policy's 1.0%" in other.promise
    data = other.data
    gates = {
        one.version: run_gate(shop.registry, one.version, data.frame, data.features, data.bars)
        for one in (made, other)
    }
    named = {
        version: {check.name: check for check in result.checks} for version, result in gates.items()
    }
    assert named[made.version]["promised share"].passed
    assert not named[other.version]["promised share"].passed
    assert "promised at most 20.0%" in named[other.version]["promise"].why
    assert "promised at most 5.0%" in named[made.version]["promise"].why


@pytest.mark.parametrize("friction", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_a_share_outside_0_and_1_is_refused(shop: Shop, friction: float) -> None:
    with pytest.raises(ValueError, match="above 0 and below 1"):
        train(shop.history, shop.registry, load(None), SMALL, quiet, friction=friction)


def test_nothing_is_learned_from_nothing(
    history: History, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    registry = empty_registry(tmp_path_factory, tmp_path)
    with pytest.raises(BadInput, match="promote starter"):
        train(history, registry, load(None), SMALL, quiet)


def test_there_is_no_way_back_before_the_first(shop: Shop) -> None:
    with pytest.raises(NotFound, match="earlier champion"):
        rollback(shop.history, shop.registry, "a mistake")


def test_what_was_never_registered_cannot_be_evaluated(shop: Shop) -> None:
    with pytest.raises(NotFound, match="99"):
        evaluate(shop.history, shop.registry, load(None), "99", quiet)
