"""A disk that is full: a small file system of its own where that may be made, else a size limit."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

from tests.bench.chaos.load import Load, wait_for
from tests.bench.chaos.postgres import Cluster, cluster
from tests.bench.chaos.processes import Processes
from tests.bench.chaos.scenario import Place, Told, loaded
from tests.bench.chaos.small import ballast, mounted

ROOM = 8 << 20
"""Bytes left beside SQLite's store before it is filled."""

CLUSTER = 384 << 20
"""Bytes for a whole cluster, its log of writes with it."""


def full(place: Place, told: Told) -> None:
    """No byte left for the store under load, twice; then room again."""
    with _small_disk(place) as (small, fill):
        back = []
        with loaded(small, told) as (service, load):
            for _ in range(2):
                wait_for(load, 20)
                with fill(service):
                    told.hold(_refused(load, 10), "nobody was told 503")
                    service.wait_ready(10, status=503)
                    time.sleep(2)
                back.append(wait_for(load, 20))
            told.hold(service.wait_ready() < 5, "not ready again in 5 s")
    told.done += f"disk full twice under load; 20 answers {max(back):.1f} s after there was room"


def full_postgresql(place: Place, told: Told) -> None:
    """No byte left for a cluster, the second time not for its log of writes either; then room.

    The log full, PostgreSQL ends itself: it is started again, as its keeper would.
    """
    back, ended = [], 0
    with _small_cluster() as (small, folder):
        if small is None:
            told.skipped = "no file system may be mounted here"
            return
        with loaded(replace(place, url=place.world.on(small.url)), told) as (service, load):
            for log_too in (False, True):
                wait_for(load, 20)
                with ballast(folder):
                    told.hold(_refused(load, 10, 60), "nobody was told 503")
                    service.wait_ready(10, status=503)
                    if log_too:
                        small.exhaust()
                    time.sleep(2)
                ended += small.revive()
                back.append(wait_for(load, 20))
            told.hold(service.wait_ready() < 5, "not ready again in 5 s")
    told.done = (
        f"a cluster's disk full twice under load, which ended it {ended} ×; "
        f"20 answers {max(back):.1f} s after there was room"
    )


Fill = Callable[[Processes], AbstractContextManager[None]]


@contextmanager
def _small_disk(place: Place) -> Iterator[tuple[Place, Fill]]:
    """The same place with its store on a disk of its own, and what fills it."""
    folder = place.folder / "disk"
    room = (place.folder / "store.db").stat().st_size * 2 + ROOM
    with mounted(folder, room) as there:
        if there:
            small = replace(place, folder=folder, url=place.world.on_sqlite(folder))
            yield small, lambda _: ballast(folder)
        else:
            yield place, _limited


@contextmanager
def _small_cluster() -> Iterator[tuple[Cluster | None, Path]]:
    """A cluster on a disk of its own; none where nothing may be mounted."""
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        folder = Path(name)
        with mounted(folder, CLUSTER) as there:
            if not there:
                yield None, folder
                return
            with cluster(folder) as made:
                yield made, folder


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
