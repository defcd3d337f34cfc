"""How fast requests are decided, beside `mlflow models serve` and an empty FastAPI endpoint.

Every answer of the service rests on a look-up of the whole history, features, model, exact reasons
and a durable decision. What counts is answers per processor-second of service and database; the
load generator's own time is left out. First come new cases alone, as the peers are asked, then the
same with each decision pushed to a receiver, then the calls of an ordinary day
(`under_load.mixed`), pushed too. Run with `--quick` for a reading within minutes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console

from risk.history.store import History
from tests.bench.chaos.listening import Receiver, listening, subscribe, unsubscribe
from tests.bench.under_load import mixed, table, world
from tests.bench.under_load.load import Load, Sent, Target, as_answered, at_pace
from tests.bench.under_load.processes import processor_seconds
from tests.bench.under_load.services import (
    SECRET,
    Place,
    Running,
    decisions_in,
    empty_endpoint,
    mlflow_server,
    product,
)
from tests.bench.under_load.table import Measured

CONNECTIONS = (1, 8, 64)
WARM_UP_S = 3.0
HUB_PAIRS = 60
console = Console(width=130)


def main(
    facts: Annotated[int, typer.Option(help="Facts in the store.")] = 1_000_000,
    seconds: Annotated[float, typer.Option(help="Length of one load.")] = 15.0,
    rounds: Annotated[int, typer.Option(help="How often all loads are repeated.")] = 3,
    workers: Annotated[int, typer.Option(help="Processes of the service.")] = 1,
    stores: Annotated[str, typer.Option(help="sqlite, postgresql, or both.")] = "sqlite,postgresql",
    folder: Annotated[
        Path | None, typer.Option(help="Keep the world here, and use it again.")
    ] = None,
    quick: Annotated[bool, typer.Option(help="50,000 facts, short loads, one round.")] = False,
) -> None:
    """Measure and print."""
    if quick:
        facts, seconds, rounds = 50_000, 4.0, 1
    with tempfile.TemporaryDirectory(prefix="serve") as made:
        place = Place(folder or Path(made), facts, facts // 10)
        place.folder.mkdir(parents=True, exist_ok=True)
        console.print(
            f"{facts:,} facts, {place.hub:,} more at one address; {seconds:g} s a load, "
            f"{rounds} round(s), {workers} worker(s)"
        )
        requests = world.Requests.of(place.world)
        found: list[Measured] = []
        for store in stores.split(","):
            found += _product(place, store, requests, seconds, rounds, workers)
        answer = table.of(found, f"refund-risk, {store}", CONNECTIONS[-1])[-1].load.last
        found += _peers(place, requests, answer, seconds, rounds)
    table.show(found, console)
    _goals(found)


def _product(
    place: Place, store: str, requests: world.Requests, seconds: float, rounds: int, workers: int
) -> list[Measured]:
    """The service at every number of connections, at half load, and at a hub."""
    with product(place, store, workers) as running:
        bodies = requests.bodies(world.fresh_tag())
        before = decisions_in(running.url)
        warmed = as_answered(running.target, bodies, 8, WARM_UP_S)
        found = _rounds(running, bodies, seconds, rounds)
        half = median(m.load.a_second for m in table.of(found, running.name, 8)) / 2
        paced = at_pace(running.target, bodies, 64, seconds, half)
        hub = _hub(running.target, requests)
        answered = [warmed, paced, *hub, *(m.load for m in found)]
        stored = decisions_in(running.url) - before
        found += _pushed(running, "with a receiver", bodies, seconds, rounds)
        day = mixed.Day(requests, world.fresh_tag()).calls()
        found += _pushed(running, "a day's calls", day, seconds, rounds)
    _tell(running.name, half, paced, hub)
    console.print(f"  {sum(len(a.took) for a in answered):,} answers, {stored:,} decisions stored")
    return found


def _pushed(
    running: Running, what: str, calls: Iterator[Sent], seconds: float, rounds: int
) -> list[Measured]:
    """The same or other calls with each decision pushed to a receiver."""
    with listening(Receiver()) as receiver:
        subscribe(f"http://127.0.0.1:{running.target.port}", running.target.token, receiver)
        as_answered(running.target, calls, 8, WARM_UP_S)
        found = _rounds(replace(running, name=f"{running.name}, {what}"), calls, seconds, rounds)
        unsubscribe(running.url)
    return found


def _rounds(
    running: Running, bodies: Iterator[Sent], seconds: float, rounds: int
) -> list[Measured]:
    found = []
    for _ in range(rounds):
        for connections in CONNECTIONS:
            before = processor_seconds(list(running.roots))
            load = as_answered(running.target, bodies, connections, seconds)
            spent = processor_seconds(list(running.roots)) - before
            found.append(Measured(running.name, connections, load, spent))
    return found


def _hub(target: Target, requests: world.Requests) -> list[Load]:
    """Requests as usual and with the busy address, taking turns on one connection."""
    tag = world.fresh_tag()
    usual, busy = requests.bodies(f"{tag}u"), requests.bodies(f"{tag}b", at_hub=True)
    loads = [Load(), Load()]
    for _ in range(HUB_PAIRS):
        for load, bodies in zip(loads, (usual, busy), strict=True):
            load.took += as_answered(target, bodies, 1, 0.001).took
    return loads


def _tell(name: str, half: float, paced: Load, hub: list[Load]) -> None:
    usual, busy = (load.quantile(0.5) for load in hub)
    console.print(f"[bold]{name}")
    spread = paced.quantile(0.99) / paced.quantile(0.5)
    text = f"p99 / median at half load ({half:,.0f} requests a second)"
    console.print("  " + table.limit(text, spread, 5.0))
    console.print("  " + table.limit("median at the busy address / median", busy / usual, 3.0))


def _peers(
    place: Place, requests: world.Requests, answer: bytes, seconds: float, rounds: int
) -> list[Measured]:
    """Both peers under the same loads, with the same questions as far as they understand them."""
    history = History.open(place.sqlite, SECRET)
    features = list(place.bundle()[0].features)
    rows = world.vectors(history, features, 500)
    history.close()
    with empty_endpoint(place, answer) as running:
        bodies = requests.bodies("empty")
        as_answered(running.target, bodies, 8, WARM_UP_S)
        found = _rounds(running, bodies, seconds, rounds)
    with mlflow_server(place) as running:
        as_answered(running.target, cycle(rows), 8, WARM_UP_S)
        return found + _rounds(running, cycle(rows), seconds, rounds)


def _goals(found: list[Measured]) -> None:
    for name in dict.fromkeys(m.service for m in found if m.service.startswith("refund-risk")):
        console.print(f"[bold]{name}, answers a CPU-second in times of a peer's")
        for connections in CONNECTIONS:
            own = table.middle(table.of(found, name, connections))
            for peer, least in (("mlflow models serve", 20.0), ("empty FastAPI endpoint", 0.25)):
                other = table.middle(table.of(found, peer, connections))
                console.print(
                    "  " + table.goal(f"{connections:2} connections, {peer}", own / other, least)
                )


if __name__ == "__main__":
    typer.run(main)
