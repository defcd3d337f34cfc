"""Run every notebook on a made marketplace and save it with its outputs:
`python -m tests.save_notebooks`, after a change of a notebook or of what it draws and says."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient

from risk.history.store import History
from risk.policy import load
from risk.registry import Registry
from tests.notebook_outputs import SAVED, sources_digest
from training.facts.import_folder import import_folder
from training.learn.plan import TrainingOptions
from training.simulate import simulate
from training.train import promote, train

FOLDER = Path(__file__).parent.parent / "notebooks"
SECRET = "a secret for the saved notebooks"
REFUNDS, SEED = 6_000, 7


def _tell(what: str, done: int, total: int | None) -> None:
    if done == total:
        sys.stderr.write(f"{what}\n")


def _marketplace(folder: Path) -> dict[str, str]:
    """Make a marketplace with a champion; returns the settings under which it is found."""
    simulate(folder / "world", refunds=REFUNDS, seed=SEED)
    history = History.open(f"sqlite:///{folder}/store.db", SECRET)
    registry = Registry(f"sqlite:///{folder}/mlflow.db", folder / "artifacts")
    import_folder(history, folder / "world")
    made = train(history, registry, load(None), TrainingOptions(), _tell)
    promote(history, registry, load(None), made.version, "", _tell)
    history.close()
    return {
        "REFUND_RISK_DATABASE_URL": f"sqlite:///{folder}/store.db",
        "MLFLOW_TRACKING_URI": registry.uri,
        "REFUND_RISK_ARTIFACTS": str(folder / "artifacts"),
        "REFUND_RISK_SECRET": SECRET,
    }


def save(path: Path, folder: Path) -> None:
    """Run a notebook in a folder and write it with its outputs."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # has no types
    NotebookClient(notebook, timeout=900, resources={"metadata": {"path": folder}}).execute()
    for number, cell in enumerate(_code(notebook), start=1):
        cell.metadata.pop("execution", None)
        cell.execution_count = number
        for output in cell.outputs:
            if "execution_count" in output:
                output["execution_count"] = number
            _without_style_ids(output, number)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        SAVED: sources_digest(notebook),
    }
    nbformat.write(notebook, path)  # type: ignore[no-untyped-call]  # has no types


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _without_style_ids(output: Any, number: int) -> None:
    """Styled tables bear random ids."""
    data = output.get("data", {})
    if "text/html" in data:
        data["text/html"] = re.sub(r"\bT_[0-9a-f]{5}", f"T_{number}", data["text/html"])
        data["text/plain"] = re.sub(r" at 0x[0-9a-f]+", "", data["text/plain"])


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        os.environ.update(_marketplace(Path(made)))
        for one in sorted(FOLDER.glob("*.ipynb")):
            save(one, Path(made))
            sys.stderr.write(f"saved {one.name}: {one.stat().st_size / 1000:,.0f} KB\n")
