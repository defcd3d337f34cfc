"""Decisions over a large PostgreSQL store beside a small one: `python -m tests.bench.at_size`.

The large store is the small one with many copies of its facts (`under_load.copies`), in the same
cluster. A process decides new requests of known customers over each, in process, without HTTP, a
few seconds by turns. Counted is processor time of process and database.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Annotated

import sqlalchemy as sa
import typer

from risk.facts import KINDS
from risk.history.store import History
from tests.bench.beside import ROOT, Turns, run_turn, started_process
from tests.bench.reading import full
from tests.bench.under_load import world
from tests.bench.under_load.copies import multiply
from tests.bench.under_load.processes import cluster
from tests.bench.under_load.services import SECRET, Place

SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}
"""As `docs/scaling.md` says, for both stores."""

LARGE = "large"


def main(
    facts: Annotated[int, typer.Option(help="Facts in the large store.")] = 20_000_000,
    base: Annotated[int, typer.Option(help="Facts in the small store.")] = 420_000,
    seconds: Annotated[float, typer.Option(help="Length of a turn.")] = 4.0,
    rounds: Annotated[int, typer.Option(help="Turns of each.")] = 8,
    folder: Annotated[Path | None, typer.Option(help="Keep the stores here.")] = None,
) -> None:
    """Print what a decision takes over each store."""
    with tempfile.TemporaryDirectory(prefix="size") as made, ExitStack() as stack:
        place = Place(folder or Path(made), base, 0)
        place.folder.mkdir(parents=True, exist_ok=True)
        with cluster(place.folder / "postgresql") as (url, _):
            for name, value in SETTINGS.items():
                _admin(url, f"ALTER SYSTEM SET {name} = '{value}'")
        url, database = stack.enter_context(cluster(place.folder / "postgresql"))
        place.fill(url, "postgresql.filled")
        history = History.open(url, SECRET)
        small = Place(place.folder / "small", full.LEARNED_FROM, 0)
        small.folder.mkdir(exist_ok=True)
        world.put_in_service(history, *small.bundle())
        history.close()
        urls = {"small": url, "large": _enlarged(place, url, facts)}
        found = {name: Turns(name) for name in urls}
        processes = {name: started_process(ROOT, place, at) for name, at in urls.items()}
        for one in processes.values():
            stack.callback(one.wait)
            stack.callback(one.kill)
        for number in range(rounds + 2):
            for name in sorted(urls, reverse=bool(number % 2)):
                turns = found[name] if number >= 2 else Turns("warm-up")
                run_turn(turns, [processes[name]], urls[name], database, seconds)
        _tell(urls, found)


def _enlarged(place: Place, url: str, facts: int) -> str:
    """The large store, made of the small one where it is not there yet."""
    at = sa.make_url(url).set(database=LARGE).render_as_string(hide_password=False)
    mark = place.folder / "large.filled"
    if not mark.exists():
        copies = max(facts // _stored(url) - 1, 1)
        _admin(url, f"DROP DATABASE IF EXISTS {LARGE}")
        _admin(url, f"CREATE DATABASE {LARGE} TEMPLATE postgres")
        with _connected(at) as connection:
            multiply(connection, copies)
        mark.touch()
    return at


def _stored(url: str) -> int:
    counts = " + ".join(f"(SELECT COUNT(*) FROM {kind})" for kind in KINDS)
    with _connected(url) as connection:
        return int(connection.exec_driver_sql(f"SELECT {counts}").scalar_one())


@contextmanager
def _connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _admin(url: str, statement: str) -> None:
    with _connected(url) as connection:
        connection.exec_driver_sql(statement)


def _tell(urls: dict[str, str], found: dict[str, Turns]) -> None:
    typer.echo(f"load {os.getloadavg()[0]:.1f}")
    cost = {
        name: 1000 * (turns.service_s + turns.database_s) / turns.answers
        for name, turns in found.items()
    }
    for name, turns in found.items():
        with _connected(urls[name]) as connection:
            size = connection.exec_driver_sql(
                "SELECT pg_size_pretty(pg_database_size(current_database()))"
            ).scalar_one()
        typer.echo(
            f"{name}: {_stored(urls[name]):,} facts in {size}; {turns.answers} decisions, "
            f"{cost[name]:.2f} ms of processor each "
            f"({1000 * turns.database_s / turns.answers:.2f} the database's), "
            f"median {median(turns.took) / 1e6:.1f} ms; {cost[name] / cost['small']:.2f} of small"
        )


if __name__ == "__main__":
    typer.run(main)
