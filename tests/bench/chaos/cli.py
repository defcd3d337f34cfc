"""The command: every scenario, one line each, exit status 1 where something was wrong."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from tests.bench.chaos import disk, ends, peers, store_file, surroundings
from tests.bench.chaos.commands import commands
from tests.bench.chaos.crowds import crowds
from tests.bench.chaos.folders import folders
from tests.bench.chaos.memory import memory
from tests.bench.chaos.policies import policies
from tests.bench.chaos.postgres import Cluster, cluster
from tests.bench.chaos.scenario import Place, Scenario, Told, run
from tests.bench.chaos.world import World, build

ON_SQLITE: dict[str, Scenario] = {
    "kills": ends.kills,
    "commands": commands,
    "orphans": ends.orphans,
    "held": ends.held,
    "disk": disk.full,
    "clock": surroundings.clock,
    "clock ahead": surroundings.clock_ahead,
    "ledger": surroundings.ledger,
    "corrupt": surroundings.corrupt,
    "torn log": store_file.torn,
    "moved": store_file.moved,
    "memory": memory,
    "folders": folders,
    "policies": policies,
    "receivers": peers.receivers,
    "dawdlers": peers.dawdlers,
    "crowds": crowds,
}


def main(
    kills: Annotated[int, typer.Option(help="How many kills on each store.")] = 100,
    refunds: Annotated[int, typer.Option(help="Requests in the world they happen in.")] = 1_500,
    only: Annotated[
        list[str] | None, typer.Option(help="Only this: a scenario or a store; repeat it.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the random moments.")] = 1,
    quick: Annotated[bool, typer.Option(help="Ten kills on each store.")] = False,
    keep: Annotated[Path | None, typer.Option(help="Work here, and leave what is made.")] = None,
) -> None:
    """Break the service on purpose and hold it to what it answered."""
    kills = min(kills, 10) if quick else kills
    typer.echo(f"settings: {kills} kills, {refunds:,} requests in store, 2 workers, 6 clients")
    with tempfile.TemporaryDirectory(prefix="chaos") as scratch, cluster() as postgresql:
        folder = keep or Path(scratch)
        typer.echo("making a small world (simulate, import, train, promote) …")
        world = build(folder / "world", refunds)
        wrong = 0
        for name, url, scenario in _chosen(world, postgresql, set(only or ())):
            place = _place(world, folder / name.replace(" ", "-"), url, kills, seed)
            wrong += _show(name, run(scenario, place))
    raise typer.Exit(1 if wrong else 0)


def _chosen(
    world: World, postgresql: Cluster | None, only: set[str]
) -> Iterator[tuple[str, str, Scenario]]:
    """Name, database and scenario; without a URL a copy of the world's store is made."""
    for name, scenario in _wanted(ON_SQLITE, "sqlite", only):
        yield name, "", scenario
    if postgresql is None:
        typer.echo("PostgreSQL is not installed: its scenarios are left out")
        return
    shared = {"kills": ends.kills, "commands": commands, "stops": ends.stops(postgresql)}
    chosen = _wanted(shared, "postgresql", only)
    url = world.on(postgresql.url) if chosen else ""
    yield from ((name, url, scenario) for name, scenario in chosen)
    for name, scenario in _wanted({"disk": disk.full_postgresql}, "postgresql", only):
        yield name, "", scenario


def _wanted(
    scenarios: Mapping[str, Scenario], store: str, only: set[str]
) -> list[tuple[str, Scenario]]:
    """Those that are named, on a store that is named; naming none names all."""
    stores, names = only & {"sqlite", "postgresql"}, only - {"sqlite", "postgresql"}
    if stores and store not in stores:
        return []
    return [(f"{n} {store}", s) for n, s in scenarios.items() if not names or n in names]


def _place(world: World, folder: Path, url: str, kills: int, seed: int) -> Place:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Place(world, folder, url or world.on_sqlite(folder), kills, random.Random(seed))


def _show(name: str, told: Told) -> bool:
    typer.echo(f"\n{name:20} {told.verdict}   ({told.seconds:.0f} s)")
    for line in (told.done, told.answers):
        if line:
            typer.echo(f"    {line}")
    for line in told.wrong[:10]:
        typer.echo(f"    ! {line[:300]}")
    if len(told.wrong) > 10:
        typer.echo(f"    ! … and {len(told.wrong) - 10} more")
    return bool(told.wrong)
