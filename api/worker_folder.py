"""What the processes of one service share: a folder for their numbers, and an end.

The folder lies in memory where the machine has a place for that: a full disk must not end a
process whose numbers are mapped into its memory.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus-client looks for the folder, when it is first imported."""

EVERY_S = 1.0
_NAME = "refund-risk-numbers-"
_MEMORY = Path("/dev/shm")


def shared_folder() -> Path | None:
    """The folder this process shares; None where it serves alone."""
    given = os.environ.get(FOLDER)
    return Path(given) if given else None


def alive(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def exit_with_parent(parent: int) -> None:
    """End this process in good order once the one that started it is gone.

    Left alone it would hold the port, and whoever is started next could not have it.
    """
    while os.getppid() == parent:
        await asyncio.sleep(EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)


def end_within(seconds: float) -> None:
    """End this process after so many seconds, if it has not ended by then: a thread that parses or
    waits for the store cannot be stopped."""
    last = threading.Timer(seconds, os._exit, (1,))
    last.daemon = True
    last.start()


@contextmanager
def sharing(workers: int) -> Iterator[None]:
    """Let the processes that are started in the block share their numbers, if they are several."""
    if workers == 1 or FOLDER in os.environ:
        yield
        return
    place = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    _sweep(place)
    with tempfile.TemporaryDirectory(prefix=f"{_NAME}{os.getpid()}-", dir=place) as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


def _sweep(place: Path) -> None:
    """Remove what services left behind that had no time to do it themselves."""
    for left in place.glob(_NAME + "*"):
        pid = left.name.removeprefix(_NAME).partition("-")[0]
        if pid.isdecimal() and not alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)
