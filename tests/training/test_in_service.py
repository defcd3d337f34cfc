"""What MLflow's pages do by themselves is noticed, named, and does not mislead the gate."""

from __future__ import annotations

from pathlib import Path

import mlflow
import pytest

from risk.errors import ModelRefused, NotFound
from risk.history.store import History
from risk.model.training_run import TrainingRun
from risk.registry import Registry
from tests.deciders import bundle, promote
from tests.shops import empty_registry
from tests.stores import new_store
from training.in_service import disagreements, rival_of, serves_already


@pytest.fixture
def registry(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, history: History
) -> Registry:
    """Two versions; the first is champion in MLflow and in service."""
    made = empty_registry(tmp_path_factory, tmp_path)
    for seed in (0, 1):
        made.register(made.log_run(TrainingRun(bundle=bundle(seed), twin=bundle(seed))))
    made.set_alias("champion", "1")
    promote(history, "1", bundle(0))
    return made


def test_where_both_agree_nothing_is_said(registry: Registry, history: History) -> None:
    assert disagreements(registry, history) == []
    assert rival_of(registry, history) == "1"
    assert serves_already(registry, history, "champion")
    assert serves_already(registry, history, "1")
    assert not serves_already(registry, history, "2")
    assert not serves_already(registry, history, "99")


def test_an_alias_that_was_moved_is_named_and_the_version_in_service_is_the_rival(
    registry: Registry, history: History
) -> None:
    registry.set_alias("champion", "2")
    (said,) = disagreements(registry, history)
    assert "version 1 is in service" in said
    assert "at version 2" in said
    assert rival_of(registry, history) == "1"
    assert not serves_already(registry, history, "1"), "promoting it moves the alias back"


def test_a_version_that_was_deleted_is_no_reason_to_compare_with_nobody(
    registry: Registry, history: History
) -> None:
    mlflow.MlflowClient(registry.uri, registry.uri).delete_model_version(registry.name, "1")
    assert "MLflow has no champion" in disagreements(registry, history)[0]
    with pytest.raises(ModelRefused, match="version 1 is in service and is not in MLflow"):
        rival_of(registry, history)
    assert rival_of(registry, history, override="it was broken") == ""


def test_without_a_model_in_service_the_alias_is_the_rival(
    registry: Registry, tmp_path: Path
) -> None:
    empty = new_store(tmp_path / "empty.db")
    assert (rival_of(registry, empty), disagreements(registry, empty)) == ("1", [])
    empty.close()


def test_a_version_registered_by_hand_is_read_by_its_run(registry: Registry) -> None:
    """As MLflow's button does it: without the tags of this product."""
    client = mlflow.MlflowClient(registry.uri, registry.uri)
    first = client.get_model_version(registry.name, "1")
    assert first.source
    made = client.create_model_version(registry.name, first.source, run_id=first.tags["run_id"])
    assert registry.run_of(str(made.version)) == first.tags["run_id"]


def test_a_version_of_something_else_is_refused_in_words(
    registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "readme.txt").write_text("no model")
    client = mlflow.MlflowClient(registry.uri, registry.uri)
    made = client.create_model_version(registry.name, (tmp_path / "other").as_uri())
    with pytest.raises(NotFound, match="names no run"):
        registry.run_of(str(made.version))
    with pytest.raises(NotFound, match="holds no bundle"):
        registry.bundle_of(str(made.version), tmp_path / "to")
