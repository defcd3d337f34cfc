"""Processes that serve together share a folder while they live, and leave together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from api.worker_folder import alive, sharing

LEAVING = "import asyncio, sys; from api.shared import leave_with; "
LEAVING += "asyncio.run(leave_with(int(sys.argv[1])))"
PARENT = f"""
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {LEAVING!r}, str(os.getpid())])
print(child.pid, flush=True)
time.sleep(60)
"""


def test_one_process_shares_with_nobody_and_leftovers_are_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    with sharing(1):
        assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with sharing(2):
        mine = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
        left = mine.with_name(f"refund-risk-numbers-{dead.pid}-left")
        left.mkdir()
        with monkeypatch.context() as inner:
            inner.delenv("PROMETHEUS_MULTIPROC_DIR")
            with sharing(2):
                assert not left.exists()
        assert mine.is_dir()
    assert not mine.exists()


def test_who_is_left_alone_leaves() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.send_signal(signal.SIGKILL)
    ended = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and "Z" not in _state(child):
        assert time.monotonic() < ended, "it stayed"


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
