"""How long work tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with what is done, how much of it so far, and of how much (None: not known)."""

    def __call__(self, what: str, done: int, total: int | None, /) -> None: ...
