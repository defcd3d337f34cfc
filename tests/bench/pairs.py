"""What a decision takes here and in another checkout: `python -m tests.bench.pairs OTHER`.

Each decides the same requests in a process of its own, over its own copy of one made store (SQLite,
in process, without HTTP), a few by turns, so that whatever else the machine does falls on both.
Prints the processor time of both, and the median of the pairs' ratios.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Annotated

import orjson
import typer

from risk.history.store import History
from tests.bench.under_load import deciding, world
from tests.bench.under_load.services import SECRET, Place

ROOT = Path(__file__).resolve().parents[2]
TURN, WARM_UP = 4, 100


class Side:
    """A checkout that decides in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.took: list[int] = []

    def decide(self, number: int) -> list[int]:
        """What each of so many decisions took (ns). Raises SystemExit where the process ended."""
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise SystemExit("the process has no pipes")
        asked.write(f"{number}\n")
        asked.flush()
        line = answered.readline()
        if not line:
            raise SystemExit("a process ended: see what it said above")
        found: list[int] = orjson.loads(line)
        return found


@contextmanager
def side(checkout: Path, place: Place, name: str) -> Iterator[Side]:
    """The process of a checkout, over a copy of the store."""
    store = place.folder / f"{name}.db"
    for ending in ("", "-wal", "-shm"):
        store.with_name(store.name + ending).unlink(missing_ok=True)
    shutil.copy(place.folder / "store.db", store)
    command = [sys.executable, "-P", deciding.__file__, place.folder, store, str(place.facts)]
    process = subprocess.Popen(
        [str(word) for word in command], cwd=checkout, env={"PYTHONPATH": str(checkout)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield Side(process)
    finally:
        process.kill()
        process.wait()


def prepared(place: Place) -> None:
    """Fill the store and put a model in service, unless that was done before."""
    mark = place.folder / "pairs.served"
    if mark.exists():
        return
    place.folder.mkdir(parents=True, exist_ok=True)
    bundle, version = place.bundle()
    history = History.open(place.sqlite, SECRET)
    world.put_in_service(history, bundle, version)
    with history.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    history.close()
    mark.touch()


def main(
    other: Annotated[Path, typer.Argument(help="The other checkout's folder.")],
    facts: Annotated[int, typer.Option(help="Facts in the store.")] = 120_000,
    number: Annotated[int, typer.Option(help="Decisions of each.")] = 600,
    folder: Annotated[Path | None, typer.Option(help="Keep the world here.")] = None,
) -> None:
    """Print what a decision takes in both checkouts, and the ratio."""
    with tempfile.TemporaryDirectory(prefix="pairs") as made, ExitStack() as stack:
        place = Place(folder or Path(made), facts, facts // 10)
        prepared(place)
        sides = [
            stack.enter_context(side(root.resolve(), place, name))
            for name, root in (("here", ROOT), ("other", other))
        ]
        for one in sides:
            one.decide(WARM_UP)
        for turn in range(number // TURN):
            for one in sides if turn % 2 else sides[::-1]:
                one.took += one.decide(TURN)
        here, there = (one.took for one in sides)
    ratio = median(a / b for a, b in zip(here, there, strict=True))
    typer.echo(
        f"here {median(here) / 1e6:.2f} ms, other {median(there) / 1e6:.2f} ms a decision; "
        f"ratio {ratio:.3f}, the median of {len(here)} pairs"
    )


if __name__ == "__main__":
    typer.run(main)
