"""How well copies of pictures are found: `python -m tests.bench.pictures`, by what was drawn.

A store holds the fingerprints of very many pictures: a few thousand drawn ones, the others put
together of their patches. Uploaded are other people's pictures of the same things (one article, one
batch with a defect, labels, boxes, invoices, screenshots of one app, plain grounds): what is near
to anything is a false meeting. And copies of stored pictures, changed as people change them: is the
original found? Measured against the hash of the file, and against the average and the difference
hash of `imagehash`, each at the widest distance that keeps the same rate of false meetings; these
are compared with the drawn pictures alone, which favours them. All of it takes half an hour of one
core.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from scipy.stats import binomtest

from risk.evidence.isolated_reader import IsolatedReader
from tests.bench.near_copies.copied import COPIES, SENT_AGAIN
from tests.bench.near_copies.filled_store import fill, open_store
from tests.bench.near_copies.hard_pictures import KINDS, picture
from tests.bench.near_copies.tried import (
    HASHES,
    Drawn,
    Shot,
    Tried,
    draw_one,
    try_copy,
    try_strange,
)
from training.simulate.drawn_pictures import as_jpeg

MOST_FALSE = 0.001
SHOTS = 5
COPIED = ("the same article", "a defective batch", "boxes", "anything")
"""Photographs: of labels, pages and screens only what is not lettering is compared."""

console = Console(width=120)


def main(
    stored: Annotated[int, typer.Option(help="How many fingerprints are stored.")] = 1_000_000,
    drawn: Annotated[int, typer.Option(help="How many of them were drawn.")] = 2_400,
    uploads: Annotated[int, typer.Option(help="Uploads that copy nothing.")] = 10_000,
    skip: Annotated[int, typer.Option(help="Uploads left out before them, for a new sample.")] = 0,
    originals: Annotated[int, typer.Option(help="Pictures that are copied in every way.")] = 120,
    processes: Annotated[int, typer.Option(help="How many work side by side; 0: all.")] = 0,
) -> None:
    """Print what was found, how often falsely, and what a file costs."""
    shots = _shots(max(drawn // (SHOTS * len(KINDS)), 1))
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(processes or os.cpu_count()) as pool,
    ):
        known = list(pool.map(draw_one, shots, chunksize=20))
        file, began = Path(folder) / "store.db", time.perf_counter()
        open_store(file).close()
        fill(file, [(one.kind, one.patches) for one in known], stored)
        size = file.stat().st_size / stored
        console.print(f"{stored:,} fingerprints stored in {time.perf_counter() - began:.0f} s, "
                      f"{size:,.0f} bytes each with the index; {len(known):,} drawn")  # fmt: skip
        strange = _strange(skip + uploads, shots)[skip:]
        tried = list(pool.map(partial(try_strange, file), strange, chunksize=20))
        widest = {name: _widest(name, tried, known) for name in HASHES}
        for name in HASHES:
            equal = np.mean([_apart(one.hashes, known, name).min() == 0 for one in tried])
            console.print(f"{name}: equal ones alone meet falsely in {equal:.1%} of uploads")
        _print_false([kind for kind, *_ in strange], tried)
        if originals:
            _print_found(pool, file, shots, known, widest, originals)
        _print_costs(tried)


def _shots(things: int) -> list[Shot]:
    return list(product(KINDS, range(things), range(SHOTS)))


def _strange(number: int, shots: Sequence[Shot]) -> list[Shot]:
    """Shots of the stored things that nobody has seen."""
    things = [(kind, thing) for kind, thing, shot in shots if shot == 0]
    return [(*things[n % len(things)], SHOTS + n // len(things)) for n in range(number)]


def _apart(one: dict[str, int], known: Sequence[Drawn], name: str) -> np.ndarray:
    hashes = np.array([other.hashes[name] for other in known], dtype=np.uint64)
    apart: np.ndarray = np.bitwise_count(hashes ^ np.uint64(one[name]))
    return apart


def _widest(name: str, tried: Sequence[Tried], known: Sequence[Drawn]) -> int:
    """The widest distance at which no more uploads meet a drawn picture; -1 where none is."""
    least = np.array([_apart(one.hashes, known, name).min() for one in tried])
    return next(bits for bits in range(64, -2, -1) if (least <= bits).mean() <= MOST_FALSE)


def _print_false(kinds: Sequence[str], tried: Sequence[Tried]) -> None:
    table = Table("uploads that copy nothing", "how many", "false meetings", "at most (95 %)",
                  title="False meetings an upload")  # fmt: skip
    for kind in (*KINDS, "all"):
        some = [
            bool(one.near) for one, own in zip(tried, kinds, strict=True) if kind in (own, "all")
        ]
        table.add_row(kind, str(len(some)), str(sum(some)), f"{_upper(sum(some), len(some)):.3%}")
    console.print(table)
    reached = _upper(sum(bool(one.near) for one in tried), len(tried)) <= MOST_FALSE
    console.print(f"At most {MOST_FALSE:.1%} an upload: {'reached' if reached else 'not reached'}")


def _upper(count: int, of: int) -> float:
    """The upper bound of a share, one-sided, 95 %."""
    return float(binomtest(count, of).proportion_ci(0.9, "exact").high)


def _print_found(
    pool: ProcessPoolExecutor, file: Path, shots: Sequence[Shot], known: Sequence[Drawn],
    widest: dict[str, int], originals: int,
) -> None:  # fmt: skip
    photographs = [n for n, (kind, *_) in enumerate(shots) if kind in COPIED]
    chosen = np.random.default_rng(18).choice(photographs, min(originals, len(photographs)), False)
    table = Table("copies", "how many", "found", "file hash",
                  *(f"{name}, {bits} bits" for name, bits in widest.items()),
                  title="Share of copies whose original is found")  # fmt: skip
    every: list[list[bool]] = []
    for name in (SENT_AGAIN, *COPIES):
        jobs = [pool.submit(try_copy, file, shots[n], name, int(n)) for n in chosen]
        rows = [
            _hits(job.result(), int(n), known, widest) for job, n in zip(jobs, chosen, strict=True)
        ]
        table.add_row(name, str(len(rows)), *_shares(rows))
        every += rows
    table.add_row("all", str(len(every)), *_shares(every))
    console.print(table)


def _hits(one: Tried, original: int, known: Sequence[Drawn], widest: dict[str, int]) -> list[bool]:
    """Whether the original was found: by its patches, by the file's hash, by each other hash."""
    hashes = [bool(_apart(one.hashes, [known[original]], name)[0] <= bits)
              for name, bits in widest.items()]  # fmt: skip
    return [original in one.near, one.file_hash == known[original].file_hash, *hashes]


def _shares(rows: Sequence[Sequence[bool]]) -> list[str]:
    return [f"{share:.1%}" for share in np.mean(rows, axis=0)]


def _print_costs(tried: Sequence[Tried]) -> None:
    for what, seconds in (("read", [one.read_s for one in tried]),
                          ("compare", [one.compare_s for one in tried])):  # fmt: skip
        middle, high = np.quantile(seconds, (0.5, 0.99))
        console.print(
            f"{what}: {1000 * middle:.0f} ms of a processor, 99 % within {1000 * high:.0f}"
        )
    large = as_jpeg(picture("anything", 1, 1).resize((4_000, 3_000)), 90)
    reader = IsolatedReader()
    began = time.perf_counter()
    reader.read(large)
    first = time.perf_counter() - began
    reader.read(large)
    took = time.perf_counter() - began - first
    status = Path(f"/proc/{reader.process_id}/status").read_text()
    reader.close()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    console.print(f"a photo of 12 megapixels in the reader's process: {1000 * took:.0f} ms "
                  f"({first:.1f} s with its start), at most {peak / 1024:.0f} MB")  # fmt: skip


if __name__ == "__main__":
    typer.run(main)
