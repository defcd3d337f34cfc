"""A copy of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from training.cli.shell import one_line_errors, out, store


@one_line_errors
def backup(
    to: Annotated[Path, typer.Argument(help="The file to write, readable by its owner only.")],
) -> None:
    """Copy a store on SQLite, as of one moment, while the service runs; the copy is checked."""
    from risk.history.backup import back_up

    with store() as history:
        back_up(history.engine, to)
    out.print(f"copied to {to}, {to.stat().st_size / 1e6:,.1f} MB", markup=False)
