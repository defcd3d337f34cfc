"""How long work tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Called with what is done, how much of it so far, and of how much (None: not known)."""

    def __call__(self, what: str, done: int, total: int | None, /) -> None: ...


def sub_progress(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    """Reports the progress of one named part: how much is done of how much."""
    if progress is None:
        return None
    return lambda done, total: progress(what, done, total)
