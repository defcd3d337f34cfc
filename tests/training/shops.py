"""A small marketplace, stored, learned from, and with a model in service."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from risk.decisions.decide import Decider
from risk.history.store import History
from risk.policy import Policies, load
from risk.registry import Registry
from training.demo.first_look import latest_requests
from training.facts.import_folder import import_folder
from training.learn.plan import TrainingOptions
from training.simulate import simulate
from training.train import TrainingResult, promote, train

SECRET = "a secret for a small marketplace"
EASY = {"prevalence": 0.15, "label_share": 0.7, "orders_per_request": 4.0}
"""Much abuse, many labels and few orders: enough to learn from in little time."""
SMALL = TrainingOptions(rounds=40, folds=2, test_share=0.3, min_labels=20, jobs=1)
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


def open_shop(folder: Path) -> Shop:
    """Make one in a folder; close its history when done."""
    simulate(folder / "world", refunds=800, seed=3, **EASY)
    history = History.open(f"sqlite:///{folder}/store.db", SECRET)
    import_folder(history, folder / "world")
    registry = Registry(f"sqlite:///{folder}/mlflow.db", folder / "artifacts")
    policy = load(None)
    trained = train(history, registry, policy, SMALL, quiet)
    promote(history, registry, policy, trained.version, "a small shop is judged by few", quiet)
    decider = Decider(history, Policies(policy))
    decider.refresh()
    with history.read() as connection:
        latest = latest_requests(connection, 12)
    for refund_id in latest:
        decider.score_again(refund_id)
    return Shop(folder, history, registry, trained)
