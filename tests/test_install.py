"""What `requirements/install.sh` says while it works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "requirements/install.sh"
STAND_IN = """#!/bin/sh
case "$*" in *--requirement*)
  exec 3<>"{gate}"
  echo "Installing collected packages: one, two"
  timeout 20 head -n 1 <&3 ;;
esac
"""
"""An interpreter that unpacks until somebody who read of it writes a line to the gate."""


def test_a_step_is_said_when_it_begins(tmp_path: Path) -> None:
    gate, python = tmp_path / "gate", tmp_path / "env/bin/python"
    os.mkfifo(gate)
    python.parent.mkdir(parents=True)
    python.write_text(STAND_IN.format(gate=gate))
    python.chmod(0o755)
    with subprocess.Popen(
        ["sh", SCRIPT, "serve", tmp_path / "env", "--editable"],
        env={**os.environ, "PYTHON": sys.executable}, stdout=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert any("unpacking them" in line for line in running.stdout)
        with os.fdopen(os.open(gate, os.O_WRONLY | os.O_NONBLOCK), "w") as waiting:
            waiting.write("read\n")
        assert "The environment is ready" in running.stdout.read()
    assert running.returncode == 0
