"""Reading files in a process of its own, which is ended when it takes too long, and made again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from threading import Event, Lock, Timer
from typing import Any

from risk.errors import Unavailable
from risk.evidence.reader_frames import read_frame, write_frame
from risk.evidence.reading.record import FileRecord, UnreadableFile

SECONDS = 8.0
"""So much of a processor a file may take; a film of many minutes takes two seconds."""

PATIENCE_S = 60.0
"""On a busy machine that takes longer; after so long the service is too busy to read it."""

_ENDED = "a file that the reader can finish"


class IsolatedReader:
    """Reads and renders one file at a time; its process starts with the first."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, content: bytes) -> FileRecord:
        """What is read of a file. Raises UnreadableFile."""
        head, _ = self._ask({"task": "read"}, content)
        return FileRecord(**head["record"])

    def render(self, content: bytes, media_type: str, width: int) -> bytes:
        """The picture to show of a file, encoded anew. Raises UnreadableFile."""
        task = {"task": "render", "media_type": media_type, "width": width}
        return self._ask(task, content)[1]

    def play(self, content: bytes, media_type: str, width: int) -> bytes:
        """A film as a moving picture, encoded anew. Raises UnreadableFile."""
        return self._ask({"task": "play", "media_type": media_type, "width": width}, content)[1]

    @property
    def process_id(self) -> int | None:
        """The id of the process, None where there is none: it has not begun, or was ended."""
        return None if self._process is None else self._process.pid

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _ask(self, task: Mapping[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        with self._lock:
            answered = self._try(task, content) or self._try(task, content)
        if answered is None:
            raise UnreadableFile(_ENDED)
        head, answer = answered
        if "cause" in head:
            raise UnreadableFile(head["cause"])
        return head, answer

    def _try(self, task: Mapping[str, Any], content: bytes) -> tuple[dict[str, Any], bytes] | None:
        """The answer; None where the process failed, which may have been an earlier file's fault.

        Raises UnreadableFile for what takes too much, Unavailable where the machine is too busy.
        """
        process, late = self._running(), Event()

        def stop() -> None:
            late.set()
            process.kill()

        watch = Timer(PATIENCE_S, stop)
        watch.start()
        try:
            return _exchange(process, task, content)
        except (OSError, EOFError):
            ended = self._end()
        finally:
            watch.cancel()
        if ended == -signal.SIGPROF:
            raise UnreadableFile(_ENDED)
        if late.is_set():
            raise Unavailable("too busy to read a file")
        return None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "risk.evidence.reader_process", str(self._seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
                cwd="/",
            )
        return self._process

    def _end(self) -> int | None:
        """End the process, where it has not ended by itself; answers how it ended."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        process.communicate()
        return process.returncode


def _exchange(
    process: subprocess.Popen[bytes], task: Mapping[str, Any], content: bytes
) -> tuple[dict[str, Any], bytes]:
    to, source = process.stdin, process.stdout
    assert to is not None
    assert source is not None
    write_frame(to, task, content)
    return read_frame(source)
