"""What one decision writes and answers: `python -m tests.bench.written`.

Decides new requests of known customers over a made marketplace, one after the other, and prints the
bytes of the log, of the store and of the answer that each takes. `docs/scaling.md` counts
with them.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean
from typing import Annotated

import orjson
import typer

from risk.decisions.decide import Decider
from risk.history.store import History
from risk.policy import Policies
from tests.bench.under_load import world
from tests.bench.under_load.processes import cluster
from tests.bench.under_load.services import SECRET, Place

Sizes = Callable[[History], tuple[int, int]]
"""Reads the bytes that were ever written to the log, and those of the store."""


def _sqlite(file: Path) -> Sizes:
    def sizes(history: History) -> tuple[int, int]:
        with history.read() as connection:
            pages, size = (
                int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
                for name in ("page_count", "page_size")
            )
        return file.with_name(f"{file.name}-wal").stat().st_size, pages * size

    return sizes


def _postgresql(history: History) -> tuple[int, int]:
    query = "SELECT pg_current_wal_lsn() - '0/0', pg_database_size(current_database())"
    with history.read() as connection:
        log, store = connection.exec_driver_sql(query).one()
    return int(log), int(store)


@contextmanager
def _store(place: Place, kind: str) -> Iterator[tuple[str, Sizes]]:
    if kind == "sqlite":
        yield place.sqlite, _sqlite(place.folder / "store.db")
        return
    with cluster(place.folder / "postgresql") as (url, _):
        yield url, _postgresql


def _written(history: History, sizes: Sizes, bodies: Iterator[bytes], number: int) -> list[float]:
    decider = Decider(history, Policies.load(None))
    decider.refresh()
    decider.score(orjson.loads(next(bodies)))
    with history.engine.connect() as connection:
        if history.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    log, store = sizes(history)
    answers = [decider.score(orjson.loads(next(bodies))).json for _ in range(number)]
    after = sizes(history)
    return [(after[0] - log) / number, (after[1] - store) / number, mean(map(len, answers))]


def main(
    store: Annotated[str, typer.Option(help="sqlite or postgresql.")] = "sqlite",
    facts: Annotated[int, typer.Option(help="Facts in the store.")] = 50_000,
    number: Annotated[int, typer.Option(help="Decisions; SQLite's log must hold them.")] = 200,
    folder: Annotated[Path | None, typer.Option(help="Keep the world here.")] = None,
) -> None:
    """Print bytes a decision: of the log, of the store, of the answer."""
    with tempfile.TemporaryDirectory(prefix="written") as made:
        place = Place(folder or Path(made), facts, facts // 10)
        place.folder.mkdir(parents=True, exist_ok=True)
        with _store(place, store) as (url, sizes):
            bundle, version = place.bundle()
            place.fill(url, f"{store}.filled")
            history = History.open(url, SECRET)
            world.put_in_service(history, bundle, version)
            bodies = world.Requests.of(place.world).bodies(world.fresh_tag())
            log, kept, answer = _written(history, sizes, bodies, number)
            history.close()
    sys.stdout.write(f"{store}: log {log:,.0f}, store {kept:,.0f}, answer {answer:,.0f} bytes\n")


if __name__ == "__main__":
    typer.run(main)
