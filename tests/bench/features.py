"""The feature engine measured: `python -m tests.bench.features`; every ratio is within one run.

Backfill of the whole catalogue over made worlds of 10⁵ and 10⁶ facts (10⁷ by `--largest`), how its
time grows and how much memory it takes; the same windowed features of the same rows by pandas; one
case against the facts its entities have; bytes a fact; a correction against its customer's orders.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from tests.bench.engine.correcting import corrections
from tests.bench.engine.crowd import latency
from tests.bench.engine.filling import Filled, filled
from tests.bench.engine.made import make
from tests.bench.engine.rolling import rolled

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
MOST_EXPONENT, LEAST_OVER_PANDAS, MOST_OVER_USUAL = 1.1, 50.0, 3.0
console = Console(width=110)


def main(
    largest: Annotated[int, typer.Option(help="The most facts to fill back.")] = 1_000_000,
    memory: Annotated[int, typer.Option(help="MB of memory; DuckDB may hold half of it.")] = 4_096,
    threads: Annotated[int, typer.Option(help="Threads of DuckDB.")] = 2,
    repeat: Annotated[int, typer.Option(help="Backfills a size; the fastest counts.")] = 2,
    folder: Annotated[Path | None, typer.Option(help="Keep the worlds here, for again.")] = None,
    quick: Annotated[bool, typer.Option(help="10⁴ and 10⁵ facts.")] = False,
) -> None:
    """Print what was measured, and whether each goal is reached."""
    largest = 100_000 if quick else largest
    sizes = [size for size in SIZES if size <= largest]
    sizes = sizes if quick else sizes[1:] or sizes
    with tempfile.TemporaryDirectory(prefix="features") as made:
        worlds = folder or Path(made)
        fill([worlds / str(size) for size in sizes], sizes, memory, threads, repeat)
        compare(worlds / str(min(sizes[-1], 1_000_000)))
        crowds(worlds / str(sizes[0]), Path(made))
        correct(Path(made))


def fill(
    folders: Sequence[Path], sizes: Sequence[int], memory: int, threads: int, repeat: int
) -> None:
    """The backfill at every size, and how processor time grows from each to the next."""
    table = Table("facts", "requests", "s", "processor s", "µs a fact", "most memory", "exponent",
                  title=f"backfill, memory {memory:,} MB, {threads} threads")  # fmt: skip
    points: list[tuple[int, float]] = []
    most = 0.0
    for size, folder in zip(sizes, folders, strict=True):
        facts = make(folder, size)
        best = min((filled(folder, memory, threads) for _ in range(repeat)), key=_processor)
        points.append((facts, best.processor))
        slope, most = exponent(points[-2:]), max(most, best.peak_mb)
        table.add_row(
            f"{facts:,}", f"{best.rows:,}", f"{best.seconds:.1f}", f"{best.processor:.1f}",
            f"{1e6 * best.processor / facts:.0f}",
            f"{best.peak_mb:,.0f} MB, answer {best.answer_mb:,.0f}",
            "" if np.isnan(slope) else f"{slope:.2f}",
        )  # fmt: skip
    console.print(table)
    _goal("exponent from the smallest to the largest", exponent(points), most=MOST_EXPONENT)
    _goal("MB of memory held at once", most, most=memory)


def _processor(run: Filled) -> float:
    return run.processor


def exponent(points: Sequence[tuple[int, float]]) -> float:
    """The slope of log seconds over log facts, by least squares; NaN for a single point."""
    if len(points) < 2:
        return float("nan")
    facts, seconds = np.log(np.array(points)).T
    return float(np.polyfit(facts, seconds, 1)[0])


def compare(folder: Path) -> None:
    """The windows of the customers by pandas and by the engine."""
    found = rolled(folder)
    given = found.by_engine - found.by_spine
    console.print(
        f"{found.features} windowed features of {found.rows:,} requests, processor-seconds: "
        f"pandas groupby().rolling() {found.by_pandas:.2f}, engine {given:.2f}, and "
        f"{found.by_spine:.2f} to join each request with its order, which pandas is given: with it "
        f"{found.by_pandas / found.by_engine:.0f} times as fast; "
        f"{found.unequal:.2%} of the values differ (bounds and ties)"
    )
    times = found.by_pandas / given
    _goal("times as fast as pandas, both on joined rows", times, least=LEAST_OVER_PANDAS)


def crowds(world: Path, place: Path) -> None:
    """One case of the live store, usual and crowded."""
    (place / "facts").symlink_to((world / "facts").resolve())
    told = latency(place)
    console.print(f"{told.bytes_a_fact:,.0f} bytes a fact stored, indexes and joined rows included")
    console.print(f"one case of the made world: {told.usual_ms:.2f} ms of the processor")
    for facts, took in told.crowded_ms.items():
        console.print(
            f"entities with {facts:>7,} facts: {took:.2f} ms, {took / told.usual_ms:.2f}×"
        )
    worst = max(told.crowded_ms.values()) / told.usual_ms
    _goal("a crowded case against the usual one", worst, most=MOST_OVER_USUAL)


def correct(place: Path) -> None:
    """One correction, where its customer ordered little and where they ordered much."""
    few, many = (took := corrections(place)).values()
    for orders, spent in took.items():
        console.print(f"correcting one of {orders:>6,} orders: {spent:.2f} ms of the processor")
    _goal("a correction for many orders against few", many / few, most=MOST_OVER_USUAL)


def _goal(what: str, value: float, least: float = -np.inf, most: float = np.inf) -> None:
    if np.isnan(value):
        return
    wanted = f"at least {least:g}" if np.isfinite(least) else f"at most {most:g}"
    told = "reached" if least <= value <= most else "MISSED "
    console.print(f"{told}  {what}: {value:.2f}, wanted {wanted}")


if __name__ == "__main__":
    typer.run(main)
