"""A long measurement that is killed goes on where it was: in a real process, by a real signal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.whole


def started(file: Path) -> subprocess.Popen[str]:
    words = ["--worlds", "2", "--refunds", "300", "--jobs", "1", "--file", str(file)]
    command = [sys.executable, "-m", "tests.bench.promise", *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_killed_measurement_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "promise.jsonl"
    with started(file) as first:
        assert first.stdout is not None
        for line in first.stdout:
            if "is measured" in line:
                first.kill()
                break
    before = file.read_bytes()
    assert len(before.splitlines()) == 1
    with started(file) as again:
        said, _ = again.communicate()
    assert again.returncode == 0, said
    assert "1 of 2 worlds are in" in said
    assert said.count("is measured") == 1
    assert file.read_bytes().startswith(before)
    assert len(file.read_bytes().splitlines()) == 2
