"""A training that cannot be registered is kept, and registered from what was kept."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from risk.errors import NotFound, Unavailable
from risk.model.training_run import TrainingRun
from risk.policy import load
from risk.registry import Registry
from tests.shops import SMALL, Shop
from training.cli import app
from training.progress import REGISTERING
from training.registration import keep, kept_training, register_or_keep
from training.train import train

pytestmark = pytest.mark.whole


@pytest.fixture
def away(shop: Shop, tmp_path: Path) -> Registry:
    """A registry whose artifacts cannot be written."""
    registry = Registry(
        f"sqlite:///{tmp_path}/mlflow.db", tmp_path / "a b", datasets=tmp_path / "d"
    )
    registry.check()
    (tmp_path / "a b" / registry.name).rmdir()
    (tmp_path / "a b" / registry.name).write_text("a file where a folder is wanted")
    return registry


def test_a_training_is_kept_and_registered_later(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = shop.folder / "artifacts" / shop.registry.name

    def breaks(what: str, _done: int, _total: int | None) -> None:
        if what == REGISTERING:
            place.rename(shop.folder / "aside")
            place.write_text("a file where a folder is wanted")

    registry = replace(shop.registry, datasets=shop.folder / "datasets")
    with pytest.raises(Unavailable, match="refund-risk register") as failed:
        train(shop.history, registry, load(None), SMALL, breaks)
    place.unlink()
    (shop.folder / "aside").rename(place)
    (kept,) = re.findall(r"`refund-risk register (\S+)`", str(failed.value))
    wanted = kept_training(Path(kept))
    for name, value in shop.environment.items():
        monkeypatch.setenv(name, value)
    told = CliRunner().invoke(app, ["register", kept])
    assert told.exit_code == 0, told.output
    version = told.stdout.split()[1]
    assert not Path(kept).exists()
    mlflow = import_module("mlflow")
    mlflow.set_tracking_uri(shop.registry.uri)
    run = mlflow.get_run(shop.registry.run_of(version))
    assert run.data.tags["digest"] == wanted.bundle.digest
    assert run.data.tags["twin_digest"] == wanted.twin.digest
    assert run.data.metrics.keys() == wanted.metrics.keys()
    assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/card.md") == wanted.texts["card.md"]
    plots = mlflow.artifacts.list_artifacts(f"{run.info.artifact_uri}/plots")
    assert {Path(one.path).name for one in plots} == set(wanted.plots)


def test_what_is_kept_is_all_of_it(
    shop: Shop, away: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = shop.trained.fitted
    record = TrainingRun(
        fitted.bundle, fitted.twin, {"seed": 3, "lanes": None}, {"auc": 0.75}, {"data": "ab"},
        texts={"card.md": "如此"}, trials=[("small", {"leaves": 8}, 0.5)], name="月 no. 1",
    )  # fmt: skip
    with pytest.raises(Unavailable, match=str(away.datasets.parent) if away.datasets else ""):
        register_or_keep(away, record)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = kept_training(keep(record, None))
    assert found.bundle.digest == record.bundle.digest
    assert found.twin.digest == record.twin.digest
    assert (found.params, found.metrics, found.tags) == (record.params, record.metrics, record.tags)
    assert (found.texts, found.trials, found.name) == (record.texts, record.trials, record.name)


def test_a_folder_without_a_training_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    with pytest.raises(NotFound, match="no training"):
        kept_training(tmp_path)
    told = CliRunner().invoke(app, ["register", str(tmp_path)])
    assert told.exit_code == 1
    assert len(told.stderr.splitlines()) == 1
