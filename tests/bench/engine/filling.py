"""A backfill of the whole catalogue, in a process of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from engine.made import tables
from risk.features.backfill import backfill, offline
from risk.features.catalog import catalogue

REQUESTS = """SELECT CAST(ROW_NUMBER() OVER (ORDER BY requested_at, refund_id) - 1 AS BIGINT)
  AS row_id, refund_id, requested_at AS as_of, 'request' AS stage FROM refunds ORDER BY row_id"""


@dataclass(frozen=True)
class Filled:
    """Every feature of every request, from the facts on.

    Seconds by the clock and of the processor, how many rows, the most memory held in MB, and how
    much of that the answer itself takes.
    """

    seconds: float
    processor: float
    rows: int
    peak_mb: float
    answer_mb: float


def filled(folder: Path, memory: str, threads: int) -> Filled:
    """The whole catalogue over the world in the folder."""
    with get_context("spawn").Pool(1) as alone:
        return alone.apply(_filled, (folder, memory, threads))


def _filled(folder: Path, memory: str, threads: int) -> Filled:
    start, worked = time.perf_counter(), time.process_time()
    with offline(tables(folder), memory=memory, threads=threads) as db:
        asked = db.sql(REQUESTS).to_arrow_table()
        made = backfill(db, asked, catalogue())
    seconds, processor = time.perf_counter() - start, time.process_time() - worked
    return Filled(seconds, processor, asked.num_rows, _peak_mb(), made.matrix.nbytes / 2**20)


def _peak_mb() -> float:
    """The most memory this process has held, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1_024
