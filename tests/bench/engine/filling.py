"""A backfill of the whole catalogue, in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread

from risk.features.backfill import backfill, offline
from risk.features.catalog import catalogue
from tests.bench.engine.made import tables

REQUESTS = """SELECT CAST(ROW_NUMBER() OVER (ORDER BY requested_at, refund_id) - 1 AS BIGINT)
  AS row_id, refund_id, requested_at AS as_of, 'request' AS stage FROM refunds ORDER BY row_id"""


@dataclass(frozen=True)
class Filled:
    """Every feature of every request, from the facts on.

    Seconds by the clock and of the processor, how many rows, the most memory held in MB, and how
    much the answer takes, which lies in a file where it is large.
    """

    seconds: float
    processor: float
    rows: int
    peak_mb: float
    answer_mb: float


def filled(folder: Path, memory: int, threads: int) -> Filled:
    """The whole catalogue over the world in the folder."""
    with get_context("spawn").Pool(1) as alone:
        return alone.apply(_filled, (folder, memory, threads))


def _filled(folder: Path, memory: int, threads: int) -> Filled:
    start, worked = time.perf_counter(), time.process_time()
    with _peak() as peak, offline(tables(folder), memory=memory, threads=threads) as db:
        asked = db.sql(REQUESTS).to_arrow_table()
        made = backfill(db, asked, catalogue())
    seconds, processor = time.perf_counter() - start, time.process_time() - worked
    return Filled(seconds, processor, asked.num_rows, peak[0], made.matrix.nbytes / 2**20)


@contextmanager
def _peak() -> Iterator[list[float]]:
    """The most memory in MB that this process holds meanwhile, without pages of files, which the
    system takes back where memory is short."""
    most, done = [0.0], Event()

    def watch() -> None:
        while not done.wait(0.02):
            lines = Path("/proc/self/status").read_text().splitlines()
            held = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))
            most[0] = max(most[0], held / 1_024)

    watching = Thread(target=watch)
    watching.start()
    try:
        yield most
    finally:
        done.set()
        watching.join()
