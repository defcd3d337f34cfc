"""A disk that is full: a small file system of its own where that may be made, else a size limit."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from chaos.load import Load, wait_for
from chaos.processes import Processes
from chaos.scenario import Place, Told, loaded

ROOM = 8 << 20
"""Bytes left beside the store before it is filled."""


def full(place: Place, told: Told) -> None:
    """No byte left for the store under load, twice; then room again."""
    with _small_disk(place) as (small, fill):
        back = []
        with loaded(small, told) as (service, load):
            for _ in range(2):
                wait_for(load, 20)
                with fill(service):
                    told.hold(_refused(load, 10), "nobody was told 503")
                    time.sleep(2)
                back.append(wait_for(load, 20))
            told.hold(service.wait_ready() < 5, "not ready again in 5 s")
    told.done += f"disk full twice under load; 20 answers {max(back):.1f} s after there was room"


Fill = Callable[[Processes], "contextmanager[None]"]


@contextmanager
def _small_disk(place: Place) -> Iterator[tuple[Place, Fill]]:
    """The same place with its store on a disk of its own, and what fills it."""
    folder = place.folder / "disk"
    folder.mkdir(exist_ok=True)
    room = (place.folder / "store.db").stat().st_size * 2 + ROOM
    mount = ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield place, _limited
        return
    try:
        yield replace(place, folder=folder, url=place.world.on_sqlite(folder)), _ballast(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _ballast(folder: Path) -> Fill:
    """Fill with a file that takes every byte the file system has, also those freed meanwhile."""

    @contextmanager
    def fill(_: Processes) -> Iterator[None]:
        file = folder / "ballast"
        with file.open("wb", buffering=0) as ballast:
            for size in (1 << 16, 1 << 12):
                try:
                    while True:
                        ballast.write(b"x" * size)
                except OSError:
                    continue
        try:
            yield
        finally:
            file.unlink()

    return fill


@contextmanager
def _limited(service: Processes) -> Iterator[None]:
    """Where nothing may be mounted: the workers' files may not grow."""
    store = service.log.parent / "store.db-wal"
    pids = service.worker_pids()
    size = store.stat().st_size if store.exists() else 0
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        for pid in pids:
            unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)


def _refused(load: Load, more: int, seconds: float = 20.0) -> bool:
    """Whether so many more calls were answered 503 in time."""
    began, goal = time.monotonic(), load.count("503") + more
    while load.count("503") < goal and time.monotonic() - began < seconds:
        time.sleep(0.05)
    return load.count("503") >= goal
