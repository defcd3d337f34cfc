"""What the console's pages take, beside a nearly empty page of the same service.

A filled store, thousands of open cases, one reader on one connection, pages taking turns: the
service's processor time for each, and the time from sending a request to having its whole answer.
Run with `--quick` for a reading within minutes.
"""

from __future__ import annotations

import itertools
import re
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from statistics import median
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from tests.bench.reading import full
from tests.bench.reading.people import READER, log_in, name_in, zones
from tests.bench.under_load.processes import processor_ms

console = Console(width=110)


@dataclass(slots=True)
class Taken:
    """How long a page took, each time (ms), how much of that of the service's processor, and how
    large its last answer was (bytes)."""

    times: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    size: int = 0

    def time(self, http: httpx.Client, address: str, service: int) -> None:
        began, spent = time.perf_counter(), processor_ms(service)
        answer = http.get(address)
        self.times.append(1000 * (time.perf_counter() - began))
        self.processor.append(processor_ms(service) - spent)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}")
        self.size = len(answer.content)

    def quantile(self, share: float) -> float:
        return sorted(self.times)[min(int(share * len(self.times)), len(self.times) - 1)]


def main(
    facts: Annotated[int, typer.Option(help="Facts in the store.")] = 1_000_000,
    cases: Annotated[int, typer.Option(help="Open cases.")] = 10_000,
    rounds: Annotated[int, typer.Option(help="How often every page is read.")] = 150,
    folder: Annotated[
        Path | None, typer.Option(help="Keep the world here, and use it again.")
    ] = None,
    quick: Annotated[bool, typer.Option(help="50,000 facts, 1,000 cases, 40 rounds.")] = False,
) -> None:
    """Measure and print."""
    if quick:
        facts, cases, rounds = 50_000, 1_000, 40
    with (
        tempfile.TemporaryDirectory(prefix="console") as made,
        full.served(folder or Path(made), facts, cases) as (url, service, decided),
    ):
        taken = _read(url, service, decided, rounds)
    _show(taken, f"{facts:,} facts, {cases:,} open cases, {rounds} rounds")


def _read(url: str, service: int, decided: list[str], rounds: int) -> Mapping[str, Taken]:
    """Every page in turn, the case another one each time; then cases and overviews unseen yet."""
    taken: dict[str, Taken] = {}
    http = log_in(url, READER)
    pages = {
        "nearly empty page": itertools.repeat("/console/keys"),
        "queue": itertools.repeat("/console"),
        "queue, filtered": itertools.repeat("/console?tier=platform_intervention&ring=3"),
        "queue, second page": itertools.repeat(_second(http)),
        "search": (f"/console?q={name}" for name in itertools.cycle(decided)),
        "overview, kept": itertools.repeat("/console/overview"),
        "case": (f"/console/case?id={name}" for name in itertools.cycle(decided)),
    }
    fresh = Taken()
    for name in decided:
        fresh.time(http, f"/console/case?id={name}", service)
    for number in range(rounds + 3):
        for page, addresses in pages.items():
            found = taken.setdefault(page, Taken()) if number >= 3 else Taken()
            found.time(http, next(addresses), service)
    taken["case, first look"] = fresh
    taken["overview, made anew"] = Taken()
    for zone in zones():
        reader = log_in(url, name_in(zone))
        reader.get("/console/keys")
        taken["overview, made anew"].time(reader, "/console/overview", service)
    return taken


def _second(http: httpx.Client) -> str:
    """The address of the queue's second page."""
    found = re.search(r'rel="next" href="([^"]+)"', http.get("/console").text)
    return unescape(found[1]) if found else "/console"


def _show(taken: Mapping[str, Taken], settings: str) -> None:
    table = Table(title=settings, title_justify="left")
    for head in ("page", "ms of processor", "times the empty page", "ms, median", "p95",
                 "times the empty page", "KiB"):  # fmt: skip
        table.add_column(head, justify="left" if head == "page" else "right")
    empty = taken["nearly empty page"]
    least, quick = median(empty.processor), median(empty.times)
    for page, one in taken.items():
        own, middle = median(one.processor), median(one.times)
        table.add_row(page, f"{own:.1f}", f"{own / least:.1f}", f"{middle:.1f}",
                      f"{one.quantile(0.95):.1f}", f"{middle / quick:.1f}",
                      f"{one.size / 1024:.0f}")  # fmt: skip
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
