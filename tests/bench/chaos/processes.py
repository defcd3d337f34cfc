"""The service as its own processes: started as an operator would, and ended as nobody should."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

START_S = 90.0


@dataclass(slots=True)
class Processes:
    """`python -m api` with a number of workers, in a process group of its own."""

    environment: Mapping[str, str]
    log: Path
    workers: int = 2
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)
    """Seconds from each start to the first ready answer."""

    def __post_init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until a score would succeed. Raises TimeoutError."""
        began = time.monotonic()
        command = [sys.executable, "-m", "api", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--workers", str(self.workers)],
                env={**os.environ, **self.environment},
                cwd=self.log.parent,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_ready()
        self.starts.append(time.monotonic() - began)

    def wait_ready(self, seconds: float = START_S, status: int = 200) -> float:
        """Seconds until `/readyz` answers `status`. Raises TimeoutError."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.ready() == status:
                return time.monotonic() - began
            time.sleep(0.05)
        raise TimeoutError(f"/readyz did not answer {status} in {seconds:g} s")

    def ready(self) -> int:
        """What `/readyz` answers now; 0 for nothing."""
        try:
            return httpx.get(self.url + "/readyz", timeout=5).status_code
        except httpx.TransportError:
            return 0

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def worker_pids(self) -> list[int]:
        """The processes that answer: the children that serve, or the only process."""
        if self.workers == 1:
            return [self.pid]
        pids = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(pid) for pid in pids if b"spawn_main" in _command(pid)]

    def kill_worker(self, which: int) -> bool:
        """`kill -9` one worker; False where none was there to kill."""
        pids = self.worker_pids()
        if not pids:
            return False
        os.kill(pids[which % len(pids)], signal.SIGKILL)
        return True

    def kill(self) -> None:
        """`kill -9` everything at once."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def kill_supervisor(self, seconds: float = 60.0) -> float:
        """`kill -9` only the process that keeps the others; seconds until those have left too."""
        assert self._process is not None
        left, began = self.worker_pids(), time.monotonic()
        os.kill(self.pid, signal.SIGKILL)
        self._process.wait()
        while any(_command(str(pid)) for pid in left):
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"the workers did not leave in {seconds:g} s")
            time.sleep(0.05)
        return time.monotonic() - began

    def stop(self) -> None:
        """End it as an operator does; kill what does not end."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()

    def said(self) -> str:
        """Everything it logged."""
        return self.log.read_text(errors="replace")


def _command(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@contextmanager
def serving(environment: Mapping[str, str], folder: Path, workers: int = 2) -> Iterator[Processes]:
    """A service until the block ends, however it ends."""
    processes = Processes(environment, folder / "service.log", workers)
    try:
        processes.start()
        yield processes
        processes.stop()
    finally:
        processes.kill()
