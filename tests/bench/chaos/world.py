"""A small world to break things in: facts, a learned model, and a store of each sort."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from risk.access import keys
from risk.access.keys import SCOPES
from risk.decisions.champion import Models
from risk.history import published_models
from risk.history.store import History
from risk.model import Bundle
from training.facts.import_folder import import_folder

SECRET = "a secret for broken things only"
STORE = "store.db"
MADE = "made"


@dataclass(frozen=True, slots=True)
class World:
    """A folder with contract files, MLflow's files, and a store with a champion in it."""

    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / STORE

    @property
    def facts(self) -> Path:
        return self.folder / "facts"

    def settings(self, database_url: str = "") -> dict[str, str]:
        """The settings of a service in this world, as an environment."""
        return {
            "REFUND_RISK_DATABASE_URL": database_url or f"sqlite:///{self.store}",
            "MLFLOW_TRACKING_URI": f"sqlite:///{self.folder}/mlflow.db",
            "REFUND_RISK_ARTIFACTS": str(self.folder / "artifacts"),
            "REFUND_RISK_SECRET": SECRET,
        }

    def champion(self) -> Bundle:
        """The bundle in service."""
        history = History.open(f"sqlite:///{self.store}", SECRET)
        try:
            return Models(history).champion().bundle
        finally:
            history.close()

    def on_sqlite(self, folder: Path) -> str:
        """The URL of a copy of the store in another folder."""
        shutil.copy(self.store, folder / STORE)
        return f"sqlite:///{folder / STORE}"

    def on(self, url: str) -> str:
        """The URL, after the same facts and model went into the empty store behind it."""
        history = History.open(url, SECRET)
        try:
            import_folder(history, self.facts)
            with history.write() as write:
                published_models.publish(write, "champion", "1", self.champion(), "the same")
        finally:
            history.close()
        return url


def build(folder: Path, refunds: int) -> World:
    """The world in this folder, made where it is not there yet.

    By the product's own commands, a minute or so; a command that fails is named with its words. The
    last of them done, `MADE` is written: a folder without it is made again.
    """
    world = World(folder)
    if (folder / MADE).exists():
        return world
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    steps = (
        ("simulate", "--out", str(world.facts), "--refunds", str(refunds), "--seed", "3"),
        ("import", str(world.facts)),
        ("train",),
        ("promote", "1"),
    )
    for step in steps:
        command = [sys.executable, "-m", "training", *step]
        environment = {**os.environ, **world.settings()}
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(step)}: {(done.stderr or done.stdout)[-500:]}")
    (folder / MADE).touch()
    return world


def token(database_url: str) -> str:
    """A key with every scope for the store behind the URL."""
    history = History.open(database_url, SECRET)
    try:
        with history.write() as write:
            return keys.create(write, "load", SCOPES)[1]
    finally:
        history.close()
