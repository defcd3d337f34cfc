"""Processes that are measured: started, awaited, their processor time read, and stopped."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from urllib.error import URLError
from urllib.request import urlopen

from tests.bench.chaos.postgres import BINARIES, OWNER, Cluster

TICK = os.sysconf("SC_CLK_TCK")
PATIENCE_S = 300.0
TRAVERSE = stat.S_IXGRP | stat.S_IXOTH
NOTHING: Mapping[str, str] = MappingProxyType({})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def started(
    command: list[str], port: int, path: str, log: Path, environ: Mapping[str, str] = NOTHING
) -> Iterator[int]:
    """A process that serves on a port, once `path` answers; its id."""
    with log.open("ab") as told:
        process = subprocess.Popen(command, env={**os.environ, **environ}, stdout=told, stderr=told)
    try:
        _await(process, f"http://127.0.0.1:{port}{path}", log)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer; see {log}")


def processor_seconds(roots: list[int]) -> float:
    """Processor time (s) of these processes and all their descendants, the ended ones too."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(fields[1])
        ticks[int(entry.name)] = sum(int(field) for field in fields[11:15])
    return sum(n for pid, n in ticks.items() if _within(pid, roots, parents)) / TICK


def processor_ms(pid: int) -> float:
    """Processor time (ms) of one process and its threads, to the nanosecond: by its own clock."""
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e6


def _within(pid: int, roots: list[int], parents: Mapping[int, int]) -> bool:
    while pid > 1:
        if pid in roots:
            return True
        pid = parents.get(pid, 0)
    return False


def python(*arguments: str) -> list[str]:
    """A command of the Python that runs this."""
    return [sys.executable, *arguments]


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, int]]:
    """A PostgreSQL cluster that is kept in a folder: its URL and the postmaster's id.

    Run as root the folder belongs to PostgreSQL's own user, who may pass through the one it is in.
    """
    if not BINARIES:
        raise SystemExit("PostgreSQL is not installed")
    folder.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
        folder.parent.chmod(folder.parent.stat().st_mode | TRAVERSE)
    kept, data = Cluster(folder), folder / "data"
    if not data.exists():
        kept.make()
    kept.start()
    try:
        yield kept.url, int((data / "postmaster.pid").read_text().splitlines()[0])
    finally:
        kept.stop()
