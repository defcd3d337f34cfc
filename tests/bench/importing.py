"""Whether scores are answered while a folder of a million rows is imported, on either store.

The service decides new cases at a steady pace, first by itself, then beside `refund-risk import`,
a process of its own, until that ends. What counts: no request is refused, and what an answer takes
beside the import against what it took alone.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console

from tests.bench.under_load import world
from tests.bench.under_load.load import Load, as_answered, at_pace
from tests.bench.under_load.processes import python
from tests.bench.under_load.services import SECRET, Place, Running, decisions_in, product
from training.simulate import simulate

ROWS_A_REFUND = 41
"""What a made world has of facts for each request, about."""
IDS = {"order_id", "refund_id", "evidence_id", "dispute_id", "customer_id"}
CONNECTIONS, STEP_S, WARM_UP_S = 8, 20.0, 3.0
console = Console(width=110)


def main(
    rows: Annotated[int, typer.Option(help="Rows to import.")] = 1_000_000,
    rate: Annotated[float, typer.Option(help="Requests a second.")] = 20.0,
    facts: Annotated[int, typer.Option(help="Facts in the store before.")] = 50_000,
    stores: Annotated[str, typer.Option(help="sqlite, postgresql, or both.")] = "sqlite,postgresql",
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="importing") as made:
        place = Place(Path(made), facts, 0)
        folder = Path(made) / "more"
        simulate(folder, refunds=rows // ROWS_A_REFUND, seed=77)
        _with_other_ids(folder)
        requests = world.Requests.of(place.world)
        for store in stores.split(","):
            with product(place, store, 1) as running:
                bodies = requests.bodies(world.fresh_tag())
                as_answered(running.target, bodies, CONNECTIONS, WARM_UP_S)
                alone = at_pace(running.target, bodies, CONNECTIONS, STEP_S, rate)
                _beside_import(running, folder, bodies, rate, alone)


def _with_other_ids(folder: Path) -> None:
    """Give the facts of a made world ids that no other made world has."""
    for file in folder.glob("*.parquet"):
        facts = pd.read_parquet(file)
        for name in IDS & set(facts.columns):
            facts[name] = "more-" + facts[name]
        facts.to_parquet(file)


def _beside_import(
    running: Running, folder: Path, bodies: Iterator[bytes], rate: float, alone: Load
) -> None:
    before, begun, beside = decisions_in(running.url), time.monotonic(), Load()
    with _importing(running.url, folder) as process:
        while process.poll() is None:
            step = at_pace(running.target, bodies, CONNECTIONS, STEP_S, rate)
            beside.took += step.took
            beside.failed += step.failed
        took, (told, _) = time.monotonic() - begun, process.communicate()
    stored = decisions_in(running.url) - before
    counts = "; ".join(line for line in told.splitlines() if " new" in line) or told[-600:]
    console.print(f"[bold]{running.name}[/] import ended with {process.returncode} in {took:.0f} s")
    console.print(f"  {counts}")
    console.print(
        f"  {len(beside.took):,} answers, {beside.failed} refused, {stored:,} decisions stored; "
        f"median {_times(beside, alone, 0.5)} and 99th percentile {_times(beside, alone, 0.99)} "
        f"of those alone ({alone.failed} of {len(alone.took)} refused); longest "
        f"{max(beside.took):.1f} s"
    )


def _times(beside: Load, alone: Load, share: float) -> str:
    return f"{beside.quantile(share) / alone.quantile(share):.1f} times"


@contextmanager
def _importing(url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """`refund-risk import` of a folder into a store."""
    environ = {**os.environ, "REFUND_RISK_DATABASE_URL": url, "REFUND_RISK_SECRET": SECRET}
    command = python("-m", "training", "import", str(folder))
    with subprocess.Popen(
        command, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        yield process


if __name__ == "__main__":
    typer.run(main)
