"""Registering a training, and keeping it as files where that fails."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import orjson

from risk.errors import NotFound, Unavailable
from risk.model import Bundle
from risk.model.training_run import TrainingRun
from risk.registry import Registry
from training.interruption import uninterrupted

RECORD = "training.json"


@dataclass(frozen=True, slots=True)
class SavedPlot:
    """A plot that was written as an image before."""

    path: Path

    def savefig(self, fname: Path) -> None:
        """Write the image."""
        shutil.copyfile(self.path, fname)


def register(registry: Registry, training: TrainingRun) -> str:
    """Log and register a training; returns the version. Raises Unavailable."""
    run = registry.log_run(training)
    with uninterrupted():
        return registry.register(run, training.description)


def register_or_keep(registry: Registry, training: TrainingRun) -> str:
    """Log and register a training; returns the version.

    Raises Unavailable where that fails; then the training is kept as files, and the error says how
    to register them.
    """
    try:
        return register(registry, training)
    except Unavailable as cause:
        kept = shlex.quote(str(keep(training, registry.datasets)))
        raise Unavailable(
            f"{cause}; the training is kept: `refund-risk register {kept}` registers it"
        ) from cause


def keep(training: TrainingRun, beside: Path | None) -> Path:
    """Write everything of a training to a new folder, beside that one or, where nothing can be
    written there, among temporary files; returns the folder."""
    folder = _new_folder(beside)
    training.bundle.save(folder / "bundle")
    training.twin.save(folder / "twin")
    for name, plot in training.plots.items():
        plot.savefig(folder / name)
    document = {
        "plots": list(training.plots), "params": training.params, "metrics": training.metrics,
        "tags": training.tags, "texts": training.texts, "trials": training.trials,
        "name": training.name, "started_at": training.started_at,
    }  # fmt: skip
    (folder / RECORD).write_bytes(orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY))
    return folder


def kept_training(folder: Path) -> TrainingRun:
    """What `keep` wrote to a folder. Raises NotFound where there is none."""
    if not (folder / RECORD).is_file():
        raise NotFound(f"{folder} holds no training that was kept")
    document = orjson.loads((folder / RECORD).read_bytes())
    plots = {name: SavedPlot(folder / name) for name in document.pop("plots")}
    trials = [tuple(trial) for trial in document.pop("trials")]
    bundles = Bundle.load(folder / "bundle"), Bundle.load(folder / "twin")
    return TrainingRun(*bundles, **document, plots=plots, trials=trials)


def _new_folder(beside: Path | None) -> Path:
    prefix = "refund-risk-training-"
    if beside is not None:
        try:
            beside.parent.mkdir(parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix=prefix, dir=beside.parent.absolute()))
        except OSError:
            pass
    return Path(tempfile.mkdtemp(prefix=prefix))
