"""What the registry keeps of a training, and of a promotion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from risk.model.bundle import Bundle

LONGEST_DESCRIPTION = 5_000
"""Characters that MLflow keeps of a version's description."""


class Plot(Protocol):
    """Anything that saves itself as an image file, such as a matplotlib figure."""

    def savefig(self, fname: Path) -> None:
        """Write the image."""


@dataclass(frozen=True)
class TrainingRun:
    """Everything that is logged of one training.

    `twin` is the bundle the metrics were measured on, fitted without the evaluation period.
    `trials` are the nested runs of the search: name, settings and loss. `tags` hold hashes (data,
    catalogue) and what a person reads. MLflow makes up a `name` where it is empty. `started_at` is
    when the training began (ms; 0: when it is logged).
    """

    bundle: Bundle
    twin: Bundle
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    plots: Mapping[str, Plot] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    trials: Sequence[tuple[str, Mapping[str, Any], float]] = ()
    name: str = ""
    started_at: int = 0

    @property
    def description(self) -> str:
        """What MLflow shows of a version: its name, then the model card."""
        card = self.texts.get("card.md", "")
        return f"{self.name}\n\n{card}".strip()[:LONGEST_DESCRIPTION]


@dataclass(frozen=True)
class LedgerEntry:
    """One line of the promotion ledger: which version was moved how, when (ms), and why."""

    at: int
    action: str
    version: str
    previous: str
    why: str
