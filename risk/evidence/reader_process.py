"""The process that reads and renders files: whatever a hostile one does, it happens here.

It knows no secret and no store, writes no file, and has a bound to its memory. The service does not
import it, and with it no library that decodes: `isolated_reader` starts it.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from risk.evidence.reader_frames import read_frame, write_frame
from risk.evidence.reading import UnreadableFile, playing, read_file, rendering

MEMORY = 2 << 30
"""Bytes of address space."""

TOO_LARGE = "a file that takes less memory to read"


def main() -> None:
    """Answer frames until the input ends; a file may take as many seconds of processor as the first
    argument says, then SIGPROF ends the process, wherever it is."""
    _confine()
    seconds = float(sys.argv[1])
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            task, content = read_frame(sys.stdin.buffer)
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, seconds)
        answer = _answer(task, content)
        signal.setitimer(signal.ITIMER_PROF, 0)
        write_frame(answers, *answer)


def _answer(task: Mapping[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        if task["task"] == "read":
            return {"record": asdict(read_file(content))}, b""
        shown = playing if task["task"] == "play" else rendering
        return {}, shown(content, task["media_type"], task["width"])
    except UnreadableFile as unreadable:
        return {"cause": unreadable.cause}, b""
    except MemoryError:
        return {"cause": TOO_LARGE}, b""
    except Exception as error:
        return {"cause": f"a whole file ({type(error).__name__})"}, b""


def _confine() -> None:
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
