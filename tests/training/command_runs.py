"""Runs of the command, and what a test asks of one that fails."""

from __future__ import annotations

from collections.abc import Callable

from typer.testing import Result

Run = Callable[..., Result]


def one_line(told: Result, *words: str) -> None:
    """It failed with one line that says what went wrong."""
    lines = [line for line in told.stderr.splitlines() if "error:" in line]
    assert told.exit_code == 1, told.output
    assert len(lines) == 1, told.stderr
    assert all(word in lines[0] for word in words), lines[0]
    assert told.exception is None or isinstance(told.exception, SystemExit)
