"""A small marketplace, stored, learned from, and with a model in service.

It is made once in a run of the tests; who asks for one gets a copy.
"""

from __future__ import annotations

import pickle
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from risk.decisions.decide import Decider
from risk.history.store import History
from risk.model import Bundle
from risk.policy import Policies, load
from risk.registry import Registry
from tests.made_once import made_once
from tests.stores import new_store
from training.demo.first_look import latest_requests
from training.facts.import_folder import import_folder
from training.learn.plan import TrainingOptions
from training.simulate import simulate
from training.train import TrainingResult, promote, train

SECRET = "a secret for a small marketplace"
SMALL = TrainingOptions(rounds=40, folds=2, cross_folds=2, test_share=0.3, min_labels=20, jobs=1)
"""Learns in a second what takes the defaults many."""


def quiet(_what: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Shop:
    """Where everything of the marketplace lies, and what was learned from it."""

    folder: Path
    history: History
    registry: Registry
    trained: TrainingResult

    @property
    def facts(self) -> Path:
        """Its contract files."""
        return self.folder / "world"

    @property
    def environment(self) -> dict[str, str]:
        """The settings under which the command finds it."""
        return {
            "REFUND_RISK_DATABASE_URL": f"sqlite:///{self.folder}/store.db",
            "MLFLOW_TRACKING_URI": self.registry.uri,
            "REFUND_RISK_ARTIFACTS": str(self.folder / "artifacts"),
            "REFUND_RISK_SECRET": SECRET,
        }


def open_shop(factory: pytest.TempPathFactory, name: str) -> Shop:
    """A copy of the marketplace in a folder of its own; close its history when done."""
    folder = factory.mktemp(name)
    copy_shop(made_once(factory, "shop", _make), folder)
    history = History.open(f"sqlite:///{folder}/store.db", SECRET)
    trained = pickle.loads((folder / "trained.pickle").read_bytes())
    return Shop(folder, history, _registry(folder), trained)


def empty_registry(factory: pytest.TempPathFactory, folder: Path) -> Registry:
    """A registry without models, in a folder; making MLflow's tables takes seconds."""
    made = made_once(factory, "registry", lambda to: _registry(to).ledger())
    shutil.copytree(made, folder, dirs_exist_ok=True)
    _relocate(made, folder)
    return _registry(folder)


def copy_shop(made: Path, folder: Path) -> None:
    """Copy a marketplace with its store and registry."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    _relocate(made, folder)


def _registry(folder: Path) -> Registry:
    return Registry(f"sqlite:///{folder}/mlflow.db", folder / "artifacts")


def _make(folder: Path) -> None:
    simulate(  # much abuse, many labels and few orders: enough to learn from in little time
        folder / "world", refunds=800, seed=3, prevalence=0.15, label_share=0.7,
        orders_per_request=4.0,
    )  # fmt: skip
    history, registry = new_store(folder / "store.db", SECRET), _registry(folder)
    import_folder(history, folder / "world")
    policy = load(None)
    trained = train(history, registry, policy, SMALL, quiet)
    promote(history, registry, policy, trained.version, "a small shop is judged by few", quiet)
    decider = Decider(history, Policies(policy))
    decider.refresh()
    with history.read() as connection:
        latest = latest_requests(connection, 12)
    for refund_id in latest:
        decider.score_again(refund_id)
    history.close()
    with (folder / "trained.pickle").open("wb") as out:
        _Pickler(out).dump(trained)


class _Pickler(pickle.Pickler):
    """Keeps a bundle as what it is made of: the trees of LightGBM's library cannot be kept."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Bundle):
            return Bundle, (obj.features, obj.lanes, obj.thresholds, obj.about)
        return NotImplemented


def _relocate(made: Path, folder: Path) -> None:
    """Point what MLflow keeps of its own place from `made` to `folder`."""
    with closing(sqlite3.connect(folder / "mlflow.db")) as db, db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for _, column, *_ in db.execute(f'PRAGMA table_info("{table}")').fetchall():
                old, new = str(made), str(folder)
                db.execute(
                    f'UPDATE "{table}" SET "{column}" = replace("{column}", ?, ?) '
                    f'WHERE instr("{column}", ?)',
                    (old, new, old),
                )
