"""One and two processes that decide over one PostgreSQL store: `python -m tests.bench.beside`.

Each decides new requests of known customers in process, without HTTP, for a few seconds by turns:
one, then both at once. Counted are answers a processor-second of processes and database, and how
long a decision waits for locks: how many connections wait at a time, by the answers in that time.
With the folder of another checkout its processes take turns with these over the same store.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Annotated

import orjson
import sqlalchemy as sa
import typer

from risk.history.store import History
from tests.bench.under_load import deciding_for, world
from tests.bench.under_load.processes import cluster, processor_seconds
from tests.bench.under_load.services import SECRET, Place

ROOT = Path(__file__).resolve().parents[2]
LOOK_S = 0.01
WAITING = """SELECT COUNT(*) FROM pg_stat_activity
  WHERE wait_event_type = 'Lock' AND datname = current_database()"""


@dataclass
class Turns:
    """What the processes of a checkout did, so many at once."""

    name: str
    answers: int = 0
    wall_s: float = 0.0
    service_s: float = 0.0
    database_s: float = 0.0
    waiting: list[int] = field(default_factory=list)
    took: list[int] = field(default_factory=list)

    @property
    def a_processor_second(self) -> float:
        return self.answers / (self.service_s + self.database_s)

    @property
    def waited_share(self) -> float:
        """The part of the time of a decision that it waited for locks."""
        waited_s = sum(self.waiting) / max(len(self.waiting), 1) * self.wall_s
        return waited_s * 1e9 / max(sum(self.took), 1)


def started_process(checkout: Path, place: Place, url: str) -> subprocess.Popen[str]:
    """A process of a checkout that decides over a store when it is told to."""
    command = [
        sys.executable,
        "-P",
        deciding_for.__file__,
        str(place.folder),
        url,
        str(place.facts),
    ]
    return subprocess.Popen(
        command, cwd=checkout, env={**os.environ, "PYTHONPATH": str(checkout)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def _looking(url: str, seen: list[int]) -> Iterator[None]:
    """Count now and then, at random moments, how many connections wait for a lock."""
    engine, over, chance = sa.create_engine(url), threading.Event(), random.Random(3)

    def look() -> None:
        with engine.connect() as connection:
            while not over.wait(chance.uniform(0, 2 * LOOK_S)):
                seen.append(int(connection.exec_driver_sql(WAITING).scalar_one()))
                connection.rollback()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        engine.dispose()


def run_turn(
    turns: Turns, some: list[subprocess.Popen[str]], url: str, database: int, seconds: float
) -> None:
    """Let some processes decide at once, and add up what they did."""
    spent = processor_seconds([database])
    with _looking(url, turns.waiting):
        for one in some:
            assert one.stdin
            one.stdin.write(f"{seconds}\n")
            one.stdin.flush()
        told = [orjson.loads(one.stdout.readline()) for one in some if one.stdout]
    turns.database_s += processor_seconds([database]) - spent
    turns.wall_s += seconds
    for one in told:
        turns.answers += len(one["took"])
        turns.service_s += one["spent"] / 1e9
        turns.took += one["took"]


def main(
    other: Annotated[Path | None, typer.Argument(help="Another checkout's folder.")] = None,
    facts: Annotated[int, typer.Option(help="Facts in the store.")] = 50_000,
    seconds: Annotated[float, typer.Option(help="Length of a turn.")] = 3.0,
    rounds: Annotated[int, typer.Option(help="Turns of each.")] = 4,
    folder: Annotated[Path | None, typer.Option(help="Keep the world here.")] = None,
) -> None:
    """Print what one and two processes do, by turns."""
    with tempfile.TemporaryDirectory(prefix="beside") as made, ExitStack() as stack:
        place = Place(folder or Path(made), facts, facts // 10)
        place.folder.mkdir(parents=True, exist_ok=True)
        url, database = stack.enter_context(cluster(place.folder / "postgresql"))
        place.fill(url, "postgresql.filled")
        history = History.open(url, SECRET)
        world.put_in_service(history, *place.bundle())
        history.close()
        checkouts = {"here": ROOT, **({"other": other.resolve()} if other else {})}
        both = {
            name: [started_process(root, place, url) for _ in range(2)]
            for name, root in checkouts.items()
        }
        for processes in both.values():
            for one in processes:
                stack.callback(one.wait)
                stack.callback(one.kill)
        found = {(name, n): Turns(f"{name}, {n}") for name in both for n in (1, 2)}
        for name, number in found:  # the server has its house to set up at first
            run_turn(Turns("warm-up"), both[name][:number], url, database, seconds)
        for turn in range(rounds):
            order = deque(found.items())
            order.rotate(turn)
            for (name, number), turns in order:
                run_turn(turns, both[name][:number], url, database, seconds)
    load = os.getloadavg()[0]
    typer.echo(f"{facts:,} facts, {rounds} turns of {seconds:g} s each; load {load:.1f}")
    for (name, _), turns in found.items():
        share = turns.a_processor_second / found[name, 1].a_processor_second
        cost = 1000 * (turns.service_s + turns.database_s) / turns.answers
        typer.echo(
            f"{turns.name} at once: {turns.answers / turns.wall_s:6.1f} answers a second, "
            f"{turns.a_processor_second:6.1f} a processor-second ({cost:.2f} ms each, "
            f"{1000 * turns.database_s / turns.answers:.2f} the database's), "
            f"{share:.2f} of one's; median {median(turns.took) / 1e6:.1f} ms, "
            f"{turns.waited_share:.0%} of it waiting for locks"
        )


if __name__ == "__main__":
    typer.run(main)
