"""The catalogue on real purchases: `python -m tests.bench.retail`, about two minutes.

Every invoice of the Online Retail export (UCI, Daqing Chen 2015, CC BY 4.0) is a request at its
own time; whether any of its lines is cancelled within 30 days is known 30 days later. Learned from
January to July 2011, judged on 1 September to 8 November: the order's own columns, the same with a
simple history by hand, and the catalogue, on the same rows, by the same boosting.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from risk.features.catalog import catalogue
from tests.bench.real_shop import rows
from tests.bench.real_shop.judge import MEASURES, judged, tuned, untuned

EXPORT = Path(__file__).parents[2] / ".." / "shared" / "data" / "online_retail.csv.gz"
WANTED = {"AUC": (0.654, 0.685), "AP": (0.240, 0.284)}
"""What an untuned boosting had got from order columns and from simple history before."""
HAND = "order and simple history"
console = Console(width=110)


def main(
    file: Annotated[Path, typer.Argument(help="The export.", exists=True)] = EXPORT,
    draws: Annotated[int, typer.Option(help="Draws of customers for the intervals.")] = 500,
    quick: Annotated[bool, typer.Option(help="Fewer draws, no tuning.")] = False,
) -> None:
    """Print both measures over the same rows, for every set of columns."""
    invoice, columns = read(file)
    learn, judge = (rows.between(invoice, when) for when in (rows.LEARN, rows.JUDGE))
    console.print(
        f"{learn.sum():,} invoices to learn from ({invoice['y'][learn].mean():.1%} cancelled), "
        f"{judge.sum():,} to judge by ({invoice['y'][judge].mean():.1%})"
    )
    show("untuned", {n: untuned(c, invoice) for n, c in columns.items()}, invoice, draws)
    if not quick:
        signs = {"the catalogue": [feature.monotone for feature in catalogue()]}
        scores = {
            name: tuned(c, invoice, signs.get(name, [0] * c.shape[1]))
            for name, c in columns.items()
        }
        show("tuned", scores, invoice, draws)


def read(file: Path) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """The invoices, and every set of columns in their order."""
    with tempfile.TemporaryDirectory(prefix="retail") as name:
        folder = Path(name)
        lines, cancelled = rows.converted(file, folder)
        invoice = rows.invoices(lines, cancelled)
        rows.write_requests(invoice, folder)
        every = rows.catalogue_at(invoice, folder)
    order = invoice[rows.ORDER]
    return invoice, {
        "order columns": order,
        HAND: rows.with_history(invoice, cancelled),
        "the catalogue": every,
    }


def show(how: str, scores: dict[str, np.ndarray], invoice: pd.DataFrame, draws: int) -> None:
    """A table of both measures, and whether the goals are reached."""
    found = judged(scores, invoice, HAND, draws)
    table = Table(how, *(f"{m} {what}" for m in MEASURES for what in ("", f"over {HAND}")))
    for name in scores:
        cells = [str(part) for measure in MEASURES for part in found[name, measure]]
        table.add_row(name, *cells)
    console.print(table)
    for measure in MEASURES:
        ours, _ = found["the catalogue", measure]
        for least in WANTED[measure]:
            told = "reached" if ours.value > least else "MISSED "
            console.print(f"{told}  {measure} of the catalogue {ours.value:.3f}, wanted > {least}")


if __name__ == "__main__":
    typer.run(main)
