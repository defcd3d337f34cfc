"""The command that fits the starter, the model that the product brings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from training.cli import shell
from training.cli.shell import one_line_errors, out, progress


@one_line_errors
def fit_starter(
    worlds: Annotated[int, typer.Option(help="How many made worlds.")] = 24,
    refunds: Annotated[int, typer.Option(help="Refund requests a world.")] = 4_000,
    kept: Annotated[
        Path, typer.Option(help="Where the rows of each world are kept between runs.")
    ] = Path("data/starter"),
    to: Annotated[
        Path | None, typer.Option(help="The bundle's file; by default the one of the package.")
    ] = None,
) -> None:
    """Fit the starter on made worlds, write its bundle, and log it with its card in MLflow."""
    from risk.policy import load
    from training.promote_starter import log_starter
    from training.starter.fit_worlds import fit_starter as fitted
    from training.starter.packaged import FILE
    from training.starter.worlds import rows_of_worlds

    with progress("starter") as advance:
        bundle = fitted(rows_of_worlds(worlds, refunds, load(None), kept, advance))
    (to or FILE).write_bytes(bundle.to_bytes())
    run = log_starter(shell.registry(), bundle)
    out.print(f"{to or FILE}: digest {bundle.digest}, run {run}", markup=False)
