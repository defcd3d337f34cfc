"""One small marketplace for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from risk.decisions.decide import Decider
from risk.history import published_models
from risk.history.store import History
from risk.policy import load
from risk.registry import CHALLENGER
from tests.deciders import bundle, decider
from tests.shops import Shop, open_shop, quiet
from tests.stores import SECRET
from tests.training.command_runs import Run
from tests.training.monitored_shop import correct_some
from training.cases.dataset_cache import DatasetCache
from training.cli import app
from training.monitor.measure import monitor
from training.monitor.report import MonitorReport
from training.promote import twin_of


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Tests may read it and decide in it, but not add facts to it."""
    made = open_shop(tmp_path_factory, "shop")
    yield made
    made.history.close()


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where commands find their store: that of `history`, or none yet."""
    where = f"sqlite:///{tmp_path}/store.db"
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", where)
    monkeypatch.setenv("REFUND_RISK_SECRET", SECRET)
    return where


@pytest.fixture
def run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command with the settings of the shop."""
    for name, value in shop.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words, **more: CliRunner().invoke(app, [str(word) for word in words], **more)


@pytest.fixture
def told() -> list[str]:
    """What a cache of cases said of its work."""
    return []


@pytest.fixture
def cache(store: History, tmp_path: Path, told: list[str]) -> DatasetCache:
    """A cache of the cases of that store."""
    return DatasetCache.open(tmp_path / "datasets", store, lambda what, *_: told.append(what))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop of this file's own, with a challenger: the monitor writes into it."""
    made = open_shop(tmp_path_factory, "watched")
    with made.history.write() as write:
        published_models.publish(write, CHALLENGER, "2", bundle(1), "a test")
    correct_some(made)
    yield made
    made.history.close()


@pytest.fixture(scope="module")
def report(watched: Shop) -> MonitorReport:
    """What the monitor says of that shop."""
    return monitor(watched.history, load(None), quiet, lambda v: twin_of(watched.registry, v))


@pytest.fixture
def deciding(history: History) -> Decider:
    """What decides in the test's own store."""
    return decider(history)
