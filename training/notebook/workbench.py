"""Where a notebook finds the data, and how its answers are shown."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from risk.history.store import History
from risk.policy import Policies, Policy
from risk.registry import Registry
from risk.settings import Settings
from training.cli.shell import registry


@dataclass(frozen=True, slots=True)
class Workbench:
    """The store, the policy in force and the registry that the settings name."""

    history: History
    policy: Policy
    registry: Registry


class Answer(str):
    """An answer in a sentence or two; a notebook sets it off from the rest."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Answer: {self}"

    def _repr_markdown_(self) -> str:
        return f"> **Answer.** {self}"


def open_workbench() -> Workbench:
    """Open what the settings name, relative to the folder above `notebooks`, where commands run."""
    here = Path.cwd()
    os.chdir(next((one for one in (here, *here.parents) if (one / "notebooks").is_dir()), here))
    pd.set_option("display.precision", 3, "display.max_colwidth", None)
    settings = Settings.from_env()
    history = History.open(settings.database_url, settings.secret)
    return Workbench(history, Policies.load(settings.policy).general, registry())
