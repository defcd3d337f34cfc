"""Bars say in words what is done and how long it takes, and all of them end."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from training.cli.progress_bars import progress_bars


def shown(*told: tuple[str, int, int | None], fails: bool = False) -> list[str]:
    """The bars as they stand when the work has ended."""
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    try:
        with progress_bars("train", console) as tell:
            for one in told:
                tell(*one)
            if fails:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


@pytest.mark.parametrize(
    "told",
    [
        [("learning", 3, 9), ("learning", 9, 9)],
        [("learning", 3, 9), ("registering", 0, None)],
        [("learning", 0, None), ("registering", 0, 1)],
        [("rows", 500, None), ("rows", 900, None)],
        [("nothing to do", 0, 0)],
    ],
)
def test_every_bar_ends(told: list[tuple[str, int, int | None]]) -> None:
    lines = shown(*told)
    assert len(lines) == len({what for what, _, _ in told})
    for line in lines:
        assert line.startswith("train: ")
        assert "100 %" in line
        assert " in 1 s" in line


def test_what_was_broken_off_is_not_told_as_done() -> None:
    assert "33 %" in shown(("learning", 3, 9), fails=True)[0]
