"""A registry that was moved, copied or restored: noticed, named and mended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from risk.errors import Unavailable
from risk.model import Bundle
from risk.model.training_run import TrainingRun
from risk.registry import Registry
from tests.deciders import bundle
from training.cli import app

pytestmark = pytest.mark.whole


def registry_at(folder: Path) -> Registry:
    return Registry(f"sqlite:///{folder}/mlflow.db", folder / "mlartifacts")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with a registry of one version, at a path with characters that URIs escape."""
    folder = tmp_path / "old place% #1"
    folder.mkdir()
    registry, one = registry_at(folder), bundle()
    registry.register(registry.log_run(TrainingRun(bundle=one, twin=one)))
    registry.ledger()
    return folder


@pytest.mark.parametrize("copied", [False, True], ids=["moved", "copied"])
def test_it_is_named_and_mended(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, copied: bool
) -> None:
    new = tmp_path / "new place"
    shutil.copytree(old, new) if copied else old.rename(new)
    before = sorted(old.rglob("*"))
    registry = registry_at(new)
    with pytest.raises(Unavailable, match=r"old place% #1.*relocate-artifacts.*new place"):
        registry.check()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registry.uri)
    monkeypatch.setenv("REFUND_RISK_SECRET", "a secret for tests only")
    told = CliRunner().invoke(app, ["relocate-artifacts"])
    assert told.exit_code == 0, told.output
    registry.check()
    for fetch in (registry.bundle_of, registry.twin_of):
        assert Bundle.load(fetch("1", tmp_path / "fetched")).digest == bundle().digest
    version = registry.register(registry.log_run(TrainingRun(bundle=bundle(), twin=bundle())))
    assert Bundle.load(registry.bundle_of(version, tmp_path / "again")).digest == bundle().digest
    assert sorted(old.rglob("*")) == before, "nothing is made at the old place"
    assert "0 places" in CliRunner().invoke(app, ["relocate-artifacts"]).stdout


def test_records_alone_are_not_moved(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    (old / "mlflow.db").rename(new / "mlflow.db")
    registry_at(new).check()
    shutil.rmtree(old)
    with pytest.raises(Unavailable, match="was moved"):
        registry_at(new).check()
    with pytest.raises(Unavailable, match="move them there first"):
        registry_at(new).relocate_artifacts()


def test_a_server_records_its_own() -> None:
    with pytest.raises(Unavailable, match="server"):
        Registry("http://127.0.0.1:9").relocate_artifacts()
