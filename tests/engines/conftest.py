"""A throw-away PostgreSQL cluster for the tests that need one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from risk.history.store import History
from tests.rendering import empty

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
OWNER = "postgres"


def _run(*command: str | Path) -> None:
    """PostgreSQL refuses to run as root: as its own user there, as oneself elsewhere."""
    user = OWNER if os.geteuid() == 0 else None
    done = subprocess.run([str(c) for c in command], user=user, capture_output=True, text=True,
                          check=False, cwd="/", stdin=subprocess.DEVNULL)  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """The folder of a running cluster's socket; it listens nowhere else."""
    if not BINARIES:
        pytest.skip("PostgreSQL is not installed")
    binaries, folder = BINARIES[-1], Path(tempfile.mkdtemp(prefix="pg"))
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    data, log = folder / "data", folder / "log"
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    try:
        _run(binaries / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        _run(binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            yield folder
        finally:
            _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql_url(cluster: Path) -> str:
    """The URL of an empty database."""
    return f"postgresql+psycopg://{OWNER}@/postgres?host={cluster}"


@pytest.fixture
def history(postgresql_url: str) -> Iterator[History]:
    """A store on PostgreSQL without a row."""
    opened = History.open(postgresql_url, "a secret for histories in tests")
    yield empty(opened)
    opened.close()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads that decide beside each other."""
    with ThreadPoolExecutor(4) as made:
        yield made
