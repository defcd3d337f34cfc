"""The command: every store, with a key and without; exit status 1 for anything wrong."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from risk.history.schema import FACTS
from risk.history.store import History
from tests.bench.chaos.postgres import cluster
from tests.bench.chaos.processes import serving
from tests.bench.chaos.world import SECRET, World, build, token
from tests.bench.fuzzing.large import hammer, mutate
from tests.bench.fuzzing.run import Fuzzed, fuzz, hold_to_log


@dataclass(frozen=True, slots=True)
class Amount:
    """Calls of each sort for each call of the document in one run."""

    examples: int
    mutants: int
    large: int


REFUNDS = 300
"""Requests in the store it happens to."""

MET = 40
"""Stored requests, and stored orders, that random calls speak of."""


def main(
    seeds: Annotated[int, typer.Option(help="How many runs with a key on each store.")] = 3,
    examples: Annotated[int, typer.Option(help="Random cases of each call in one run.")] = 400,
    mutants: Annotated[
        int, typer.Option(help="Calls changed in a few places, of each call in one run.")
    ] = 400,
    large: Annotated[
        int, typer.Option(help="Bodies of each large shape for each call in one run.")
    ] = 3,
    only: Annotated[str, typer.Option(help="Only sqlite, or only postgresql.")] = "",
    seed: Annotated[int, typer.Option(help="The first seed.")] = 1,
    keep: Annotated[Path | None, typer.Option(help="Work here, and leave what is made.")] = None,
) -> None:
    """Call the whole API at random and hold every answer against its page."""
    typer.echo(
        f"settings: {seeds} seeds from {seed}, {examples} random cases a call, {mutants} changed"
    )
    typer.echo(f"and {large} bodies of each large shape")
    with tempfile.TemporaryDirectory(prefix="fuzz") as scratch:
        folder = keep or Path(scratch)
        typer.echo("making a small world (simulate, import, train, promote) …")
        world = build(folder / "world", REFUNDS)
        amount, cases, wrong = Amount(examples, mutants, large), 0, 0
        for name, url in _stores(world, folder, only):
            for done in _runs(name, world, folder, url, range(seed, seed + seeds), amount):
                cases, wrong = cases + done.cases, wrong + len(done.wrong)
    typer.echo(f"\n{cases:,} cases, {wrong} things wrong")
    raise typer.Exit(1 if wrong else 0)


def _stores(world: World, folder: Path, only: str) -> Iterator[tuple[str, str]]:
    if only in ("", "sqlite"):
        yield "sqlite", world.on_sqlite(folder)
    if only in ("", "postgresql"):
        with cluster() as postgresql:
            if postgresql is None:
                typer.echo("PostgreSQL is not installed: left out")
                return
            yield "postgresql", world.on(postgresql.url)


def _runs(
    name: str, world: World, folder: Path, url: str, seeds: range, amount: Amount
) -> Iterator[Fuzzed]:
    """With a key once a seed, then without."""
    known = _known(url)
    with serving(world.settings(url), folder, workers=1) as service:
        at = service.url
        for number, key in [*((one, token(url)) for one in seeds), (seeds.start, "")]:
            who = f"{'a' if key else 'no'} key, seed {number}"
            less = 1 if key else 10
            runs: dict[str, Callable[[], Fuzzed]] = {
                "by the document": partial(fuzz, folder, at, key, known, amount.examples, number),
                "changed in places": partial(
                    hold_to_log, folder,
                    partial(mutate, at, key, known, amount.mutants // less, number), key,
                ),
                "large": partial(
                    hold_to_log, folder,
                    partial(hammer, at, key, known, -(-amount.large // less), number), key,
                ),
            }  # fmt: skip
            for what, run in runs.items():
                done = run()
                _show(f"{name}, {who}, {what}", done)
                yield done


def _known(url: str) -> dict[str, list[str]]:
    """Ids that are stored."""
    with _opened(url) as history, history.read() as connection:
        return {
            kind: list(
                connection.execute(sa.select(FACTS[kind].c[name]).distinct().limit(MET)).scalars()
            )
            for kind, name in (("refunds", "refund_id"), ("orders", "order_id"))
        }


@contextmanager
def _opened(url: str) -> Iterator[History]:
    history = History.open(url, SECRET)
    try:
        yield history
    finally:
        history.close()


def _show(name: str, done: Fuzzed) -> None:
    typer.echo(f"\n{name:30} {done.cases:,} cases: {done.told()}")
    for line in itertools.islice(done.wrong, 20):
        typer.echo(f"    ! {line[:300]}")
