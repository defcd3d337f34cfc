"""Commands about MLflow's own records: register what was kept, record where artifacts lie."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from training.cli import shell
from training.cli.shell import one_line_errors, out


@one_line_errors
def register(
    folder: Annotated[Path, typer.Argument(help="The folder that `train` named.")],
) -> None:
    """Register a training that `train` kept because MLflow failed; delete the folder."""
    from training import registration

    training = registration.kept_training(folder)
    version = registration.register(shell.checked_registry(), training)
    shutil.rmtree(folder)
    shell.print_lines(
        f"version {version}", f"`refund-risk promote {version}` puts it in service, by the gate"
    )


@one_line_errors
def relocate_artifacts() -> None:
    """Let MLflow record its artifacts where they are now, after both were moved or restored."""
    registry = shell.registry()
    changed = registry.relocate_artifacts()
    registry.check()
    out.print(f"{registry.artifacts}: {changed:,} places changed", markup=False)
