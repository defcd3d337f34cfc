"""What a process alone on PostgreSQL saves by writing alone: `python -m tests.bench.alone`.

One process decides new requests of known customers in process, without HTTP: each pair of decisions
once beside others, of whom there are none, and once as who meets nobody does (`history.beside`).
"""

from __future__ import annotations

import gc
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Annotated

import orjson
import typer

from risk.decisions.decide import Decider
from risk.history.commits.beside import QUIET
from risk.history.store import History
from risk.policy import Policies
from tests.bench.under_load import world
from tests.bench.under_load.processes import cluster, processor_ms
from tests.bench.under_load.services import SECRET, Place

WARM_UP = 30
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"


def main(
    facts: Annotated[int, typer.Option(help="Facts in the store.")] = 50_000,
    pairs: Annotated[int, typer.Option(help="Pairs of decisions.")] = 300,
    folder: Annotated[Path | None, typer.Option(help="Keep the world here.")] = None,
) -> None:
    """Print medians of processor time, of process and database, and of the ratio of each pair."""
    with tempfile.TemporaryDirectory(prefix="alone") as made:
        place = Place(folder or Path(made), facts, facts // 10)
        place.folder.mkdir(parents=True, exist_ok=True)
        with cluster(place.folder / "postgresql") as (url, _):
            place.fill(url, "postgresql.filled")
            history = History.open(url, SECRET)
            world.put_in_service(history, *place.bundle())
            took = _decided(place, history, pairs)
            history.close()
    for name, found in took.items():
        typer.echo(f"{name}: {median(found):.2f} ms of processor")
    ratios = [a / b for a, b in zip(took["alone"], took["beside"], strict=True)]
    typer.echo(f"alone takes {median(ratios):.3f} of beside, by {pairs} pairs")


def _decided(place: Place, history: History, pairs: int) -> dict[str, list[float]]:
    """What each decision took (ms of processor) of either kind."""
    decider = Decider(history, Policies.load(None))
    decider.refresh()
    bodies = world.Requests.of(place.world).bodies(world.fresh_tag())
    took: dict[str, list[float]] = {"alone": [], "beside": []}
    backends: list[int] = []
    for number in range(WARM_UP + pairs):
        if number == WARM_UP:
            with history.engine.connect() as connection:
                backends = list(connection.exec_driver_sql(BACKENDS).scalars())
            gc.collect()
            gc.freeze()
        for kind in sorted(took, reverse=bool(number % 2)):
            body = orjson.loads(next(bodies))
            history._group_commit._company.quiet = QUIET if kind == "alone" else 0
            before, began = sum(map(processor_ms, backends)), time.process_time()
            decider.score(body)
            own = 1000 * (time.process_time() - began)
            if number >= WARM_UP:
                took[kind].append(own + sum(map(processor_ms, backends)) - before)
    return took


if __name__ == "__main__":
    typer.run(main)
