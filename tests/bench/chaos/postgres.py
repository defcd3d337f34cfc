"""A throw-away PostgreSQL cluster that can be stopped and started."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
OWNER = "postgres"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster with a socket in its folder, durable as PostgreSQL is by default."""

    folder: Path

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{OWNER}@/postgres?host={self.folder}"

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses="
        _run("pg_ctl", "-D", self._data, "-l", str(self.folder / "log"), "-w", "-o", options,
             "start")  # fmt: skip

    def stop(self, how: str = "fast") -> None:
        """`fast` breaks off what runs; `immediate` is a crash."""
        _run("pg_ctl", "-D", self._data, "-m", how, "-w", "stop")

    def exhaust(self) -> None:
        """Write into its log until that has no room either, which makes it end itself."""
        filler = "SELECT count(pg_logical_emit_message(false, 'filler', repeat('x', 1000000)))"
        asked = f"{filler} FROM generate_series(1, 16)"
        with contextlib.suppress(subprocess.CalledProcessError):
            while True:
                _run("psql", "-h", str(self.folder), "-U", OWNER, "-d", OWNER, "-c", asked)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs on this cluster."""
        _run(program, "-h", str(self.folder), "-U", OWNER, *arguments)

    def revive(self) -> bool:
        """Start it where it ended itself; whether it had."""
        try:
            _run("pg_ctl", "-D", self._data, "status")
        except subprocess.CalledProcessError:
            self.start()
            return True
        return False

    def make(self) -> None:
        _run("initdb", "-D", self._data, "-U", OWNER, "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync")  # fmt: skip

    @contextmanager
    def standby(self) -> Iterator[Cluster]:
        """A running standby that follows this cluster until the block ends."""
        with _own_folder(None) as folder:
            made = Cluster(folder)
            _run("pg_basebackup", "-h", str(self.folder), "-U", OWNER, "-D", made._data, "-R",
                 "-X", "stream", "-c", "fast")  # fmt: skip
            made.start()
            try:
                yield made
            finally:
                made.stop("immediate")

    @property
    def _data(self) -> str:
        return str(self.folder / "data")


def _run(program: str, *arguments: str) -> None:
    """PostgreSQL refuses to run as root: as its own user there, as oneself elsewhere."""
    with tempfile.TemporaryFile() as told:
        done = subprocess.run(
            [str(BINARIES[-1] / program), *arguments],
            user=OWNER if os.geteuid() == 0 else None,
            cwd="/",
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
        )
        if done.returncode:
            told.seek(0)
            failed = subprocess.CalledProcessError(done.returncode, program)
            failed.add_note(told.read().decode(errors="replace"))
            raise failed


@contextmanager
def cluster(within: Path | None = None) -> Iterator[Cluster | None]:
    """A running cluster until the block ends; None where PostgreSQL is not installed."""
    if not BINARIES:
        yield None
        return
    with _own_folder(within) as folder:
        made = Cluster(folder)
        try:
            made.make()
            made.start()
            yield made
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                made.stop("immediate")


@contextmanager
def _own_folder(within: Path | None) -> Iterator[Path]:
    """A folder of PostgreSQL's own user, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir=within))
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
